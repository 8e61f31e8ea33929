"""Changes of the settings file are told, also those that come early and those that could not be read."""

import threading
from importlib.resources import files
from pathlib import Path

import pytest

import app.settings
from app.configuration.document import UnreadableError
from app.configuration.problem import Problem
from app.home import Home
from app.settings import ConfigError, Loaded, SettingsFile

EXAMPLE = files("resources").joinpath("config.example.toml").read_bytes()


@pytest.fixture
def settings_file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(Home(tmp_path / "tierwise-home"))


def write(file: SettingsFile, content: bytes) -> None:
    file.path.parent.mkdir(exist_ok=True)
    file.path.write_bytes(content)


def test_a_change_is_reported_and_can_be_loaded(settings_file: SettingsFile) -> None:
    changed = threading.Event()
    seen: list[Loaded] = []

    def on_change() -> None:
        seen.append(settings_file.load())
        changed.set()

    watch = settings_file.watch(on_change, interval=0.01)
    write(settings_file, b"[server]\nport = 5000\n")

    assert changed.wait(10)
    watch.stop()
    assert seen[-1].settings.server.port == 5000


def test_a_change_between_the_watch_and_the_first_load_is_reported(settings_file: SettingsFile) -> None:
    write(settings_file, b"[server]\nport = 5000\n")
    changed = threading.Event()

    watch = settings_file.watch(changed.set, interval=0.01)
    write(settings_file, b"[server]\nport = 50001\n")
    settings_file.load_at_start()

    assert changed.wait(10)
    watch.stop()


def test_a_file_that_could_not_be_read_is_reported_again(
    settings_file: SettingsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(settings_file, EXAMPLE)
    settings_file.load()
    reported = threading.Event()
    watch = settings_file.watch(reported.set, interval=0.01)

    def held(file: Path) -> bytes:
        raise UnreadableError([Problem(file, "cannot be read")])

    with monkeypatch.context() as holding:
        holding.setattr(app.settings, "read_bytes", held)
        with pytest.raises(ConfigError):
            settings_file.load()

    assert reported.wait(10)
    assert settings_file.load().origin == "file"
    watch.stop()
