"""Processes that cannot answer, and what the parent makes of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.desktop import children
from benchmarks.desktop.children import child
from benchmarks.desktop.surroundings import cpu_seconds, held
from benchmarks.table import NotMeasuredError, Table


def test_what_a_child_cannot_do_it_says_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = Table(52)
    with child("clients", "token", folder=tmp_path, environ=os.environ) as clients:
        with table.measuring("a thing"):
            clients.ask("nothing_of_the_kind")
        made = clients.ask("ask", url="http://127.0.0.1:9", model="m", a_second=10, seconds=0.1)
    assert made["requests"] == 1
    assert not table.is_met
    assert "NOT measured: AttributeError" in capsys.readouterr().out


def test_of_a_child_that_has_ended_nothing_more_is_measured(tmp_path: Path) -> None:
    with child("clients", "token", folder=tmp_path, environ=os.environ) as clients:
        os.kill(clients.pid, signal.SIGKILL)
        for _ in range(2):
            with pytest.raises(NotMeasuredError, match="'clients' has ended"):
                clients.ask("ask", url="", model="", a_second=1, seconds=1)


def test_an_answer_that_comes_too_late_is_not_taken_for_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"url": "http://127.0.0.1:9", "model": "m", "a_second": 10, "seconds": 0.1}
    with child("clients", "token", folder=tmp_path, environ=os.environ) as clients:
        monkeypatch.setattr(children, "_PATIENCE_SECONDS", 0.1)
        os.kill(clients.pid, signal.SIGSTOP)
        with pytest.raises(NotMeasuredError, match="said nothing"):
            clients.ask("ask", **asked)
        os.kill(clients.pid, signal.SIGCONT)
        with pytest.raises(NotMeasuredError, match="said nothing"):
            clients.ask("ask", **asked)


def test_a_child_that_does_not_start_is_no_measurement(tmp_path: Path) -> None:
    with (
        pytest.raises(NotMeasuredError, match="has ended"),
        child("no_such_module", folder=tmp_path, environ=os.environ),
    ):
        pass


def test_a_program_that_has_ended_has_no_figures_rather_than_good_ones() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    for measure in (held, cpu_seconds):
        with pytest.raises(NotMeasuredError, match="has ended"):
            measure(ended.pid)
    ended.wait()
    with pytest.raises(NotMeasuredError, match="has ended"):
        cpu_seconds(ended.pid)
