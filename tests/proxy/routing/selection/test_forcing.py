"""A tier that is asked for outright: which word counts, and for whom none does."""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config import TIER_NAMES, TierName
from proxy.routing.affinity.pins import Need, Pin, Remembered
from proxy.routing.selection.forcing import Forced, forced_tier
from proxy.routing.selection.request import Request, Said
from proxy.routing.selection.snapshot import Override, Snapshot
from proxy.routing.signals import Kind, Looked, Messages, Signals
from proxy.routing.signals import signals as read
from proxy.wire.format import Format
from proxy.wire.splice import Body
from tests.proxy.routing.selection.judging import Says

NOW = 1_700_000_000.0
THRESHOLDS = (20.0, 50.0, 75.0)
JUDGE = Says({"tiny": 10, "plain": 35, "knotty": 60, "deep": 85})


def asked(text: str, kind: Kind = Kind.MAIN, model: str = "auto", **more: Any) -> Signals:
    body = Body(json.dumps({"model": model, "messages": [{"role": "user", "content": text}]}).encode())
    looked = Looked(body=body, format=Format.ANTHROPIC, surface="messages", client="sdk", model=model)
    return replace(read(looked, Messages()), kind=kind, **more)


def remembering(**pin: Any) -> Remembered:
    """A session whose last typed turn came to this."""
    told = {"provider": "p", "model": "m", "locked_at": NOW, "first_locked": NOW, "expires_at": NOW + 60}
    need = Need(wanted=pin.pop("wanted", None))
    return Remembered(MappingProxyType({"": Pin(**{**told, **pin})}), "", NOW, need=need)


def forced(
    signals: Signals,
    header: TierName | None = None,
    override: Override | None = None,
    remembered: Remembered | None = None,
) -> Forced:
    snapshot = Snapshot(now=NOW, override=override, remembered=remembered)
    return forced_tier(Request(signals=signals, said=Said(tier=header)), snapshot, THRESHOLDS, JUDGE)


# -- which word counts -------------------------------------------------------------------------------

SAYING: Mapping[str, TierName] = {
    "header": "REASONING",
    "command": "COMPLEX",
    "override": "MEDIUM",
    "model": "SIMPLE",
}
"""From the nearest to the request to the farthest."""
SOME = [words for count in range(1, 5) for words in combinations(SAYING, count)]


@pytest.mark.parametrize("words", SOME, ids=["+".join(words) for words in SOME])
def test_the_nearest_word_counts(words: tuple[str, ...]) -> None:
    signals = asked(
        "[tier:complex] do it all" if "command" in words else "do it all",
        model="simple" if "model" in words else "auto",
    )
    override = Override("MEDIUM", NOW + 60) if "override" in words else None
    found = forced(signals, "REASONING" if "header" in words else None, override)
    assert found == (SAYING[words[0]], words[0])


def test_nothing_said_is_nothing_forced() -> None:
    for model in ("auto", "claude-opus-4-8", "claude-haiku-4-5", "p/m", ""):
        assert forced(asked("do it all", model=model)) == (None, "")


@pytest.mark.parametrize(
    ("until", "tier"), [(NOW + 0.1, "COMPLEX"), (NOW, None), (NOW - 1, None), (float("inf"), "COMPLEX")]
)
def test_an_override_holds_until_its_end(until: float, tier: TierName | None) -> None:
    assert forced(asked("do it all"), override=Override("COMPLEX", until)).tier == tier


@pytest.mark.parametrize("text", ["/tier auto\ndo it all", "[tier:auto] do it all"])
def test_auto_is_as_if_nothing_had_been_said(text: str) -> None:
    assert forced(asked(text)) == (None, "")
    assert forced(asked(text), override=Override("COMPLEX", NOW + 60)).by == "override"
    assert forced(asked(text, model="reasoning")) == ("REASONING", "model")


# -- for whom ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.MAIN])
@pytest.mark.parametrize("text", ["/tier reasoning\ndo it all", "do it all [tier:reasoning]", "/tier up"])
def test_only_what_a_user_says_commands(kind: Kind, text: str) -> None:
    assert forced(asked(text)).by == "command"
    assert forced(asked(text, kind)) == (None, "")


def test_a_tools_result_commands_nothing() -> None:
    assert forced(asked("/tier reasoning\ndo it all", is_tool_turn=True)) == (None, "")


@pytest.mark.parametrize("kind", Kind)
def test_chores_on_the_side_obey_no_override(kind: Kind) -> None:
    is_led = kind in (Kind.MAIN, Kind.SUBAGENT, Kind.COMPACTION)
    found = forced(asked("do it all", kind), override=Override("REASONING", NOW + 60))
    assert found == (("REASONING", "override") if is_led else (None, ""))


@pytest.mark.parametrize("kind", Kind)
def test_headers_and_names_of_tiers_are_obeyed_by_every_call(kind: Kind) -> None:
    assert forced(asked("do it all", kind), "REASONING") == ("REASONING", "header")
    assert forced(asked("do it all", kind, "claude-tierwise-medium")) == ("MEDIUM", "model")


# -- up and down -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("/tier up\na tiny thing", "MEDIUM"),
        ("/tier up\na knotty thing", "REASONING"),
        ("/tier up\na deep thing", "REASONING"),
        ("/tier down\na deep thing", "COMPLEX"),
        ("/tier down\na tiny thing", "SIMPLE"),
    ],
)
def test_without_a_session_steps_are_counted_from_what_the_text_needs(text: str, tier: TierName) -> None:
    assert forced(asked(text)) == (tier, "command")


@pytest.mark.parametrize("before", TIER_NAMES)
@pytest.mark.parametrize(("word", "step"), [("up", 1), ("down", -1)])
def test_within_a_session_they_are_counted_from_what_it_needed_last(
    before: TierName, word: str, step: int
) -> None:
    """Not from the tier that it was served in, which may be a larger one for a while."""
    place = min(max(TIER_NAMES.index(before) + step, 0), 3)
    found = forced(
        asked(f"/tier {word}\na deep thing"), remembered=remembering(wanted=before, tier="REASONING")
    )
    assert found == (TIER_NAMES[place], "command")


def test_of_a_session_that_only_tells_its_tier_that_one_counts() -> None:
    signals = asked("/tier down\na deep thing")
    assert forced(signals, remembered=remembering(tier="MEDIUM")).tier == "SIMPLE"
    assert forced(signals, remembered=remembering()).tier == "COMPLEX"
    assert forced(signals, remembered=remembering(wanted="a tier of tomorrow")).tier == "COMPLEX"


@given(st.text(max_size=80))
def test_no_text_forces_anything_but_by_a_command(text: str) -> None:
    found = forced(asked(text))
    if "/tier" not in text.casefold() and "[tier:" not in text.casefold():
        assert found == (None, "")
    assert found.by in ("", "command")
