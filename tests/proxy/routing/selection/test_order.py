"""Who is asked, in which order, by what the request itself and the configuration say."""

from random import Random
from typing import Any

import pytest

from proxy.config import Config
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import Request, Said
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.service import Service
from proxy.routing.signals import Signals
from tests.proxy.configured import configured
from tests.proxy.routing.selection.judging import Says

PLAIN, KNOTTY, DEEP = 35.0, 60.0, 85.0
"""Points of a text."""
BASE: dict[str, Any] = {
    "providers": {
        "near": {"kind": "ollama"},
        "far": {"kind": "anthropic"},
        "off": {"kind": "openai", "enabled": False},
    },
    "tiers": {
        "SIMPLE": {"services": ["near/small", "off/mini"]},
        "MEDIUM": {"services": ["far/medium"]},
        "COMPLEX": {"services": ["far/big", "far/bigger"]},
        "REASONING": {"services": ["far/huge"]},
    },
}


def config(**more: Any) -> Config:
    return configured(**{**BASE, **more})


def decided(
    config_: Config, speakers: tuple[str, ...] = (), *, points: float = PLAIN, **wish: Any
) -> Decision:
    """With a text that counts so much."""
    said = {name: wish.pop(name) for name in ("service", "tier") if name in wish}
    signals = Signals(**{"surface": "messages", "client": "sdk", "said": "words", **wish})
    request = Request(signals=signals, said=Said(speakers=speakers, **said))
    return Selector(config_, Says({}, otherwise=points)).select(request, Snapshot(), Random(1))


def order(config_: Config, speakers: tuple[str, ...] = (), **wish: Any) -> list[str]:
    return [str(candidate.service) for candidate in decided(config_, speakers, **wish).candidates]


def source(config_: Config, speakers: tuple[str, ...] = (), **wish: Any) -> str:
    return decided(config_, speakers, **wish).source


@pytest.mark.parametrize(
    ("model", "first"),
    [
        ("claude-haiku-4-5", "near/small"),
        ("gpt-5-mini", "near/small"),
        ("gemini-2.5-flash", "near/small"),
        ("claude-opus-4-8", "far/medium"),
        ("gemini-2.5-pro", "far/medium"),
        ("gemini-exp", "far/medium"),
        ("claude-sonnet-4-5[1m]", "far/medium"),
        ("anything", "far/medium"),
        ("auto", "far/medium"),
        ("claude-tierwise-auto", "far/medium"),
        ("", "far/medium"),
    ],
)
def test_a_plain_text_begins_in_the_medium_tier_unless_a_small_model_is_asked_for(
    model: str, first: str
) -> None:
    assert order(config(), model=model)[0] == first
    assert source(config(), model=model) == "tier"


@pytest.mark.parametrize("model", ["claude-opus-4-8", "claude-sonnet-4-5", "gemini-2.5-pro", "auto", ""])
@pytest.mark.parametrize(("points", "first"), [(5, "near/small"), (KNOTTY, "far/big"), (DEEP, "far/huge")])
def test_the_text_decides_whether_a_large_model_is_asked_for_or_none(
    model: str, points: float, first: str
) -> None:
    assert order(config(), model=model, points=points)[0] == first


def test_whoever_asks_for_a_small_model_does_not_get_the_largest() -> None:
    assert order(config(), model="auto", points=DEEP)[0] == "far/huge"
    assert order(config(), model="claude-haiku-4-5", points=DEEP)[0] != "far/huge"


@pytest.mark.parametrize(
    ("model", "first"), [("simple", "near/small"), ("Claude-Tierwise-Reasoning", "far/huge")]
)
@pytest.mark.parametrize("points", [5, DEEP])
def test_the_name_of_a_tier_begins_there_whatever_is_said(model: str, first: str, points: float) -> None:
    assert order(config(), model=model, points=points)[0] == first
    assert source(config(), model=model, points=points) == "tier"


def test_after_the_wanted_tier_come_those_above_and_then_those_below() -> None:
    assert order(config(), model="medium") == [
        "far/medium",
        "far/big",
        "far/bigger",
        "far/huge",
        "near/small",
    ]


def test_a_tier_that_is_off_passes_on() -> None:
    tiers = {**BASE["tiers"], "SIMPLE": {"enabled": False, "services": ["near/small"]}}
    assert order(config(tiers=tiers), model="claude-haiku-4-5") == [
        "far/medium",
        "far/big",
        "far/bigger",
        "far/huge",
    ]


def test_a_forced_tier_beats_the_model() -> None:
    assert order(config(), model="reasoning", tier="SIMPLE", points=DEEP)[0] == "near/small"


def test_a_service_asked_for_by_name_is_the_only_one() -> None:
    assert order(config(), model="far/other") == ["far/other"]
    assert source(config(), model="far/other") == "passthrough"


def test_a_name_with_a_slash_that_names_no_provider_is_a_model_like_any_other() -> None:
    for points, first in ((PLAIN, "far/medium"), (KNOTTY, "far/big")):
        assert order(config(), model="openai/gpt-oss-20b", points=points)[0] == first


def test_a_probe_names_its_service_and_nobody_else_answers() -> None:
    assert order(config(), model="claude-opus-4-8", service=Service("near", "x")) == ["near/x"]
    assert source(config(), service=Service("near", "x")) == "probe_pin"
    assert order(config(), service=Service("off", "x")) == []


def test_the_parameters_of_a_listed_service_hold_however_it_is_asked_for() -> None:
    listed = {"provider": "far", "model": "big", "params": {"effort": "low"}}
    tiers = {"COMPLEX": {"services": [listed]}}
    for wish in ({"model": "far/big"}, {"service": Service("far", "big")}, {"model": "auto"}):
        assert decided(config(tiers=tiers), **wish).candidates[0].params == {"effort": "low"}


def test_within_a_tier_priority_orders_and_inactive_services_are_left_out() -> None:
    services = [
        {"provider": "far", "model": "second", "priority": 2},
        {"provider": "far", "model": "first", "priority": 1},
        {"provider": "far", "model": "never", "active": False},
    ]
    assert order(config(tiers={"COMPLEX": {"services": services}})) == ["far/first", "far/second"]


def test_local_only_keeps_everything_here() -> None:
    assert order(config(routing={"local_only": True}), model="claude-opus-4-8") == ["near/small"]


def test_the_first_route_that_fits_decides() -> None:
    routes = [
        {"client": "codex", "use": "pool", "services": ["far/code"]},
        {"model": "claude-haiku-*", "use": "pool", "services": ["near/h"], "strict": True},
        {"surface": "chat", "tiers": {"COMPLEX": ["far/chat"]}},
        {"profile": "night", "local_only": True},
    ]
    set_up = config(routes=routes)
    assert order(set_up, client="codex", points=KNOTTY)[:2] == ["far/code", "far/big"]
    assert source(set_up, client="codex") == "load_balancer"
    assert order(set_up, model="Claude-Haiku-4-5") == ["near/h"]
    assert order(set_up, surface="chat", points=KNOTTY)[0] == "far/chat"
    assert order(set_up, profile="night") == ["near/small"]
    assert order(set_up, points=KNOTTY)[0] == "far/big"


def test_without_routing_the_service_with_exactly_that_model_answers() -> None:
    off = config(routing={"enabled": False})
    assert order(off, model="medium")[0] == "far/medium"
    assert order(off, model="bigger") == ["far/bigger"]
    assert source(off, model="bigger") == "passthrough"
    assert order(off, model="claude-haiku-4-5")[0] == "near/small"
    assert source(off, model="claude-haiku-4-5") == "passthrough"


def test_without_any_service_the_first_who_speaks_the_language_gets_the_model_as_it_is() -> None:
    bare = config(tiers={})
    assert order(bare, ("far", "near"), model="claude-x[1m]") == ["far/claude-x"]
    assert source(bare, ("far",), model="claude-x") == "passthrough"
    assert order(bare, ("far",), model="auto") == []
    assert order(bare, (), model="claude-x") == []


def test_embeddings_go_to_their_own_model_and_never_to_a_tier() -> None:
    assert order(config(), ("near",), surface="embeddings", model="embed") == ["near/embed"]
    assert order(config(), (), surface="embeddings", model="embed") == []
    routes = [{"surface": "embeddings", "use": "pool", "services": ["near/nomic"]}]
    assert order(config(routes=routes), surface="embeddings", model="embed") == ["near/nomic"]


def test_a_model_that_is_listed_with_a_slash_in_its_name_is_that_model() -> None:
    config_ = config(
        providers={"qwen": {"kind": "openai"}, "vllm": {"kind": "vllm"}},
        tiers={"COMPLEX": {"services": ["vllm/Qwen/Qwen3-32B"]}},
    )
    assert order(config_, model="Qwen/Qwen3-32B") == ["vllm/Qwen/Qwen3-32B"]
    assert order(config_, model="qwen/other") == ["qwen/other"]
    both = config(
        providers={"qwen": {"kind": "openai"}, "vllm": {"kind": "vllm"}},
        tiers={"COMPLEX": {"services": ["vllm/qwen/m", "qwen/m"]}},
    )
    assert order(both, model="qwen/m") == ["qwen/m"]


@pytest.mark.parametrize(
    ("model", "routing", "expected"),
    [
        ("mini", {"enabled": False}, ["far/big", "far/bigger", "far/huge", "far/medium", "near/small"]),
        ("huge", {"enabled": False, "local_only": True}, ["near/small"]),
    ],
)
def test_a_model_that_cannot_be_used_is_one_of_its_family(
    model: str, routing: dict[str, Any], expected: list[str]
) -> None:
    first, *_ = order(config(routing=routing), model=model)
    assert first in expected


def test_what_a_plan_says_of_its_beginning_is_where_it_begins() -> None:
    config_ = config(tiers={**BASE["tiers"], "COMPLEX": {"services": ["off/big"]}})
    decision = decided(config_, model="auto", points=KNOTTY)
    assert str(decision.service) == "far/huge"
    assert "tier COMPLEX is off or has nobody who can take the request: REASONING instead" in [
        reason.text for reason in decision.reasons
    ]


def test_where_no_tier_can_be_used_nobody_else_is_asked_instead() -> None:
    config_ = config(tiers={"COMPLEX": {"services": ["off/big"]}})
    assert order(config_, ("far",), model="claude-opus-4-8") == []


def test_a_route_for_embeddings_comes_before_one_for_everything() -> None:
    config_ = config(
        routes=[
            {"client": "cursor", "use": "tiers"},
            {"surface": "embeddings", "use": "pool", "services": ["near/nomic"]},
        ]
    )
    assert order(config_, surface="embeddings", client="cursor", model="e") == ["near/nomic"]
