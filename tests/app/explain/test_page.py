"""A decision as people read it."""

from typing import Any

from app.explain.page import page_of

DECISION: dict[str, Any] = {
    "service": "p/m",
    "provider": "p",
    "model": "m",
    "tier": "COMPLEX",
    "source": "smart_routing",
    "stages": ["health", "smart_routing", "load_balancer"],
    "rule": "chores",
    "matched_rule_index": 1,
    "score": {
        "value": 62.5,
        "contributions": [{"signal": "family", "points": 62.5, "evidence": "sonnet"}],
    },
    "reasons": [
        {"stage": "health", "text": "1 of 2 services can take the request"},
        {"stage": "health", "text": "p/m is marked: it failed"},
        {"stage": "smart_routing", "text": "rule chores applies"},
    ],
    "sentence": "Sent to p/m: rule chores applies.",
    "candidates": [
        {"service": "p/m", "kept": True, "dropped_by": None, "why": "it failed"},
        {"service": "q/n", "kept": False, "dropped_by": "health", "why": "the provider q is off"},
    ],
    "session": {"id": "s1", "from": "header"},
    "economics": None,
    "config_version": "v",
    "route": "default",
    "kind": "main",
    "turn": "typed",
    "order": ["p/m"],
    "explored": False,
    "judged": [
        {"rule": "long", "holds": False, "steps": []},
        {
            "rule": "chores",
            "holds": True,
            "steps": [
                {"signal": "tokens", "op": ">", "value": "5", "holds": True, "found": 12.0, "note": ""},
                {
                    "signal": "client",
                    "op": "is",
                    "value": "x",
                    "holds": False,
                    "found": None,
                    "note": "unknown",
                },
            ],
        },
    ],
}


def test_everything_that_led_there_is_shown() -> None:
    assert page_of(DECISION).splitlines() == [
        "Sent to p/m: rule chores applies.",
        "",
        "service  p/m",
        "tier     COMPLEX",
        "source   smart_routing",
        "route    default",
        "rule     chores (index 1)",
        "turn     typed, main",
        "session  s1 (from header)",
        "",
        "Score 62.5",
        "  +62.5  family  sonnet",
        "",
        "Stages",
        "  health         1 of 2 services can take the request",
        "                 p/m is marked: it failed",
        "  smart_routing  rule chores applies",
        "  load_balancer  nothing to say",
        "",
        "Rules",
        "  long: does not hold",
        "  chores: holds        tokens > 5: yes, found 12",
        "                       client is x: no, unknown",
        "",
        "Candidates, in the order in which they are asked",
        "  1  p/m  kept               it failed",
        "  -  q/n  dropped by health  the provider q is off",
    ]


def test_where_nobody_can_serve_it_the_page_says_so() -> None:
    nobody = {
        "service": None,
        "tier": None,
        "rule": None,
        "score": None,
        "sentence": "Not sent: no service is there.",
        "reasons": [],
        "stages": [],
        "judged": [],
        "candidates": [],
        "order": [],
        "session": {"id": None, "from": "none"},
    }
    assert page_of({**DECISION, **nobody}).splitlines() == [
        "Not sent: no service is there.",
        "",
        "service  nobody",
        "tier     none",
        "source   smart_routing",
        "route    default",
        "turn     typed, main",
        "session  none",
    ]
