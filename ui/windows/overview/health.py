"""How each configured provider does, in words: its state, its times, and the limit that is nearest."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from app.desk.standing import ProviderStanding, State
from proxy.server.quotas import QuotaWindow
from ui.signs import SIGNS, Level
from ui.windows.failing import fails_often
from ui.windows.overview.speech import Part, clock, failure, joined, tr
from ui.words import UNKNOWN

Row = dict[str, Any]

_STATES: Final[Mapping[str, tuple[Level, str, str]]] = {
    "rejected": ("bad", "key refused", "key refused"),
    "forbidden": ("bad", "key not allowed", "key not allowed"),
    "exhausted": ("bad", "used up", "used up until %1"),
    "not found": ("warn", "model unknown", "model unknown"),
    "rate limited": ("warn", "limited", "limited until %1"),
    "overloaded": ("warn", "overloaded", "overloaded until %1"),
    "allowance": ("warn", "used up", "used up until %1"),
    "broken": ("bad", "left alone", "left alone until %1"),
    "away": ("warn", "not running", "not running"),
    "loading": ("warn", "loading its model", "loading its model"),
    "probed": ("warn", "being tried again", "being tried again"),
}
"""By the reason of a mark: how bad, and the words for it without an end and with one."""


def usable_names(overview: Part | None) -> Collection[str] | None:
    """Those with all that it takes to be asked; None where that is not known."""
    usable = None if overview is None else overview["providers"]
    return None if usable is None or failure(usable) else {each["name"] for each in usable}


def provider_rows(
    providers: Sequence[ProviderStanding], routing: Part, usable: Collection[str] | None, now: float
) -> list[Row]:
    """One row for each."""
    statistics, marks, breakers = (
        {} if failure(routing[name]) else routing[name]
        for name in ("providerStats", "marks", "circuitBreakers")
    )
    return [
        _row(each, statistics.get(each.name), _state(each, list(marks), list(breakers), usable, now), now)
        for each in providers
    ]


def _row(each: ProviderStanding, known: Part | None, state: tuple[Level, str, str], now: float) -> Row:
    level, word, why = state
    times = known or {}
    if level == "good":
        level, word = _unmarked(times)
    return {
        "name": each.name,
        "level": level,
        "state": f"{SIGNS[level]} {word}",
        "why": joined(word, why),
        "p50": times.get("p50"),
        "p95": times.get("p95"),
        "first_byte": (times.get("first_byte_ms") or {}).get("p50"),
        "error_share": None if times.get("errorRate") is None else times["errorRate"] / 100,
        "quota": limit_told(each.tightest, now),
    }


def _unmarked(times: Part) -> tuple[Level, str]:
    """Nothing keeps it from being asked; how it answers, its numbers tell."""
    if not times.get("total"):
        return "muted", tr("not asked lately")
    return ("warn", tr("fails often")) if fails_often(times) else ("good", tr("well"))


def _state(
    each: ProviderStanding,
    marks: Sequence[Part],
    breakers: Sequence[Part],
    usable: Collection[str] | None,
    now: float,
) -> tuple[Level, str, str]:
    if each.state is State.OFF:
        return "muted", tr("off"), tr("It is switched off.")
    if each.state is State.INCOMPLETE:
        return "bad", tr("not configured"), each.why
    if usable is not None and each.name not in usable:
        return "bad", tr("key missing"), tr("No key of %1 is stored on this machine.", each.name)
    own = [mark for mark in marks if mark["provider"] == each.name]
    if each.state is State.UNAVAILABLE:
        whole = [mark for mark in own if mark["model"] is None]
        return (*_of_mark(whole[0], now), each.why) if whole else ("bad", tr("unavailable"), each.why)
    found = next(_of_some(each.name, own, breakers, now), None)
    return ("good", "", "") if found is None else (*found, each.why)


def _of_some(
    name: str, marks: Sequence[Part], breakers: Sequence[Part], now: float
) -> Iterator[tuple[Level, str]]:
    """What keeps some of its models or keys from being asked; the worst first."""
    for each in breakers:
        if each["provider"] == name and each["state"] == "open":
            yield "bad", tr("breaker open: %1", each["model"])
    for each in breakers:
        if each["provider"] == name and each["state"] != "closed":
            yield "warn", tr("tried again: %1", each["model"])
    for mark in marks:
        level, word = _of_mark(mark, now)
        yield "warn" if level == "bad" else level, f"{word}: {mark['model'] or mark['key'] or tr('a key')}"


def _of_mark(mark: Part, now: float) -> tuple[Level, str]:
    level, word, word_with_end = _STATES.get(mark["reason"], ("warn", "unavailable", "unavailable until %1"))
    ends_in = mark["ends_in"]
    return level, tr(word) if ends_in is None else tr(word_with_end, clock(now + ends_in, now))


def limit_told(window: QuotaWindow | None, now: float) -> str:
    """The limit that is used up first: how far, and when it begins anew."""
    if window is None:
        return UNKNOWN
    if window.used_percent is not None:
        level = tr("%1: %2 %", window.name, f"{window.used_percent:.0f}")
    elif window.remaining is not None:
        level = tr("%1: %2 left", window.name, f"{window.remaining:,.10g} {window.unit}".strip())
    else:
        level = tr("%1: unknown", window.name)
    again = "" if window.resets_at is None else tr("anew %1", clock(window.resets_at, now))
    return joined(level, again)
