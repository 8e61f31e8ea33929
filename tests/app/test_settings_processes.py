"""The settings file edited by several programs at once: every edit arrives, and nobody waits for ever."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import app.settings
from app.home import Home
from app.settings import EditError, SettingsFile
from app.toml.edits import Assign, Edit

ROUNDS = 25

WRITER = """
import sys
from pathlib import Path
from app.home import Home
from app.settings import SettingsFile

file, name = SettingsFile(Home(Path(sys.argv[1]))), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    file.set(("providers", f"{name}{number}", "kind"), "ollama")
"""

HOLDER = """
import sys
from pathlib import Path
from app.home import Home
from app.settings import SettingsFile

with SettingsFile(Home(Path(sys.argv[1]))).alone():
    print("ready", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def running(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has said that it is ready, and waits for a line."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_edits_from_several_processes_all_arrive(tmp_path: Path) -> None:
    names = ("a", "b")
    with ExitStack() as stack:
        writers = [stack.enter_context(running(WRITER, str(tmp_path), name, str(ROUNDS))) for name in names]
        for writer in writers:
            go(writer)
        assert [writer.wait(60) for writer in writers] == [0, 0]

    written = SettingsFile(Home(tmp_path)).load().settings.providers
    assert written.keys() == {f"{name}{number}" for name in names for number in range(ROUNDS)}


def test_a_program_that_never_finishes_its_edit_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SettingsFile(Home(tmp_path))
    file.set(("server", "port"), 1)
    monkeypatch.setattr(app.settings, "_OTHERS_SECONDS", 0.05)

    with running(HOLDER, str(tmp_path)), pytest.raises(EditError, match="another Tierwise is changing it"):
        file.set(("server", "port"), 2)

    assert file.load().settings.server.port == 1


def test_a_program_that_dies_in_its_edit_is_in_nobodys_way(tmp_path: Path) -> None:
    with running(HOLDER, str(tmp_path)) as holder:
        holder.kill()
        holder.wait()

        assert SettingsFile(Home(tmp_path)).set(("server", "port"), 2).settings.server.port == 2


def test_reading_waits_for_nobody(tmp_path: Path) -> None:
    file = SettingsFile(Home(tmp_path))
    file.set(("server", "port"), 1)

    with running(HOLDER, str(tmp_path)):
        assert file.load().settings.server.port == 1


def test_edits_that_depend_on_the_file_are_made_anew_when_an_editor_saves_meanwhile(tmp_path: Path) -> None:
    file = SettingsFile(Home(tmp_path))
    file.path.write_text("[server]\nport = 1\n")
    saves = iter(["[server]\nport = 5\n"])

    def one_more(settings: app.settings.Settings, _tree: object) -> Sequence[Edit]:
        for text in saves:
            file.path.write_text(text)
        return [Assign(("server", "port"), settings.server.port + 1)]

    assert file.edit_by(one_more).settings.server.port == 6


def test_what_an_editor_saves_in_the_last_moment_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the new file takes the place of the old one: making it durable takes the longest."""
    file = SettingsFile(Home(tmp_path))
    file.path.write_text("[server]\nport = 1\n")
    saves = iter(["[server]\nport = 1\n# mine\n"])
    durable = app.files.os.fsync

    def slow(descriptor: int) -> None:
        for text in saves:
            file.path.write_text(text)
        durable(descriptor)

    monkeypatch.setattr(app.files.os, "fsync", slow)

    file.set(("server", "port"), 2)

    assert file.path.read_text() == "[server]\nport = 2\n# mine\n"
