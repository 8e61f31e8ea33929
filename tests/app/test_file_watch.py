"""A watched file reports every kind of change, and stops when told to."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest

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
