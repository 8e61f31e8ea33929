"""Providers and keys as windows handle them: into the keyring and config.toml, and in force at once."""

import asyncio
from pathlib import Path

import pytest

from app.desk.changes import Change
from app.desk.errors import DeskError
from app.providers.key_state import KeyKind
from app.providers.wish import KeySource, Wish
from proxy.secret import Secret
from tests.app.desk.stage import CONFIG, Heard, desk_over
from tests.app.keyring.backends import GatedBackend, MemoryBackend, keyring_on, no_keyring

KEY = Secret("sk-canary-4711")


async def test_a_preset_is_added_with_its_key_and_is_in_force(tmp_path: Path) -> None:
    backend = MemoryBackend()
    async with desk_over(tmp_path, keyring=keyring_on(backend)) as desk:
        heard = Heard(desk)
        row = await desk.providers.add(Wish(name="deepseek"), KEY)
        await heard.until(Change.SETTINGS)
        assert (row.name, [key.kind for key in row.keys], row.missing) == ("deepseek", [KeyKind.STORED], "")
        assert "deepseek" in desk.settings.providers
        assert next(each for each in await desk.providers.presets() if each["id"] == "deepseek")["added"]
    assert "[providers.deepseek]" in (tmp_path / "config.toml").read_text()
    assert KEY.reveal() not in (tmp_path / "config.toml").read_text()


async def test_space_around_a_pasted_key_is_no_part_of_it_and_space_within_is_refused(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        await desk.providers.add(Wish(name="anthropic", replaces=True), Secret(f" {KEY.reveal()}\n"))
        assert await desk.program.keyring.get("provider/anthropic") == KEY
        with pytest.raises(DeskError, match="white space"):
            await desk.providers.add(Wish(name="anthropic", replaces=True), Secret("not a key"))
        assert await desk.program.keyring.get("provider/anthropic") == KEY


async def test_a_key_is_replaced_and_a_further_one_added(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        keyring = desk.program.keyring
        (before,) = [row for row in await desk.providers.rows() if row.name == "anthropic"]
        assert [key.kind for key in before.keys] == [KeyKind.MISSING]
        await desk.providers.add(Wish(name="anthropic", replaces=True), KEY)
        assert await keyring.get("provider/anthropic") == KEY
        await desk.providers.add(Wish(name="anthropic", replaces=True), Secret("sk-other"))
        assert await keyring.get("provider/anthropic") == Secret("sk-other")
        row = await desk.providers.add(Wish(name="anthropic", label="work"), KEY)
        assert [key.form for key in row.keys] == ["keyring", "keyring:work"]
        assert await keyring.get("provider/anthropic/work") == KEY


async def test_a_provider_is_removed_with_its_keys_and_what_names_it_is_told(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        await desk.providers.add(Wish(name="anthropic", replaces=True), KEY)
        removed = await desk.providers.remove("anthropic")
        assert "tiers.COMPLEX.services[0]" in removed.still_named_by
        assert "anthropic" not in desk.settings.providers
        assert await desk.program.keyring.get("provider/anthropic") is None


@pytest.mark.parametrize(
    ("wish", "key", "word"),
    [
        (Wish(name="deepseek"), None, "is wanted"),
        (Wish(name="nobody-knows"), KEY, "no preset"),
        (Wish(name="anthropic", kind="openai"), KEY, "already"),
        (Wish(name="x", kind="openai-compatible"), KEY, "address"),
        (
            Wish(name="x", source=KeySource.ENVIRONMENT, variable="sk-0123456789012345678901"),
            None,
            "variable",
        ),
    ],
)
async def test_what_cannot_be_added_changes_nothing_and_says_why(
    tmp_path: Path, wish: Wish, key: Secret | None, word: str
) -> None:
    async with desk_over(tmp_path) as desk:
        with pytest.raises(DeskError, match=word):
            await desk.providers.add(wish, key)
        assert desk.program.home.config.read_text() == CONFIG


async def test_without_a_keyring_a_key_has_nowhere_to_go_and_states_are_unknown(tmp_path: Path) -> None:
    async with desk_over(tmp_path, keyring=no_keyring()) as desk:
        with pytest.raises(DeskError, match="keyring"):
            await desk.providers.add(Wish(name="deepseek"), KEY)
        assert "deepseek" not in desk.program.home.config.read_text()
        (row,) = [row for row in await desk.providers.rows() if row.name == "anthropic"]
        assert [key.kind for key in row.keys] == [KeyKind.UNKNOWN]


async def test_a_keyring_that_waits_for_its_user_does_not_hold_the_loop(tmp_path: Path) -> None:
    backend = GatedBackend()
    async with desk_over(tmp_path, keyring=keyring_on(backend)) as desk:
        asked = asyncio.create_task(desk.providers.rows())
        assert (await desk.logs())["rows"] == []
        assert not asked.done()
        backend.gate.set()
        assert len(await asked) == 3


async def test_what_nobody_waits_for_any_more_is_still_carried_out_whole(tmp_path: Path) -> None:
    backend = GatedBackend()
    async with desk_over(tmp_path, keyring=keyring_on(backend)) as desk:
        heard = Heard(desk)
        adding = asyncio.create_task(desk.providers.add(Wish(name="deepseek"), KEY))
        await asyncio.to_thread(backend.entered.wait, 5)
        adding.cancel()
        await asyncio.gather(adding, return_exceptions=True)
        assert adding.cancelled()
        backend.gate.set()
        await heard.until(Change.SETTINGS)
        assert "deepseek" in desk.settings.providers
        assert await desk.program.keyring.get("provider/deepseek") == KEY


async def test_tiers_tell_what_keeps_their_services_from_being_asked(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        tiers = {each["tier"]: each for each in await desk.providers.tiers()}
    assert tiers["SIMPLE"]["services"][0]["can_be_asked"]
    assert "switched off" in tiers["MEDIUM"]["services"][0]["missing"]
    assert "key is missing" in tiers["COMPLEX"]["services"][0]["missing"]
    assert tiers["MEDIUM"]["answered_by"] == "COMPLEX"


async def test_over_a_recorded_home_nobody_is_asked(tmp_path: Path) -> None:
    config = f'{CONFIG}\n[providers.here]\nkind = "openai-compatible"\nbase_url = "http://127.0.0.1:9/v1"\n'
    async with desk_over(tmp_path, config=config) as desk:
        with pytest.raises(DeskError, match="does not run here"):
            await anext(desk.providers.test("here"))
        assert (await desk.providers.models("ollama"))[0]["model"] == "qwen3-coder:30b"
        assert all(each["error"] is None for each in (await desk.quota(refresh=True))["providers"])
