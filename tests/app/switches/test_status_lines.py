"""`status` says what is not as usual, and until when, in the time of the clock on the wall."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.commands.switched import switched

USUAL = {"enabled": True, "profile": "balanced", "local_only": False}
SOON = datetime.now().astimezone().replace(hour=23, minute=58, second=0)
FAR = SOON + timedelta(days=3)


@pytest.mark.parametrize(
    ("routing", "lines"),
    [
        ({"until": {}}, []),
        ({}, []),
        ({"enabled": False}, ["Routing is off."]),
        ({"enabled": False, "until": {"enabled": "run"}}, ["Routing is off until Tierwise ends."]),
        ({"until": {"enabled": SOON.timestamp()}}, ["Routing is on until 23:58."]),
        (
            {"local_only": True, "until": {"local_only": FAR.timestamp()}},
            [f"Only models on this machine may answer until {FAR:%Y-%m-%d %H:%M}."],
        ),
        ({"until": {"local_only": "run"}}, ["Models elsewhere may answer as well until Tierwise ends."]),
        ({"profile": "save", "until": {"profile": "run"}}, ["The profile is save until Tierwise ends."]),
        ({"error": "routing_failed", "detail": "A mistake."}, []),
    ],
)
def test_only_what_is_not_as_usual_is_said(routing: dict[str, Any], lines: list[str]) -> None:
    assert switched({**USUAL, **routing}) == lines
