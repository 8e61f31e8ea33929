"""What keeps services from being asked, as rows: breakers and marks, how each ends, and what to do."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ui import words
from ui.speech import Speech, later

tr = Speech("unwell").tr

Row = dict[str, Any]

_ENDINGS: Final = {
    "rejected": later("until the key is changed"),
    "allowance": later("until there is quota again"),
    "away": later("until its server runs again"),
    "loading": later("until its model is loaded"),
}
_NAMES: Final = {
    "rejected": later("✕ Key rejected"),
    "forbidden": later("✕ Not allowed"),
    "exhausted": later("✕ Quota exhausted"),
    "not found": later("✕ Model not found"),
    "rate limited": later("◔ Rate limited"),
    "overloaded": later("◔ Overloaded"),
    "allowance": later("✕ Budget used up"),
    "away": later("○ Not running"),
    "loading": later("◔ Loading"),
}
_OF_ITS_SERVER: Final = frozenset({"away", "loading"})
"""A reset cannot end these: they are how things are."""
EVERY_MODEL: Final = "*"
"""A reset of what concerns the whole provider lets each of its models be asked again."""
_FAILURES: Final = later("It failed too often and is left alone.")


def unwell_rows(routing: Mapping[str, Any], age: float) -> list[Row]:
    """`age` is how many seconds ago that was told."""
    marks = [each for each in routing["marks"] or () if not _is_over(each["ends_in"], age)]
    breakers = (each for each in routing["circuitBreakers"] or () if _matters(each, marks))
    return [*(_of_breaker(each, age) for each in breakers), *(_of_mark(each, age) for each in marks)]


def asked_again(reset: str) -> str:
    """What a reset of this service, or of every model of a provider, leads to."""
    named = reset.removesuffix(f"/{EVERY_MODEL}")
    return tr("%1 may be asked again from the next request on.", named)


def next_end(routing: Mapping[str, Any]) -> float | None:
    """Seconds until the first of them ends by itself."""
    return min(_ends(routing), default=None)


def _ends(routing: Mapping[str, Any]) -> Iterator[float]:
    for each in routing["circuitBreakers"] or ():
        if each["opens_in"] is not None and each["opens_in"] > 0:
            yield each["opens_in"]
    for mark in routing["marks"] or ():
        if mark["ends_in"] is not None and mark["ends_in"] > 0:
            yield mark["ends_in"]


def _matters(breaker: Mapping[str, Any], marks: Iterable[Mapping[str, Any]]) -> bool:
    """A closed one is of interest as long as it counts failures and no mark says more of its service."""
    if breaker["state"] != "closed":
        return True
    return bool(breaker["failures"]) and not any(_is_about(mark, breaker["service"]) for mark in marks)


def _is_about(mark: Mapping[str, Any], service: str) -> bool:
    """One of a provider or of its key is about each of its models."""
    provider, _, model = service.partition("/")
    return bool(mark["provider"] == provider and mark["model"] in (None, model))


def _of_breaker(breaker: Mapping[str, Any], age: float) -> Row:
    opens_in = None if breaker["opens_in"] is None else breaker["opens_in"] - age
    state, severity, told = _state(breaker, opens_in)
    return {
        "key": ("breaker", breaker["service"]),
        "service": breaker["service"],
        "reset": breaker["service"],
        "state": state,
        "severity": severity,
        "since": words.UNKNOWN if breaker["state"] == "closed" else _ago(breaker["since"], age),
        "ends": told,
        "failures": words.count(breaker["failures"]),
        "last": _ago(breaker["last_failure"], age),
        "why": tr(_FAILURES) if severity == "bad" else "",
    }


def _state(breaker: Mapping[str, Any], opens_in: float | None) -> tuple[str, str, str]:
    if breaker["state"] == "open":
        told = (
            tr("for %1 more").replace("%1", words.seconds(opens_in))
            if opens_in is not None
            else words.UNKNOWN
        )
        return tr("✕ Left alone"), "bad", told
    if breaker["state"] == "half open":
        is_probed = breaker["is_probed"]
        return (
            tr("◐ Tried again"),
            "warn",
            tr("is being tried now") if is_probed else tr("the next request tries it"),
        )
    return tr("▲ Failed lately"), "warn", tr("may be asked still")


def _of_mark(mark: Mapping[str, Any], age: float) -> Row:
    reason = mark["reason"]
    service = mark["provider"] if mark["model"] is None else f"{mark['provider']}/{mark['model']}"
    named = (
        service if mark["key"] is None else tr("%1, key %2").replace("%1", service).replace("%2", mark["key"])
    )
    is_hard = tr(_NAMES.get(reason, "✕")).startswith("✕")
    return {
        "key": ("mark", service, mark["key"], reason),
        "service": named,
        "reset": None if reason in _OF_ITS_SERVER else f"{mark['provider']}/{mark['model'] or EVERY_MODEL}",
        "state": tr(_NAMES[reason]) if reason in _NAMES else reason,
        "severity": "bad" if is_hard else "warn",
        "since": words.UNKNOWN,
        "ends": _ending(reason, mark["ends_in"], age),
        "failures": words.UNKNOWN,
        "last": words.UNKNOWN,
        "why": mark["why"],
    }


def _ending(reason: str, ends_in: float | None, age: float) -> str:
    if ends_in is None:
        return tr(_ENDINGS.get(reason, later("until something changes")))
    return tr("for %1 more").replace("%1", words.seconds(ends_in - age))


def _is_over(ends_in: float | None, age: float) -> bool:
    return ends_in is not None and ends_in <= age


def _ago(moment: float | None, age: float) -> str:
    """Times that are gone by are told as negative seconds."""
    if moment is None:
        return words.UNKNOWN
    return tr("%1 ago").replace("%1", words.roughly(age - moment))
