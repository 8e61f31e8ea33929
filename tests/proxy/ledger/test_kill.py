"""A program that is killed at any moment loses what it was given in the last second, and nothing else."""

import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from proxy.ledger.rows import number_of
from tests.guard import REPOSITORY
from tests.proxy.ledger.writers import SECONDS, assert_sums_fit, ids_in, put, rows_in, settle, writing

_PROGRAM = """
import sys, time
from pathlib import Path
from tests.proxy.ledger import made
from tests.proxy.ledger.writers import put, writer_on

made.catalogue()
writer = writer_on(Path(sys.argv[1]))
writer.start()
began, count = time.monotonic(), 0
while True:
    due = int((time.monotonic() - began) * 500) - count
    if due:
        count += due
        print(*put(writer, due), flush=True)
    time.sleep(0.002)
"""
_LATEST_SECONDS = 1.6
_AT_ONCE, _IN_A_ROW = 4, 5


class Doomed:
    """A program that records and tells what; when it told is noted, so that the last second is known."""

    def __init__(self, path: Path) -> None:
        self.told: list[tuple[float, str]] = []
        command = [sys.executable, "-c", _PROGRAM, str(path)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
        self._has_begun = threading.Event()
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def killed_after(self, seconds: float) -> list[int]:
        """The numbers of what must be there."""
        assert self._has_begun.wait(SECONDS)
        threading.Event().wait(seconds)
        moment = time.monotonic()
        self.process.kill()
        assert self.process.wait(SECONDS) == -signal.SIGKILL
        self._listening.join(SECONDS)
        return [number_of(id_) for told, id_ in self.told if told < moment - 1.0]

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                now = time.monotonic()
                self.told += [(now, id_) for id_ in line.split(" ") if id_.startswith("req_")]
                self._has_begun.set()


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed so there")
def test_what_was_put_a_second_before_a_kill_is_there_and_nothing_is_done_by_half(tmp_path: Path) -> None:
    chance = random.Random(20261121)
    paths = [tmp_path / f"{number}.db" for number in range(_AT_ONCE)]
    kept: dict[Path, set[int]] = {path: set() for path in paths}
    for _ in range(_IN_A_ROW):
        with ExitStack() as ending:
            doomed = {path: Doomed(path) for path in paths}
            for each in doomed.values():
                ending.callback(each.process.kill)
            moments = {path: chance.uniform(0.0, _LATEST_SECONDS) for path in paths}
            waited = 0.0
            for path in sorted(paths, key=lambda path: moments[path]):
                kept[path].update(doomed[path].killed_after(moments[path] - waited))
                waited = moments[path]
        for path in paths:
            has_tables = rows_in(path, "pragma user_version") == [(1,)]
            assert has_tables or not kept[path]
            if has_tables:
                ids = ids_in(path)
                assert kept[path] <= set(ids)
                assert len(set(ids)) == len(ids)
                assert_sums_fit(path)

    assert sum(map(len, kept.values())) > 500
    for path in paths:
        with writing(path) as writer:
            put(writer, 1)
            settle(writer)
        assert_sums_fit(path)
