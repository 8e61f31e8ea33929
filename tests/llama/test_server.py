"""The runner starts the server it was asked for, notices another, and leaves nothing behind."""

from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.llama import server as runner
from tests.llama.asking import get
from tests.llama.fixtures import need_llama
from tests.llama.server import NotServingError, llama_server


async def test_a_server_with_a_key_lets_nobody_else_in(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, alias="guarded", api_key="k") as server:
        assert (await get(server, "/health")).status == 200
        assert (await get(server, "/props")).status == 401
        child = psutil.Process(server.process.pid)
    assert not child.is_running()


async def test_it_is_started_as_it_is_told(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, slots=3, context=3072, prefix="/here") as server:
        props = (await get(server, "/props")).json
        assert (props["total_slots"], props["default_generation_settings"]["n_ctx"]) == (3, 1024)
        bare = replace(server, url=server.url.removesuffix("/here"))
        assert (await get(bare, "/props")).status == 404


async def test_slots_that_share_the_context_all_have_the_whole_of_it(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, slots=3, context=3072, sharing="whole") as server:
        assert [slot["n_ctx"] for slot in (await get(server, "/slots")).json] == [3072] * 3


async def test_a_template_of_its_own_replaces_the_one_of_the_model(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, template="{{ messages[0].content }}") as server:
        props = (await get(server, "/props")).json
        assert props["chat_template_caps"]["supports_tools"] is False


async def test_two_serve_at_the_same_time_each_under_its_own_name(tmp_path: Path) -> None:
    need_llama()
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    with llama_server(folders[0], alias="one") as one, llama_server(folders[1], alias="other") as other:
        names = [(await get(server, "/props")).json["model_alias"] for server in (one, other)]
    assert names == ["one", "other"]


async def test_one_that_was_killed_is_followed_by_another_on_its_port(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path) as server:
        server.kill()
        assert not server.is_alive
        with llama_server(tmp_path, port=server.port) as again:
            assert again.url == server.url
            assert (await get(again, "/health")).status == 200


def test_another_server_at_the_address_is_noticed(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path) as server, pytest.raises(NotServingError, match="Another server"):
        runner._check(replace(server, alias="mine"), None)


def test_a_model_it_cannot_read_is_reported_with_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_llama()
    monkeypatch.setattr(runner, "write_model", lambda path: path.write_bytes(b"not a model"))
    with pytest.raises(NotServingError, match=r"tiny\.gguf"), llama_server(tmp_path):
        pass


def test_the_server_ends_with_whoever_started_it(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path) as server:
        server.process.stdin.close()  # type: ignore[union-attr] # it has one, which a dying parent closes
        assert server.process.wait(runner.END_SECONDS) == 0
