"""What the tray says of how things stand."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk.figures import Counts, LastDecision
from app.desk.standing import ProviderStanding, ServerStanding, Standing, State, TierStanding
from proxy.server.quotas import QuotaWindow
from ui.icons import TrayState
from ui.tray.lasting import until
from ui.tray.telling import (
    icon_state,
    last_line,
    provider_line,
    quota_words,
    server_line,
    servers_title,
    shortened,
    status_line,
    tier_explained,
    tier_line,
    tool_tip,
)

NOW = datetime(2026, 5, 4, 13, 0).astimezone()
CLOUD = ProviderStanding("anthropic", True, False, State.READY, "", None)
LOCAL = ProviderStanding("ollama", True, True, State.READY, "", None)


def standing(**differences: Any) -> Standing:
    usual = {
        "url": "http://127.0.0.1:4517",
        "routing": True,
        "local_only": False,
        "profile": "balanced",
        "tiers": (),
        "providers": (CLOUD, LOCAL),
        "servers": (),
        "ends": {},
        "problem": "",
    }
    return Standing(**{**usual, **differences})


def counts(**differences: Any) -> Counts:
    usual = {"requests": 128, "errors": 0, "saved": 6.1, "measured": 6.1, "estimated": None}
    return Counts(**{**usual, **differences})


def down(provider: ProviderStanding) -> ProviderStanding:
    return ProviderStanding(provider.name, True, provider.is_local, State.UNAVAILABLE, "It is away.", None)


@pytest.mark.parametrize(
    ("differences", "state"),
    [
        ({}, TrayState.ON),
        ({"routing": False}, TrayState.PAUSED),
        ({"local_only": True}, TrayState.LOCAL_ONLY),
        ({"routing": False, "local_only": True}, TrayState.PAUSED),
        ({"problem": "The disk is full."}, TrayState.TROUBLE),
        ({"providers": ()}, TrayState.TROUBLE),
        ({"providers": (down(CLOUD), LOCAL)}, TrayState.ON),
        ({"providers": (down(CLOUD), down(LOCAL))}, TrayState.TROUBLE),
        ({"providers": (CLOUD, down(LOCAL)), "local_only": True}, TrayState.TROUBLE),
        ({"providers": (CLOUD, down(LOCAL)), "routing": False}, TrayState.PAUSED),
    ],
)
def test_the_icon_shows_what_matters_most(differences: dict[str, Any], state: TrayState) -> None:
    assert icon_state(standing(**differences)) is state


@pytest.mark.parametrize(
    ("differences", "figures", "line"),
    [
        ({}, None, "Running"),
        ({}, counts(), "Running · 128 requests today · saved $6.10 today"),
        ({}, counts(requests=1, saved=-0.5), "Running · 1 request today · saved −$0.50 today"),
        ({}, counts(requests=0, saved=0.0), "Running · 0 requests today · saved $0.00 today"),
        ({}, counts(saved=None), "Running · 128 requests today · saved – today"),
        ({"routing": False}, None, "Routing paused"),
        ({"local_only": True}, None, "Running, local only"),
    ],
)
def test_the_first_line_says_how_it_goes(
    differences: dict[str, Any], figures: Counts | None, line: str
) -> None:
    assert status_line(standing(**differences), figures) == line


def test_the_tip_names_what_is_wrong_and_where_it_listens() -> None:
    tip = tool_tip(standing(problem="The disk is full."), counts())
    assert tip.splitlines()[1] == "⚠ The disk is full."
    assert "http://127.0.0.1:4517" in tip
    assert "⚠" not in tool_tip(standing(), counts())


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (None, ""),
        ("run", "until you quit"),
        (NOW.replace(hour=14, minute=30).timestamp(), "until 14:30"),
        ((NOW + timedelta(days=1)).timestamp(), "until Tue 13:00"),
    ],
)
def test_what_holds_for_a_while_says_until_when(end: Any, words: str) -> None:
    assert until(end, NOW) == words


@pytest.mark.parametrize(
    ("tier", "line", "why"),
    [
        (
            TierStanding("SIMPLE", True, "SIMPLE", ("ollama/qwen", "x/y", "z/a")),
            "SIMPLE · ollama/qwen +2",
            "Goes to ollama/qwen, x/y, z/a",
        ),
        (
            TierStanding("SIMPLE", False, "MEDIUM", ("ollama/qwen",)),
            "SIMPLE · off → MEDIUM",
            "Its turns go to MEDIUM",
        ),
        (TierStanding("COMPLEX", True, "MEDIUM", ()), "COMPLEX · empty → MEDIUM", "Its turns go to MEDIUM"),
        (TierStanding("COMPLEX", True, None, ()), "COMPLEX · empty → nobody", "No tier can answer its turns"),
    ],
)
def test_a_tier_says_where_its_traffic_goes(tier: TierStanding, line: str, why: str) -> None:
    assert tier_line(tier) == line
    assert tier_explained(tier) == why


def window(**differences: Any) -> QuotaWindow:
    usual = {
        "name": "5h",
        "kind": "requests",
        "key": "",
        "model": "",
        "counts": True,
        "used_percent": 62.4,
        "limit": None,
        "remaining": None,
        "unit": "",
        "resets_at": 1000.0 + 4800,
        "seen_at": 1000.0,
        "source": "headers",
    }
    return QuotaWindow(**{**usual, **differences})


@pytest.mark.parametrize(
    ("differences", "words"),
    [
        ({}, "5h 62 % used, resets in 1 h 20 min"),
        ({"resets_at": None}, "5h 62 % used"),
        ({"resets_at": 900.0}, "5h 62 % used"),
        ({"resets_at": 1030.0}, "5h 62 % used, resets in less than a minute"),
        ({"used_percent": None}, ""),
    ],
)
def test_a_quota_says_how_much_is_used_and_when_it_begins_anew(
    differences: dict[str, Any], words: str
) -> None:
    assert quota_words(window(**differences), now=1000.0) == words


def test_every_state_of_a_provider_has_a_word_and_a_sign_of_its_own() -> None:
    lines = [
        provider_line(ProviderStanding("p", state is not State.OFF, False, state, "", None), 0.0)
        for state in State
    ]
    assert lines == [
        "● p · ready",
        "◐ p · partly unavailable",
        "▲ p · unavailable",
        "▲ p · not configured",
        "○ p · off",
    ]


def test_a_provider_shows_its_tightest_window() -> None:
    provider = ProviderStanding("anthropic", True, False, State.READY, "", window(resets_at=None))
    assert provider_line(provider, 1000.0) == "● anthropic · ready · 5h 62 % used"


def test_local_servers_are_counted_by_their_models() -> None:
    server = ServerStanding("ollama", "Ollama", "http://127.0.0.1:11434", "ready", 5)
    assert servers_title(None) == "Local models: not looked for yet"
    assert servers_title(()) == "Local models: none found"
    assert servers_title((server, server)) == "Local models: 10"
    assert server_line(server) == "Ollama · ready · 5 models · http://127.0.0.1:11434"


def test_the_last_decision_is_one_line() -> None:
    assert last_line(None) == "No request since the start"
    last = LastDecision("ex_1", 0.0, "codex", "SIMPLE", "ollama/qwen", "A short\nquestion.")
    assert last_line(last) == "Last: SIMPLE → ollama/qwen – A short question."
    nobody = LastDecision("ex_1", 0.0, "codex", None, None, "Nobody could be asked.")
    assert last_line(nobody) == "Last: nobody – Nobody could be asked."


@given(st.text(max_size=300))
def test_no_line_is_longer_than_a_menu_bears(text: str) -> None:
    line = shortened(text)
    assert len(line) <= 76
    assert "\n" not in line


def test_a_long_name_leaves_room_for_what_is_said_of_it() -> None:
    long = "name-" * 20
    assert provider_line(down(ProviderStanding(long, True, False, State.READY, "", None)), 0.0).endswith(
        "… · unavailable"
    )
    assert tier_line(TierStanding("SIMPLE", True, "MEDIUM", (f"house/{long}", "x/y"))).endswith(
        "… +1 → MEDIUM"
    )
