"""A decision as JSON: the members that other programs rely on, and nothing that a request said."""

import json

import pytest

from proxy.routing.selection.told import told
from tests.proxy.routing.selection.judging import Says
from tests.proxy.routing.selection.simulator import Simulator

PROVIDERS = {
    name: {"kind": "openai-compatible", "base_url": f"http://{name}.example/v1", "key": "none"}
    for name in ("a", "b")
}
RULE = {
    "name": "long",
    "when": [{"signal": "user_text", "op": "contains", "value": "marked"}],
    "services": [{"provider": "b", "model": "m"}],
}
MARKED = {"messages": [{"role": "user", "content": "the marked words"}]}

MEMBERS = {
    "service", "provider", "model", "tier", "source", "stages", "rule", "matched_rule_index", "score",
    "reasons", "sentence", "candidates", "session", "economics", "config_version",
}  # fmt: skip


def by_tiers(**more: object) -> Simulator:
    tiers = {"SIMPLE": {"services": ["a/s"]}, "COMPLEX": {"services": ["a/m", "b/m"]}}
    return Simulator({"providers": PROVIDERS, "tiers": tiers, **more}, judge=Says({}, otherwise=62.5))


def test_every_member_that_is_promised_is_there() -> None:
    page = told(by_tiers().decide())
    assert set(page) > MEMBERS
    assert page["service"] == "a/m"
    assert (page["provider"], page["model"], page["tier"], page["source"]) == ("a", "m", "COMPLEX", "tier")
    assert page["stages"] == ["health", "smart_routing", "tier", "affinity", "load_balancer"]
    assert (page["rule"], page["matched_rule_index"]) == (None, -1)
    assert page["score"]["value"] == pytest.approx(62.5)
    assert page["wanted_tier"] == "COMPLEX"
    assert set(page["score"]["contributions"][0]) == {"signal", "points", "evidence"}
    assert {"stage": "tier", "text": "a score of 62.5 means tier COMPLEX"} in page["reasons"]
    assert page["session"] == {"id": "s1", "from": "header"}
    assert page["economics"] is None
    assert (page["route"], page["kind"], page["turn"], page["explored"]) == (
        "default",
        "main",
        "typed",
        False,
    )
    assert page["order"] == ["a/m", "b/m", "a/s"]
    assert [each["service"] for each in page["candidates"]] == page["order"]
    assert page["candidates"][0] == {"service": "a/m", "kept": True, "dropped_by": None, "why": ""}
    json.dumps(page)


def test_who_was_dropped_is_told_with_the_stage_and_the_reason() -> None:
    inactive = {"provider": "b", "model": "m", "active": False}
    page = told(by_tiers(tiers={"COMPLEX": {"services": ["a/m", inactive]}}).decide())
    assert page["candidates"][1] == {
        "service": "b/m",
        "kept": False,
        "dropped_by": "health",
        "why": "it is listed, but not active",
    }


def test_a_rule_is_told_with_its_steps_and_without_a_word_of_the_request() -> None:
    page = told(by_tiers(rules=[RULE]).decide(MARKED))
    assert (page["rule"], page["matched_rule_index"], page["source"]) == ("long", 0, "smart_routing")
    [judged] = page["judged"]
    assert (judged["rule"], judged["holds"]) == ("long", True)
    assert judged["steps"] == [
        {"signal": "user_text", "op": "contains", "value": "marked", "holds": True, "found": 4.0, "note": ""}
    ]
    assert "the marked words" not in json.dumps(page)


def test_a_refusal_has_no_service_and_says_why() -> None:
    page = told(Simulator({"providers": PROVIDERS}).decide(model="simple"))
    assert page["service"] is None
    assert page["sentence"].startswith("Not sent: ")
