"""At a terminal without a screen, and with nothing configured: the program offers the demo."""

import os
import signal
from pathlib import Path

import pytest

from tests.e2e.program import END_SECONDS, program, run
from tests.e2e.terminal import at_terminal, read_until

OFFER = b"Start the demo now? [Y/n]"


@pytest.mark.parametrize(("answer", "kind"), [("\n", "demo"), ("n\n", "serve")])
def test_the_offer_leads_to_the_demo_or_to_plain_service(tmp_path: Path, answer: str, kind: str) -> None:
    with at_terminal(tmp_path, "--port", "0") as (process, terminal):
        read_until(terminal, OFFER)
        os.write(terminal, answer.encode())
        assert process.stdout is not None
        assert b'"event": "ready"' in process.stdout.readline()
        home = tmp_path / "demo" if kind == "demo" else tmp_path
        assert (home / "run" / "instance.json").exists()
        process.terminate()
        assert process.wait(END_SECONDS) == 0


def test_the_offer_is_left_at_once_and_what_was_found_before_it_is_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[server]\nmax_body_mb = 7\n")
    assert run("config", "check", home=tmp_path)[0] == 0
    (tmp_path / "config.toml").write_text("[server\n")
    with at_terminal(tmp_path) as (process, terminal):
        read_until(terminal, OFFER)
        process.send_signal(signal.SIGINT)
        assert process.wait(END_SECONDS) == 0
    assert "last good" in (tmp_path / "logs" / "tierwise.log").read_text()


def test_nothing_is_offered_while_one_runs(tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path) as serving:
        serving.ready()
        with at_terminal(tmp_path) as (process, terminal):
            assert OFFER not in read_until(terminal, b"already runs here without a window")
            assert process.wait(END_SECONDS) == 1
