"""The settings file loaded, and survived when it is broken or cannot be read."""

import os
import stat
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from app.home import Home
from app.settings import ConfigError, Settings, SettingsFile

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


# Loading


def test_the_example_loads_without_a_remark(settings_file: SettingsFile) -> None:
    write(settings_file, EXAMPLE)

    loaded = settings_file.load()

    assert loaded.notices == ()
    assert loaded.origin == "file"
    assert loaded.settings.tiers["SIMPLE"].services[1].params == {"effort": "low"}
    assert loaded.settings.providers["work-azure"].secret_names("work-azure") == ("env:AZURE_OPENAI_API_KEY",)
    assert loaded.settings.ui.close_to_tray


@pytest.mark.parametrize("content", [None, b"", b"\n\n", "\ufeff".encode()])
def test_an_absent_or_empty_file_means_the_defaults(
    settings_file: SettingsFile, content: bytes | None
) -> None:
    if content is not None:
        write(settings_file, content)

    loaded = settings_file.load_at_start()

    assert loaded.settings == Settings()
    assert loaded.origin == "defaults"
    assert not settings_file.last_good.exists()


def test_equal_content_has_an_equal_version(settings_file: SettingsFile) -> None:
    write(settings_file, b"version = 1\n")
    first = settings_file.load()
    write(settings_file, b"version = 1 # the same in other words\n")
    second = settings_file.load()
    write(settings_file, b"version = 1\n")

    assert first.settings == second.settings
    assert first.version != second.version
    assert settings_file.load() == first


# The last good configuration


def test_a_broken_file_at_a_start_means_the_last_good_one(settings_file: SettingsFile) -> None:
    write(settings_file, b"[server]\nport = 5000\n")
    settings_file.load_at_start()
    write(settings_file, BROKEN)

    loaded = settings_file.load_at_start()

    assert loaded.settings.server.port == 5000
    assert loaded.origin == "last_good"
    assert loaded.source == settings_file.last_good
    assert [problem.key for problem in loaded.problems] == ["server.port", "server.hosts"]


def test_a_broken_file_without_a_last_good_one_stops_the_start(settings_file: SettingsFile) -> None:
    write(settings_file, BROKEN)

    with pytest.raises(ConfigError, match="hosts") as error:
        settings_file.load_at_start()

    assert error.value.exit_code == 2
    assert len(error.value.problems) == 2


def test_a_broken_last_good_one_is_of_no_use(settings_file: SettingsFile) -> None:
    write(settings_file, BROKEN)
    settings_file.last_good.parent.mkdir()
    settings_file.last_good.write_bytes(BROKEN)

    with pytest.raises(ConfigError) as error:
        settings_file.load_at_start()

    assert {problem.file for problem in error.value.problems} == {settings_file.path}


def test_a_reload_never_falls_back(settings_file: SettingsFile) -> None:
    write(settings_file, EXAMPLE)
    settings_file.load()
    write(settings_file, BROKEN)

    with pytest.raises(ConfigError):
        settings_file.load()

    assert settings_file.last_good.read_bytes() == EXAMPLE


def test_the_last_good_one_is_private_and_written_only_when_it_changes(settings_file: SettingsFile) -> None:
    write(settings_file, EXAMPLE)
    settings_file.load()
    first = settings_file.last_good.stat()
    settings_file.load()

    assert settings_file.last_good.stat().st_ino == first.st_ino
    if sys.platform != "win32":
        assert stat.S_IMODE(first.st_mode) == 0o600


def test_a_last_good_one_that_cannot_be_kept_stops_nothing(
    settings_file: SettingsFile, caplog: pytest.LogCaptureFixture
) -> None:
    write(settings_file, EXAMPLE)
    settings_file.last_good.parent.write_text("a file where the folder should be")

    assert settings_file.load().origin == "file"
    assert "could not be kept" in caplog.text


# Files that cannot be read


def test_a_folder_in_its_place(settings_file: SettingsFile) -> None:
    settings_file.path.mkdir(parents=True)

    with pytest.raises(ConfigError) as error:
        settings_file.load_at_start()

    assert str(error.value) == f"{settings_file.path}: is a folder, not a file"


@NO_ROOT
def test_a_file_that_may_not_be_read_leaves_the_last_good_one(settings_file: SettingsFile) -> None:
    write(settings_file, EXAMPLE)
    settings_file.load()
    settings_file.path.chmod(0)

    loaded = settings_file.load_at_start()

    assert loaded.origin == "last_good"
    assert str(loaded.problems[0]) == f"{settings_file.path}: cannot be read: permission denied"


def test_a_link_to_nothing(settings_file: SettingsFile) -> None:
    settings_file.path.parent.mkdir()
    settings_file.path.symlink_to("elsewhere.toml")

    with pytest.raises(ConfigError, match="is a link to a file that does not exist"):
        settings_file.load()


def test_warnings_belong_to_an_area(settings_file: SettingsFile, caplog: pytest.LogCaptureFixture) -> None:
    write(settings_file, EXAMPLE)
    settings_file.load()
    write(settings_file, BROKEN)

    settings_file.load_at_start()

    assert {record.name for record in caplog.records} == {"tierwise.settings"}
