"""A decision as people read it: the sentence, what it is made of, and what became of every candidate."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.table import table
from app.weighing import weighing
from proxy.config import TIER_NAMES

_NONE = "none"


def page_of(decision: Mapping[str, Any]) -> str:
    sections = (
        [decision["sentence"]],
        table(_facts(decision), names=2),
        _score(decision["score"]),
        _weighed(decision.get("economics")),
        _stages(decision),
        _rules(decision["judged"]),
        _candidates(decision),
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _facts(decision: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    session = decision["session"]
    yield "service", decision["service"] or "nobody"
    yield "tier", _tier(decision)
    yield "source", decision["source"]
    yield "route", decision["route"]
    if decision["rule"] is not None:
        yield "rule", f"{decision['rule']} (index {decision['matched_rule_index']})"
    yield "turn", f"{decision['turn']}, {decision['kind']}"
    yield "session", f"{session['id']} (from {session['from']})" if session["id"] else _NONE


def _tier(decision: Mapping[str, Any]) -> str:
    got, wanted = decision["tier"] or _NONE, decision.get("wanted_tier")
    if wanted is None or wanted == got:
        return got
    is_more = got in TIER_NAMES and TIER_NAMES.index(got) > TIER_NAMES.index(wanted)
    return f"{got} ({wanted} would do)" if is_more else f"{got} (it needs {wanted})"


def _score(score: Mapping[str, Any] | None) -> list[str]:
    if score is None:
        return []
    parts = [
        (f"  {each['points']:+.1f}", each["signal"], each["evidence"]) for each in score["contributions"]
    ]
    return [f"Score {score['value']:.1f}", *(table(parts, names=3) if parts else [])]


def _weighed(economics: Mapping[str, Any] | None) -> list[str]:
    lines = [f"  {line}" for line in weighing(economics)]
    return ["Moving the session", *lines] if lines else []


def _stages(decision: Mapping[str, Any]) -> list[str]:
    """Those that looked at it, in their order, with what they found."""
    told: dict[str, list[str]] = {name: [] for name in decision["stages"]}
    for each in decision["reasons"]:
        told.setdefault(each["stage"], []).append(each["text"])
    rows = [row for name, texts in told.items() for row in _rows(f"  {name}", texts or ["nothing to say"])]
    return ["Stages", *table(rows, names=2)] if rows else []


def _rules(judged: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [
        row
        for rule in judged
        for row in _rows(
            f"  {rule['rule']}: {'holds' if rule['holds'] else 'does not hold'}",
            [_step(step) for step in rule["steps"]] or [""],
        )
    ]
    return ["Rules", *table(rows, names=2)] if rows else []


def _step(step: Mapping[str, Any]) -> str:
    found = "" if step["found"] is None else f", found {step['found']:g}"
    note = f", {step['note']}" if step["note"] else ""
    mark = "yes" if step["holds"] else "no"
    return f"{step['signal']} {step['op']} {step['value']}: {mark}{found}{note}"


def _candidates(decision: Mapping[str, Any]) -> list[str]:
    """Those that would be asked are numbered in that order."""
    places = {service: str(place) for place, service in enumerate(decision["order"], start=1)}
    rows = [
        (
            f"  {places.get(each['service'], '-')}",
            each["service"],
            "kept" if each["kept"] else f"dropped by {each['dropped_by']}",
            each["why"],
        )
        for each in decision["candidates"]
    ]
    return ["Candidates, in the order in which they are asked", *table(rows, names=4)] if rows else []


def _rows(name: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The name stands at the first of its lines only."""
    for place, text in enumerate(texts):
        yield "" if place else name, text
