"""The settings file edited without a trace elsewhere, or not at all."""

import os
import stat
import sys
import threading
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from app.home import Home
from app.settings import ConfigError, EditError, Settings, SettingsFile
from app.toml.edits import Assign, Edit, Remove, TomlEditError, edited

EXAMPLE = files("resources").joinpath("config.example.toml").read_bytes()
BROKEN = b"[server]\nport = 'x'\nhosts = 1\n"
NO_ROOT = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not stop this user"
)


@pytest.fixture
def settings_file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(Home(tmp_path / "tierwise-home"))


def write(file: SettingsFile, content: bytes) -> None:
    file.path.parent.mkdir(exist_ok=True)
    file.path.write_bytes(content)


def test_a_switch_changes_its_line_and_no_other(settings_file: SettingsFile) -> None:
    write(settings_file, EXAMPLE)

    loaded = settings_file.set(("routing", "enabled"), False)

    assert not loaded.settings.routing.enabled
    old, new = EXAMPLE.splitlines(), settings_file.path.read_bytes().splitlines()
    assert [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]] == [
        (old[11], old[11].replace(b"enabled = true ", b"enabled = false "))
    ]
    assert loaded == settings_file.load()


def test_an_absent_file_is_made_private(settings_file: SettingsFile) -> None:
    settings_file.set(("providers", "my.host", "enabled"), False)

    assert settings_file.path.read_bytes() == b'[providers."my.host"]\nenabled = false\n'
    if sys.platform != "win32":
        assert stat.S_IMODE(settings_file.path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_home_that_is_made_by_an_edit_is_private(tmp_path: Path) -> None:
    home = Home(tmp_path / "new" / "home")
    SettingsFile(home).set(("ui", "theme"), "dark")
    assert [stat.S_IMODE(each.stat().st_mode) for each in (home.root, home.run)] == [0o700, 0o700]


def test_unsetting_brings_the_default_back(settings_file: SettingsFile) -> None:
    write(settings_file, b"[server]\nport = 5000 # mine\n")

    assert settings_file.unset(("server", "port")).settings == Settings()
    assert settings_file.path.read_bytes() == b"[server]\n"


def test_several_edits_are_one(settings_file: SettingsFile) -> None:
    write(settings_file, b"[[rules]]\nname = 'x'\ntier = 'SIMPLE'\n")
    services = [{"provider": "a", "model": "b", "weight": 2}]

    settings_file.edit(Remove(("rules", 0, "tier")), Assign(("rules", 0, "services"), services))

    assert settings_file.path.read_bytes() == (
        b'[[rules]]\nname = \'x\'\nservices = [{ provider = "a", model = "b", weight = 2 }]\n'
    )


def test_byte_order_mark_line_ends_and_mode_survive(settings_file: SettingsFile) -> None:
    write(settings_file, "\ufeff# ü\r\n[server]\r\nport = 1".encode())
    settings_file.path.chmod(0o640)

    settings_file.set(("server", "max_body_mb"), 8)

    assert settings_file.path.read_bytes() == "\ufeff# ü\r\n[server]\r\nport = 1\r\nmax_body_mb = 8".encode()
    if sys.platform != "win32":
        assert stat.S_IMODE(settings_file.path.stat().st_mode) == 0o640


def test_a_link_stays_a_link(settings_file: SettingsFile, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    target.write_bytes(EXAMPLE)
    settings_file.path.parent.mkdir()
    settings_file.path.symlink_to(target)

    settings_file.set(("server", "port"), 5000)

    assert settings_file.path.is_symlink()
    assert b"port = 5000" in target.read_bytes()


@pytest.mark.parametrize("content", [BROKEN, b"[server\n", b"\xff"])
def test_a_broken_file_is_never_edited(settings_file: SettingsFile, content: bytes) -> None:
    write(settings_file, content)

    with pytest.raises(ConfigError):
        settings_file.set(("routing", "enabled"), False)

    assert settings_file.path.read_bytes() == content


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (Assign(("server", "port"), 70000), ConfigError),
        (Assign(("server", "prot"), 1), ConfigError),
        (Assign(("routes", 9, "strict"), True), TomlEditError),
    ],
)
def test_an_edit_that_would_break_the_file_is_refused(
    settings_file: SettingsFile, edit: Edit, error: type[Exception]
) -> None:
    write(settings_file, EXAMPLE)

    with pytest.raises(error):
        settings_file.edit(Assign(("routing", "enabled"), False), edit)

    assert settings_file.path.read_bytes() == EXAMPLE


def test_an_edit_that_changes_nothing_writes_nothing(settings_file: SettingsFile) -> None:
    write(settings_file, EXAMPLE)
    before = settings_file.path.stat()

    settings_file.set(("server", "port"), 4517)

    assert settings_file.path.stat() == before


def meanwhile(monkeypatch: pytest.MonkeyPatch, action: Callable[[], None]) -> None:
    """Let somebody else act between the reading and the writing of an edit."""

    def interrupted(text: str, edits: tuple[Edit, ...]) -> str:
        action()
        return edited(text, edits)

    monkeypatch.setattr("app.toml.steps.edited", interrupted)


def test_a_change_by_somebody_else_is_kept(
    settings_file: SettingsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(settings_file, b"[server]\nport = 1\n")
    others = iter([b"[server]\nport = 1\n# mine\n"])
    meanwhile(monkeypatch, lambda: write(settings_file, next(others, settings_file.path.read_bytes())))

    settings_file.set(("server", "port"), 2)

    assert settings_file.path.read_bytes() == b"[server]\nport = 2\n# mine\n"


def test_a_file_that_never_rests_is_given_up(
    settings_file: SettingsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(settings_file, b"")
    meanwhile(monkeypatch, lambda: write(settings_file, settings_file.path.read_bytes() + b"# more\n"))

    with pytest.raises(EditError, match="written by another program"):
        settings_file.set(("server", "port"), 2)


@NO_ROOT
def test_a_file_that_cannot_be_written_is_named(settings_file: SettingsFile) -> None:
    write(settings_file, EXAMPLE)
    settings_file.path.parent.chmod(0o500)
    try:
        with pytest.raises(EditError, match="cannot be written: Permission denied"):
            settings_file.set(("server", "port"), 2)
    finally:
        settings_file.path.parent.chmod(0o700)


def test_edits_from_many_threads_all_arrive(settings_file: SettingsFile) -> None:
    threads = [
        threading.Thread(target=settings_file.set, args=(("providers", f"p{number}", "kind"), "ollama"))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert settings_file.load().settings.providers.keys() == {f"p{number}" for number in range(8)}
