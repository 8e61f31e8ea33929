"""A watched file reports every kind of change, and stops when told to."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest

from app import file_watch
from app.file_watch import FileWatch

INTERVAL = 0.01
SOON = 10


class Watched:
    """A file under watch; `changes` receives one item per report."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.write_text("first")
        self.changes: Queue[threading.Thread] = Queue()
        self.watch = FileWatch(path, self._changed, interval=INTERVAL)

    def _changed(self) -> None:
        self.changes.put(threading.current_thread())


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path / "config.toml")
    yield watched
    watched.watch.stop()


def write(path: Path) -> None:
    path.write_text("something longer")


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_text("other")
    other.replace(path)


@pytest.mark.parametrize("change", [write, replace, Path.unlink])
def test_a_change_is_reported_in_a_thread_of_its_own(
    watched: Watched, change: Callable[[Path], None]
) -> None:
    change(watched.path)

    thread = watched.changes.get(timeout=SOON)

    assert thread is not threading.current_thread()
    assert thread.daemon


def test_a_file_that_comes_back_is_reported(watched: Watched) -> None:
    watched.path.unlink()
    watched.changes.get(timeout=SOON)

    watched.path.write_text("first")

    assert watched.changes.get(timeout=SOON)


def test_a_link_that_is_turned_elsewhere_is_reported(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text("the same")
    link = tmp_path / "link"
    link.symlink_to("one")
    changed = threading.Event()
    watch = FileWatch(link, changed.set, interval=INTERVAL)

    link.unlink()
    link.symlink_to("two")

    assert changed.wait(SOON)
    watch.stop()


def test_a_failing_reaction_does_not_end_the_watch(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file, calls = tmp_path / "file", Queue[str]()

    def fail() -> None:
        calls.put("called")
        raise ValueError("broken reaction")

    watch = FileWatch(file, fail, interval=INTERVAL)
    file.write_text("1")
    calls.get(timeout=SOON)
    file.write_text("22")
    calls.get(timeout=SOON)
    watch.stop()

    assert "broken reaction" in caplog.text


def test_stopping_takes_no_interval(tmp_path: Path) -> None:
    watch = FileWatch(tmp_path / "file", lambda: None, interval=3600)

    watch.stop()
    watch.stop()

    assert "watch file" not in {thread.name for thread in threading.enumerate()}


def test_a_reaction_may_stop_the_watch(tmp_path: Path) -> None:
    watches: Queue[FileWatch] = Queue()
    stopped = threading.Event()

    def react() -> None:
        watches.get(timeout=SOON).stop()
        stopped.set()

    file = tmp_path / "file"
    watches.put(FileWatch(file, react, interval=INTERVAL))
    file.write_text("1")

    assert stopped.wait(SOON)


def test_a_look_that_hangs_delays_no_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging, released = threading.Event(), threading.Event()
    called: list[str] = []
    watch = FileWatch(tmp_path / "file", lambda: called.append("too late"), interval=INTERVAL)

    def hang(_file: Path) -> None:
        hanging.set()
        released.wait(SOON)

    monkeypatch.setattr(file_watch, "_look", hang)
    watch.look_again()
    assert hanging.wait(SOON)
    watch.stop(patience=INTERVAL)

    (tmp_path / "file").write_text("1")
    released.set()
    watch.stop(patience=SOON)
    assert called == []
    assert "watch file" not in {thread.name for thread in threading.enumerate()}


def test_the_first_look_is_taken_before_the_watch_is_handed_out(tmp_path: Path) -> None:
    file, changed = tmp_path / "file", threading.Event()
    looks: list[threading.Thread] = []

    class Watching(type(file)):  # type: ignore[misc]  # the class of paths depends on the system
        def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
            looks.append(threading.current_thread())
            return super().stat(follow_symlinks=follow_symlinks)  # type: ignore[no-any-return]  # as above

    watch = FileWatch(Watching(file), changed.set, interval=INTERVAL)
    first = looks[0]
    file.write_text("written right after")

    assert first is threading.current_thread()
    assert changed.wait(SOON)
    watch.stop()


def test_a_file_that_could_not_be_read_is_reported_again_when_it_can_be_opened(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes: Queue[str] = Queue()
    is_held = threading.Event()
    is_held.set()
    can_be_opened = file_watch._can_be_opened

    def probe(file: Path) -> bool:
        probes.put("opened")
        return not is_held.is_set() and can_be_opened(file)

    monkeypatch.setattr(file_watch, "_can_be_opened", probe)
    watched.watch.look_again()
    probes.get(timeout=SOON)
    probes.get(timeout=SOON)
    assert watched.changes.empty()

    is_held.clear()

    assert watched.changes.get(timeout=SOON)
    watched.watch.stop()
    assert watched.changes.empty()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert not file_watch._can_be_opened(tmp_path / "pipe")
    assert not file_watch._can_be_opened(tmp_path / "absent")
    assert not file_watch._can_be_opened(tmp_path)
