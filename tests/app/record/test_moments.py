"""Moments on the command line: local where no zone is named."""

from datetime import datetime
from pathlib import Path

import pytest

from app.record.moments import moment
from tests.proxy.ledger.test_housekeeping import in_zone

NOW = datetime.fromisoformat("2026-11-21T12:00:00+00:00").timestamp()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-01", "2026-11-01T00:00:00+01:00"),
        ("2026-07-01", "2026-07-01T00:00:00+02:00"),
        ("2026-11-01T08:30", "2026-11-01T08:30:00+01:00"),
        ("2026-11-01 08:30:15", "2026-11-01T08:30:15+01:00"),
        ("2026-11-01T08:30Z", "2026-11-01T09:30:00+01:00"),
        ("1795262400000", "2026-11-21T12:00:00+00:00"),
        ("7d", "2026-11-14T12:00:00+00:00"),
        ("24h", "2026-11-20T12:00:00+00:00"),
        ("90m", "2026-11-21T10:30:00+00:00"),
        ("2w", "2026-11-07T12:00:00+00:00"),
    ],
)
def test_what_a_text_means(text: str, meant: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with in_zone(monkeypatch, "Europe/Berlin"):
        assert moment(text, NOW) == datetime.fromisoformat(meant).timestamp() * 1000


@pytest.mark.parametrize(
    "text", ["", "yesterday", "7", "-7d", "7y", "2026-13-01", "1.5d", "123456d", "0001-01-01"]
)
def test_any_other_text_is_refused_with_those_that_are_understood(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        in_zone(monkeypatch, "Asia/Tokyo"),
        pytest.raises(ValueError, match="is no moment; it may be a date"),
    ):
        moment(text, NOW)
