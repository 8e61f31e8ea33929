"""Log lines: when, how grave, which area, which request; all written when the block ends."""

import logging
import re
from pathlib import Path

import pytest

from app.logs import Logs
from proxy import log


def test_a_line_says_where_it_comes_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Logs(tmp_path, "info"):
        log.current_request.set("req_7")
        log.area("upstream").info("answered %d", 200)
        log.area("upstream").debug("not at this level")
        log.current_request.set("-")
        logging.getLogger("somebody.else").warning("heard")
        logging.getLogger("somebody.else").info("not heard")
    expected = (
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} INFO    upstream  \[req_7\] answered 200\n"
        r"\S+ \S+ WARNING somebody\.else \[-\] heard\n"
    )
    written = (tmp_path / "tierwise.log").read_text()
    assert re.fullmatch(expected, written)
    assert capsys.readouterr().err == written


def test_the_file_begins_anew_when_it_is_full(tmp_path: Path) -> None:
    with Logs(tmp_path, "info") as logs:
        logs._file.maxBytes = 2000
        for number in range(1000):
            log.area("app").info("line %d", number)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["tierwise.log", *(f"tierwise.log.{number}" for number in range(1, 5))]
    assert "line 999" in (tmp_path / "tierwise.log").read_text()


def test_a_log_file_that_cannot_be_written_is_said_once_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tierwise.log").mkdir()
    with Logs(tmp_path, "info"):
        for number in range(3):
            log.area("app").info("line %d", number)
    errors = capsys.readouterr().err
    assert errors.count("tierwise.log cannot be written") == 1
    assert "Traceback" not in errors
    assert "line 2" in errors


def test_what_a_message_quotes_cannot_pass_for_another_line(tmp_path: Path) -> None:
    with Logs(tmp_path, "info"):
        log.area("app").info("asked for %s", "a\n2026-01-01 00:00:00.000 ERROR app forged\r\x1b[2J")
    lines = (tmp_path / "tierwise.log").read_text().splitlines()
    assert len(lines) == 2
    assert lines[1] == "    | 2026-01-01 00:00:00.000 ERROR app forged\\r\\x1b[2J"
