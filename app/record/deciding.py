"""A decision in words: what came of it, what led to it, and who else was in question."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.weighing import weighing

Row = Mapping[str, Any]


def facts(row: Row) -> dict[str, list[str]]:
    """Headings, and the lines under each. Exchanges of long ago have no decision any more."""
    decision = row["decision"]
    if decision is None:
        return {"Why": row["reasons"]}
    return {
        "Why": [decision["sentence"]],
        "Route": [_route(decision)],
        "Stages": [f"{each['stage']}: {each['text']}" for each in decision["reasons"]],
        "Rules": [_rule(each) for each in decision["judged"]],
        "Score": list(_score(decision["score"])),
        "Moving": list(weighing(decision.get("economics"))),
        "Candidates": [_candidate(each) for each in decision["candidates"]],
    }


def _route(decision: Row) -> str:
    turn = "a tool's result" if decision["turn"] == "tool" else "a typed turn"
    explored = ", to try another service" if decision["explored"] else ""
    session = decision["session"]["from"]
    known = "no session" if session == "none" else f"session known by {session}"
    return f"{decision['route']} ({decision['kind']}, {turn}, {known}{explored})"


def _rule(rule: Row) -> str:
    held = "holds" if rule["holds"] else "does not hold"
    steps = "; ".join(_step(each) for each in rule["steps"])
    return f"{rule['rule']} {held}" + (f" ({steps})" if steps else "")


def _step(step: Row) -> str:
    test = " ".join(filter(None, (step["signal"], step["op"], step["value"])))
    return f"{test}: {step['note'] or ('yes' if step['holds'] else 'no')}{_found(step['found'])}"


def _found(number: float | None) -> str:
    return "" if number is None else f", found {number:.10g}"


def _score(score: Row | None) -> Iterator[str]:
    if score is None:
        return
    yield f"{score['value']:.1f} of 100"
    for each in score["contributions"]:
        evidence = f": {each['evidence']}" if each["evidence"] else ""
        yield f"  {each['points']:+.1f} {each['signal']}{evidence}"


def _candidate(candidate: Row) -> str:
    service, why = candidate["service"], candidate["why"]
    if candidate["kept"]:
        return f"{service} ({why})" if why else f"{service}"
    return f"{service}: left out by {candidate['dropped_by']}, {why}"


def listed(headings: Mapping[str, Sequence[str]], width: int) -> list[str]:
    """Each heading before the first of its lines."""
    return [
        f"{heading if not n else '':{width}}  {line}"
        for heading, lines in headings.items()
        for n, line in enumerate(lines)
    ]
