"""Key and table: both or neither, whatever fails in between and whenever Ctrl+C is pressed."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import keyring.errors
import pytest

from app.home import Home
from app.keyring.state import KeyringUnavailableError
from app.keyring.store import Keyring
from app.providers.carrying_out import LeftBehindError, carry_out, drop, take_out
from app.providers.planning import ExistsError, KeysChangedError, Plan, planned
from app.providers.storing import NoKeyringError, stored_already
from app.providers.wish import KeySource, Wish
from app.settings import ConfigError, Loaded, Settings, SettingsFile, Wanted
from app.toml.edits import Assign, Remove
from proxy.secret import Secret
from tests.app.keyring.backends import CappedBackend, MemoryBackend, keyring_on, locked, no_keyring

NAME = ("tierwise", "provider/anthropic")
TABLE = '[providers.anthropic]\nkind = "anthropic"\nkey = "keyring"\n'


class Disturbed(SettingsFile):
    """Something happens just before the file is written."""

    def __init__(self, home: Home, disturb: Callable[[], None]) -> None:
        super().__init__(home)
        self._disturb = disturb

    def edit_by(self, wanted: Wanted) -> Loaded:
        self._disturb()
        return super().edit_by(wanted)


def press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def add(file: SettingsFile, store: Keyring) -> Loaded:
    return carry_out(planned(Wish(name="anthropic"), Settings()), Secret("sk-new"), file, store)


def test_the_key_is_in_the_keyring_and_the_table_in_the_file(tmp_path: Path) -> None:
    backend = MemoryBackend()
    loaded = add(SettingsFile(Home(tmp_path)), keyring_on(backend))
    assert "anthropic" in loaded.settings.providers
    assert (tmp_path / "config.toml").read_text() == TABLE
    assert backend.values == {NAME: "sk-new"}


@pytest.mark.parametrize("before", [{}, {NAME: "sk-old"}])
def test_a_file_that_cannot_be_changed_leaves_the_keyring_as_it_was(
    tmp_path: Path, before: dict[tuple[str, str], str]
) -> None:
    backend = MemoryBackend()
    backend.values = dict(before)
    (tmp_path / "config.toml").write_text("broken")
    with pytest.raises(ConfigError):
        add(SettingsFile(Home(tmp_path)), keyring_on(backend))
    assert backend.values == before
    assert (tmp_path / "config.toml").read_text() == "broken"


def test_ctrl_c_between_key_and_table_waits_until_both_are_there(tmp_path: Path) -> None:
    backend = MemoryBackend()
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        add(Disturbed(Home(tmp_path), press_ctrl_c), keyring_on(backend))
    assert (tmp_path / "config.toml").read_text() == TABLE
    assert backend.values == {NAME: "sk-new"}
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_while_the_key_is_stored_leaves_neither(tmp_path: Path) -> None:
    class Interrupted(Keyring):
        def put_blocking(self, name: str, secret: Secret, timeout: float = 1) -> None:
            super().put_blocking(name, secret, timeout)
            press_ctrl_c()

    backend = MemoryBackend()
    store = keyring_on(backend)
    interrupted = Interrupted(store._thread, store._choose)
    with pytest.raises(KeyboardInterrupt):
        add(SettingsFile(Home(tmp_path)), interrupted)
    assert backend.values == {}
    assert not (tmp_path / "config.toml").exists()


def test_a_keyring_that_refuses_the_key_leaves_the_file_alone(tmp_path: Path) -> None:
    class ReadOnly(MemoryBackend):
        def set_password(self, service: str, username: str, password: str) -> None:
            raise keyring.errors.KeyringLocked

    with pytest.raises(KeyringUnavailableError, match="locked"):
        add(SettingsFile(Home(tmp_path)), keyring_on(ReadOnly()))
    assert not (tmp_path / "config.toml").exists()


@pytest.mark.parametrize("store", [no_keyring(), keyring_on(locked())], ids=["none", "locked"])
def test_without_a_keyring_the_environment_is_named_as_the_way(tmp_path: Path, store: Keyring) -> None:
    with pytest.raises(NoKeyringError, match="--key-env"):
        add(SettingsFile(Home(tmp_path)), store)
    assert not (tmp_path / "config.toml").exists()


def test_an_entry_that_cannot_be_read_is_replaced(tmp_path: Path) -> None:
    backend = CappedBackend(100)
    broken = keyring_on(backend, limit=100)
    broken.put_blocking("provider/anthropic", Secret("sk-old" * 100))
    backend.values.pop(next(name for name in backend.values if name != NAME))
    assert stored_already("provider/anthropic", broken) is None
    add(SettingsFile(Home(tmp_path)), broken)
    assert broken.get_blocking("provider/anthropic") == Secret("sk-new")


def test_keys_are_dropped_and_one_that_cannot_be_is_told() -> None:
    backend = MemoryBackend()
    backend.values = {NAME: "sk-old"}
    drop("anthropic", ("provider/anthropic", "provider/anthropic/none"), keyring_on(backend))
    assert backend.values == {}
    drop("anthropic", ("provider/anthropic",), no_keyring())
    with pytest.raises(LeftBehindError, match="provider/anthropic of the service tierwise"):
        drop("anthropic", ("provider/anthropic",), keyring_on(locked()))


def key_of(variable: str, file: SettingsFile) -> Plan:
    wish = Wish(name="a", source=KeySource.ENVIRONMENT, variable=variable)
    return planned(wish, file.load().settings)


def test_a_key_that_came_between_plan_and_deed_stays(tmp_path: Path) -> None:
    file = SettingsFile(Home(tmp_path))
    file.set(("providers", "a"), {"kind": "openai", "key": "env:FIRST"})
    mine, other = key_of("MINE", file), key_of("OTHER", file)
    carry_out(other, None, SettingsFile(Home(tmp_path)), no_keyring())
    loaded = carry_out(mine, None, file, no_keyring())
    assert loaded.settings.providers["a"].keys == ("env:FIRST", "env:OTHER", "env:MINE")


def test_a_provider_that_came_between_plan_and_deed_stays(tmp_path: Path) -> None:
    file = SettingsFile(Home(tmp_path))
    wish = Wish(name="a", kind="openai", source=KeySource.ENVIRONMENT, variable="MINE")
    plan = planned(wish, file.load().settings)
    file.set(("providers", "a"), {"kind": "anthropic", "key": "env:OTHER"})
    before = file.path.read_bytes()
    with pytest.raises(ExistsError, match="There is a provider a already"):
        carry_out(plan, None, file, no_keyring())
    assert file.path.read_bytes() == before


def test_a_provider_that_became_another_one_gets_no_key(tmp_path: Path) -> None:
    backend, file = MemoryBackend(), SettingsFile(Home(tmp_path))
    plan = planned(Wish(name="anthropic"), file.load().settings)
    file.set(("providers", "anthropic"), {"kind": "anthropic", "key": "keyring"})
    with pytest.raises(KeysChangedError, match="anthropic was changed meanwhile"):
        carry_out(plan, Secret("sk-new"), file, keyring_on(backend))
    assert backend.values == {}


def test_a_key_that_came_just_before_the_table_went_is_told_too(tmp_path: Path) -> None:
    other = SettingsFile(Home(tmp_path))
    other.set(("providers", "a"), {"kind": "openai", "key": "keyring"})

    def second_key() -> None:
        other.edit(
            Assign(("providers", "a", "keys"), ["keyring", "keyring:second"]),
            Remove(("providers", "a", "key")),
        )

    settings, stored = take_out("a", Disturbed(Home(tmp_path), second_key))
    assert "a" not in settings.providers
    assert stored == ("provider/a", "provider/a/second")
