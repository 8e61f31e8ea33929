"""The files of servers, in whatever state they are found."""

import os
from pathlib import Path

import pytest

from proxy.local.place import IPV4, Place
from proxy.local.where.files import places

OLDER, NEWER = ".cache/lm-studio", ".lmstudio"
SETTINGS = ".internal/http-server-config.json"


def settings(folder: Path) -> Path:
    file = folder / SETTINGS
    file.parent.mkdir(parents=True)
    return file


def unit(folder: Path, text: str, name: str = "override.conf") -> tuple[Path, ...]:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return (folder,)


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 -- its entries, which are gone by the time they are paths


@pytest.mark.parametrize("home", [OLDER, NEWER])
def test_lm_studio_is_where_its_settings_say(tmp_path: Path, home: str) -> None:
    settings(tmp_path / home).write_text('{"port": 4321, "networkInterface": "0.0.0.0", "cors": true}')

    assert list(places(tmp_path, ())) == [Place(IPV4, 4321)]


def test_lm_studio_may_have_been_moved_elsewhere(tmp_path: Path) -> None:
    settings(tmp_path / "elsewhere").write_text('{"port": 4321}')
    (tmp_path / ".lmstudio-home-pointer").write_text(f"{tmp_path / 'elsewhere'}\n")

    assert list(places(tmp_path, ())) == [Place(IPV4, 4321)]


@pytest.mark.parametrize("pointer", ["", "relative/path", "\0", "/nowhere/at/all", "é" * 40_000])
def test_a_pointer_to_nowhere_points_nowhere(tmp_path: Path, pointer: str) -> None:
    (tmp_path / ".lmstudio-home-pointer").write_text(pointer)

    assert list(places(tmp_path, ())) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"port": 12',
        '{"port": "4321"}',
        '{"port": 0}',
        '{"port": 65536}',
        '{"port": -1}',
        '{"port": 1e400}',
        '{"port": ' + "9" * 5000 + "}",
        '{"port": null}',
        "{}",
        "[]",
        "null",
        '{"more": ' + "[" * 60_000,
        '{"port": 4321, "more": "' + "a" * 100_000 + '"}',
    ],
    ids=lambda text: text[:20],
)
def test_what_cannot_be_read_says_nothing(tmp_path: Path, text: str) -> None:
    settings(tmp_path / NEWER).write_text(text)

    assert list(places(tmp_path, ())) == []


def test_bytes_that_are_no_text_say_nothing(tmp_path: Path) -> None:
    settings(tmp_path / NEWER).write_bytes(bytes(range(256)))

    assert list(places(tmp_path, ())) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(settings(tmp_path / NEWER))

    assert list(places(tmp_path, ())) == []


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no endless file here")
def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    settings(tmp_path / NEWER).symlink_to("/dev/zero")

    assert list(places(tmp_path, ())) == []


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files cannot be counted here")
def test_a_folder_in_its_place_says_nothing_and_leaves_nothing_open(tmp_path: Path) -> None:
    settings(tmp_path / NEWER).mkdir()
    before = open_files()

    assert [list(places(tmp_path, ())) for _ in range(5)] == [[]] * 5
    assert open_files() == before


def test_a_settings_file_is_never_written(tmp_path: Path) -> None:
    file = settings(tmp_path / NEWER)
    file.write_text('{"port": 4321}')
    before = file.stat()

    list(places(tmp_path, ()))

    after = file.stat()
    assert (after.st_mtime_ns, after.st_ino, after.st_size) == (
        before.st_mtime_ns,
        before.st_ino,
        before.st_size,
    )
    assert list(file.parent.iterdir()) == [file]


UNITS = [
    ('[Service]\nEnvironment="OLLAMA_HOST=0.0.0.0:9999"\n', [9999]),
    ("[Service]\nEnvironment=OLLAMA_HOST=0.0.0.0:9999\n", [9999]),
    ("[Service]\r\nEnvironment=OLLAMA_HOST=127.0.0.1:9999\r\n", [9999]),
    ('[Service]\n  Environment="A=b c" "OLLAMA_HOST=127.0.0.1:9999" "C=d"\n', [9999]),
    ('[Service]\nEnvironment="OLLAMA_HOST=0.0.0.0"\n', [11434]),
    ('[Service]\nEnvironment="OLLAMA_HOST=0.0.0.0:1"\nEnvironment="OLLAMA_HOST=0.0.0.0:2"\n', [1, 2]),
    ('[Service]\n#Environment="OLLAMA_HOST=0.0.0.0:9999"\n', []),
    ('[Service]\nEnvironment="MY_OLLAMA_HOST=0.0.0.0:9999"\n', []),
    ('[Service]\nEnvironment="OLLAMA_MODELS=/m"\nX="OLLAMA_HOST=0.0.0.0:9999"\n', []),
    ('[Service]\nEnvironment="OLLAMA_HOST=8.8.8.8"\n', []),
    ("\n" * 60_000, []),
]


@pytest.mark.parametrize(("text", "ports"), UNITS, ids=lambda value: repr(value)[:40])
def test_the_service_of_the_system_says_where_its_ollama_is(
    tmp_path: Path, text: str, ports: list[int]
) -> None:
    units = unit(tmp_path / "ollama.service.d", text)

    assert list(places(tmp_path, units)) == [Place(IPV4, port) for port in ports]


def test_the_unit_itself_and_all_that_was_added_count(tmp_path: Path) -> None:
    (tmp_path / "ollama.service").write_text("Environment=OLLAMA_HOST=:1\n")
    added = tmp_path / "ollama.service.d"
    unit(added, "Environment=OLLAMA_HOST=:3\n", "b.conf")
    unit(added, "Environment=OLLAMA_HOST=:2\n", "a.conf")
    unit(added, "Environment=OLLAMA_HOST=:4\n", "a.conf~")

    found = places(tmp_path, (tmp_path / "ollama.service", added, tmp_path / "absent"))

    assert [each.port for each in found] == [1, 2, 3]
