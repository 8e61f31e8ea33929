"""Concerns about those who answer: providers, their keys and limits, and the model servers near."""

from collections.abc import Iterator
from typing import Final

from app.desk.standing import State
from ui.windows.overview.concern import Concern, Known, Severity, at_provider
from ui.windows.overview.orders import ResetBreaker, Visit
from ui.windows.overview.speech import clock, failure, several, tr
from ui.windows.pointing import Point

NEARLY_USED_UP: Final = 90.0
"""Percent of a quota window."""
_REFUSALS: Final = ("rejected", "forbidden", "exhausted")


def providers(known: Known) -> Iterator[Concern]:
    """Without any, local servers that run here are the shortest way to the first request."""
    standing = known.standing
    if any(each.enabled for each in standing.providers) or known.has_first_steps:
        return
    running = _unused_servers(known)
    if standing.providers:
        sentence = tr("Every provider is switched off, so every request is refused.")
        yield Concern("providers", Severity.BAD, sentence, tr("Open Providers"), Visit("providers"))
    elif running:
        sentence = tr(
            "No provider is configured yet, so every request is refused. %1 runs here and can serve.",
            running[0][1],
        )
        yield Concern(
            "providers", Severity.BAD, sentence, tr("Use local models"), Visit("tiers", Point.PROPOSE_TIERS)
        )
    else:
        sentence = tr("No provider is configured yet, so every request is refused.")
        yield Concern(
            "providers", Severity.BAD, sentence, tr("Add a provider"), Visit("providers", Point.ADD_PROVIDER)
        )


def keys(known: Known) -> Iterator[Concern]:
    """Those that are switched off are so by wish."""
    overview = known.overview or {}
    missing = overview.get("providerWarnings", ())
    off = {each.name for each in known.standing.providers if each.state is State.OFF}
    configured = {each.name for each in known.standing.providers}
    for each in () if failure(missing) else missing:
        name = each["name"]
        if name in off:
            continue
        sentence = (
            tr("%1 cannot be asked: its key is missing.", name)
            if name in configured and not _why_incomplete(known, name)
            else tr("%1 cannot be asked. %2", name, _why_incomplete(known, name) or each["missing"])
        )
        yield at_provider(f"key {name}", Severity.BAD, sentence, name)


def _why_incomplete(known: Known, name: str) -> str:
    found = (each for each in known.standing.providers if each.name == name)
    return next((each.why for each in found if each.state is State.INCOMPLETE), "")


def refusals(known: Known) -> Iterator[Concern]:
    marks = (known.routing or {}).get("marks", ())
    for mark in () if failure(marks) else marks:
        if mark["reason"] in _REFUSALS:
            name, of = mark["provider"], mark["model"] or mark["key"]
            about = f"{name} ({of})" if of else name
            yield at_provider(
                f"mark {about} {mark['reason']}", Severity.BAD, tr("%1: %2", about, mark["why"]), name
            )


def breakers(known: Known) -> Iterator[Concern]:
    told = (known.routing or {}).get("circuitBreakers", ())
    for each in () if failure(told) else told:
        if each["state"] != "open":
            continue
        until = "" if each["opens_in"] is None else clock(known.now + each["opens_in"], known.now)
        sentence = (
            tr("%1 failed too often and is left alone until %2.", each["service"], until)
            if until
            else tr("%1 failed too often and is left alone.", each["service"])
        )
        order = ResetBreaker(each["service"])
        yield Concern(f"breaker {each['service']}", Severity.WARN, sentence, tr("Ask it again now"), order)


def quotas(known: Known) -> Iterator[Concern]:
    for each in known.standing.providers:
        window = each.tightest
        if not each.enabled or window is None or (window.used_percent or 0.0) < NEARLY_USED_UP:
            continue
        again = (
            ""
            if window.resets_at is None
            else tr(" It begins anew at %1.", clock(window.resets_at, known.now))
        )
        sentence = tr(
            "%1 has used %2 % of its %3 limit.", each.name, f"{window.used_percent:.0f}", window.name
        )
        yield at_provider(f"quota {each.name}", Severity.WARN, sentence + again, each.name)


def prices(known: Known) -> Iterator[Concern]:
    for line in (known.usage or {}).get("by_provider", ()):
        if line["unpriced"]:
            name = line["name"]
            sentence = several(
                line["unpriced"],
                "1 request of the last 7 days went to a model of %2 without a price: its cost is unknown.",
                "%1 requests of the last 7 days went to models of %2 without a price: their cost is unknown.",
                name,
            )
            yield at_provider(f"price {name}", Severity.NOTE, sentence, name)


def servers(known: Known) -> Iterator[Concern]:
    if not any(each.enabled for each in known.standing.providers):
        return
    for name, label, models in _unused_servers(known):
        sentence = tr(
            "%1 runs on this machine with %2, and no tier uses it.",
            label,
            several(models, "1 model", "%1 models"),
        )
        yield Concern(
            f"server {name}", Severity.NOTE, sentence, tr("Use it"), Visit("tiers", Point.PROPOSE_TIERS)
        )


def _unused_servers(known: Known) -> list[tuple[str, str, int]]:
    """Servers that are ready and that nothing leads to: name, label and how many models they have."""
    standing = known.standing
    used = {service.partition("/")[0] for tier in standing.tiers for service in tier.services}
    used |= {each.name for each in standing.providers if not each.enabled}
    usable = (known.overview or {}).get("providers", ())
    told = () if failure(usable) else usable
    used |= {each["name"] for each in told if each["rules"] or each["routes"]}
    return [
        (each.name, each.label, each.models)
        for each in standing.servers or ()
        if each.state == "ready" and each.models and each.name not in used
    ]
