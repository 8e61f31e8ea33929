"""Concerns about the program itself: its settings and switches, the record, budgets and privacy."""

from collections.abc import Iterator

from proxy.config.switch import LOCAL_ONLY, ROUTING, Lasting, Switch, What
from ui.windows.overview.concern import Concern, Known, Severity
from ui.windows.overview.orders import EndOverride, MakeSwitch, Visit
from ui.windows.overview.speech import clock, failure, several, tr


def settings(known: Known) -> Iterator[Concern]:
    if known.problems:
        first, *others = known.problems
        more = several(len(others), " One more problem.", " %1 more problems.") if others else ""
        yield Concern(
            "settings",
            Severity.BAD,
            tr("config.toml cannot be used, so the last good one is in force. %1", first) + more,
            tr("Open Settings"),
            Visit("settings", "files"),
        )


def record(known: Known) -> Iterator[Concern]:
    ledger = (known.overview or {}).get("ledger", {})
    visit = Visit("settings", "record")
    if ledger.get("problem"):
        yield Concern("record", Severity.BAD, ledger["problem"], tr("Open Settings"), visit)
    if ledger.get("dropped"):
        lost = several(
            ledger["dropped"],
            "1 request could not be recorded, and is in no number here.",
            "%1 requests could not be recorded, and are in no number here.",
        )
        yield Concern("record lost", Severity.WARN, lost, tr("Open Settings"), visit)
    if ledger.get("notice"):
        yield Concern("record notice", Severity.WARN, ledger["notice"], tr("Open Settings"), visit)


def budgets(known: Known) -> Iterator[Concern]:
    budgets = (known.overview or {}).get("budgets", {})
    if budgets.get("over"):
        severity = Severity.BAD if budgets["action"] == "stop" else Severity.WARN
        yield Concern("budget", severity, budgets["sentence"], tr("See what was spent"), Visit("usage"))


def switches(known: Known) -> Iterator[Concern]:
    if not known.standing.routing:
        sentence = tr(
            "Routing is paused%1: every request goes to the model that it asks for.", _until(known, ROUTING)
        )
        order = MakeSwitch(_back(known, ROUTING, value=True), tr("Routing is on again."))
        yield Concern("routing", Severity.WARN, sentence, tr("Switch on"), order)
    if known.standing.local_only and LOCAL_ONLY in known.standing.ends:
        sentence = tr("Only models on this machine may answer%1.", _until(known, LOCAL_ONLY))
        order = MakeSwitch(_back(known, LOCAL_ONLY, value=False), tr("All providers may answer again."))
        yield Concern("local only", Severity.NOTE, sentence, tr("Let all answer"), order)


def _back(known: Known, what: What, *, value: bool) -> Switch:
    """What was switched for a while is taken back; what the file says is written anew."""
    return Switch(what, None, Lasting.RUN) if what in known.standing.ends else Switch(what, value)


def _until(known: Known, what: What) -> str:
    until = known.standing.ends.get(what)
    if until is None:
        return ""
    return tr(" until Tierwise ends") if until == "run" else tr(" until %1", clock(float(until), known.now))


def override(known: Known) -> Iterator[Concern]:
    override = (known.routing or {}).get("override")
    if override is None or failure(override):
        return
    ends_in = override["ends_in"]
    until = "" if ends_in is None else tr(" until %1", clock(known.now + ends_in, known.now))
    sentence = tr("Every request goes to %1%2, whatever it needs.", override["tier"], until)
    yield Concern("override", Severity.NOTE, sentence, tr("Let each decide"), EndOverride())


def bodies(known: Known) -> Iterator[Concern]:
    if days := (known.overview or {}).get("keep_bodies_days", 0):
        sentence = several(
            days, "Prompts and answers are kept for 1 day.", "Prompts and answers are kept for %1 days."
        )
        yield Concern("bodies", Severity.NOTE, sentence, tr("Open Settings"), Visit("settings", "privacy"))
