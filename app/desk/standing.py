"""How everything stands at this moment, from memory alone: what a tray shows in its menu."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.desk.program import Program
from proxy.config import TIER_NAMES, ProviderConfig, TierName
from proxy.config.switch import Until, What
from proxy.local.naming import names
from proxy.providers.provider import Provider
from proxy.routing.health.breaker import State as BreakerState
from proxy.routing.health.key import is_clients_own
from proxy.routing.health.marks import SENTENCES, Reason
from proxy.routing.health.standing import View
from proxy.routing.selection.standing_in import answering
from proxy.server.quotas import QuotaWindow


class State(StrEnum):
    """How a provider is, as far as anybody has noticed."""

    READY = "ready"
    PARTLY = "partly unavailable"
    """Some of its models or keys cannot be used."""
    UNAVAILABLE = "unavailable"
    INCOMPLETE = "not configured"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class TierStanding:
    """One tier."""

    name: TierName
    enabled: bool
    answered_by: TierName | None
    """Where its traffic goes: itself, the one that stands in for it, or None where no tier can answer."""
    services: tuple[str, ...]
    """Those that are active, as provider/model."""


@dataclass(frozen=True, slots=True)
class ProviderStanding:
    """One provider."""

    name: str
    enabled: bool
    is_local: bool
    state: State
    why: str
    """A sentence; empty for one that is ready or off."""
    tightest: QuotaWindow | None
    """The quota window that ends first; None where none is known."""


@dataclass(frozen=True, slots=True)
class ServerStanding:
    """One model server of this machine."""

    name: str
    label: str
    url: str
    state: str
    models: int


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it."""

    url: str
    routing: bool
    local_only: bool
    profile: str
    tiers: tuple[TierStanding, ...]
    providers: tuple[ProviderStanding, ...]
    servers: tuple[ServerStanding, ...] | None
    """None as long as nobody has looked for any."""
    ends: Mapping[What, Until]
    """What is switched for a while, and until when."""
    problem: str
    """What is wrong with the program itself, in a sentence; empty for nothing."""


def standing_of(program: Program) -> Standing:
    config, answers = program.loaded.settings, program.gateway.answers
    view = answers.health()
    tightest = {each.provider: each.tightest for each in answers.known_quota().providers}
    return Standing(
        url=program.gateway.url,
        routing=config.routing.enabled,
        local_only=config.routing.local_only,
        profile=config.routing.profile,
        tiers=tuple(
            TierStanding(
                name,
                config.tier(name).enabled,
                answering(config, name),
                tuple(each.name for each in config.tier(name).services if each.active),
            )
            for name in TIER_NAMES
        ),
        providers=tuple(
            _provider(name, table, view, tightest.get(name)) for name, table in config.providers.items()
        ),
        servers=_servers(program),
        ends=program.ends(),
        problem=_problem(program),
    )


def _problem(program: Program) -> str:
    loaded, state = program.loaded, program.gateway.answers.state
    if loaded.problems:
        return f"config.toml is not in order: {loaded.problems[0]} What held before holds on."
    return "" if state is None else state.ledger.condition.problem


def _provider(name: str, table: ProviderConfig, view: View, tightest: QuotaWindow | None) -> ProviderStanding:
    state, why = _state(name, table, view)
    return ProviderStanding(name, table.enabled, table.is_on_this_machine, state, why, tightest)


def _state(name: str, table: ProviderConfig, view: View) -> tuple[State, str]:
    if not table.enabled:
        return State.OFF, ""
    missing = Provider(name, table).why_not_configured()
    if missing is not None:
        return State.INCOMPLETE, missing
    whole = [mark for mark in view.marks if mark.place.provider == name and not mark.place.model]
    of_ours = [mark for mark in whole if not is_clients_own(mark.place.label)]
    by_key = {mark.place.label: SENTENCES[mark.reason] for mark in of_ours}
    if "" in by_key:
        return State.UNAVAILABLE, by_key[""]
    if by_key and len(by_key) >= len(table.key_forms):
        return State.UNAVAILABLE, next(iter(by_key.values()))
    partly = next(_of_some(name, view), "")
    return (State.PARTLY, partly) if partly else (State.READY, "")


def _of_some(name: str, view: View) -> Iterator[str]:
    """What keeps some of its models or keys from being used."""
    for mark in view.marks:
        if mark.place.provider == name:
            of = mark.place.model or f"key {mark.place.label}"
            yield f"{of}: {SENTENCES[mark.reason]}"
    for breaker in view.breakers:
        if breaker.service.provider == name and breaker.state is not BreakerState.CLOSED:
            reason = Reason.BROKEN if breaker.state is BreakerState.OPEN else Reason.PROBED
            yield f"{breaker.service.model}: {SENTENCES[reason]}"


def _servers(program: Program) -> tuple[ServerStanding, ...] | None:
    found = program.local_servers()
    if found is None:
        return None
    called = names(found, program.loaded.settings)
    return tuple(
        ServerStanding(
            called[each.place], each.sort.label, each.place.url, each.state.value, len(each.models)
        )
        for each in found
    )
