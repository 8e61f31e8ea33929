"""What the tray tells, as words: pure functions of how things stand."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.desk.figures import Counts, LastDecision
from app.desk.standing import ProviderStanding, ServerStanding, Standing, State, TierStanding
from proxy.server.quotas import QuotaWindow
from ui import words
from ui.icons import TrayState
from ui.tray.lasting import off, on_in_brackets

_LONGEST_LINE: Final = 76
"""Characters of one line of the menu; hosts do not wrap, and some do not elide."""
_LONGEST_NAME: Final = 40
"""Of a name, so that what is said of it still fits behind it."""
_SIGNS: Final[Mapping[State, str]] = {
    State.READY: "●",
    State.PARTLY: "◐",
    State.UNAVAILABLE: "▲",
    State.INCOMPLETE: "▲",
    State.OFF: "○",
}


def icon_state(standing: Standing) -> TrayState:
    """The one thing that matters most."""
    if standing.problem or not _can_serve(standing):
        return TrayState.TROUBLE
    if not standing.routing:
        return TrayState.PAUSED
    return TrayState.LOCAL_ONLY if standing.local_only else TrayState.ON


def trouble(standing: Standing) -> str:
    """What needs attention, in a sentence; empty for nothing."""
    if standing.problem:
        return standing.problem
    if not standing.providers:
        return _tr("No provider is configured.")
    return "" if _can_serve(standing) else _tr("No provider can be asked now.")


def status_line(standing: Standing, counts: Counts | None) -> str:
    """Running · 128 requests today · saved $6.10 today."""
    parts = [_running(standing)]
    if counts is not None:
        parts.append(_requests(counts))
        parts.append(_tr("saved %1 today").replace("%1", words.money(counts.saved)))
    return " · ".join(parts)


def tool_tip(standing: Standing, counts: Counts | None) -> str:
    lines = [_tr("Tierwise"), status_line(standing, counts), standing.url]
    if what := trouble(standing):
        lines.insert(1, f"⚠ {what}")
    return "\n".join(lines)


def last_line(last: LastDecision | None) -> str:
    if last is None:
        return _tr("No request since the start")
    where = last.model or _tr("nobody")
    tier = f"{last.tier} → " if last.tier else ""
    return shortened(_tr("Last: %1").replace("%1", f"{tier}{where} – {last.sentence}"))


def tier_line(tier: TierStanding, until: str = "") -> str:
    """SIMPLE · off until 14:30 → MEDIUM."""
    if not tier.enabled:
        state = off(until)
    elif not tier.services:
        state = _tr("empty")
    else:
        more = len(tier.services) - 1
        first = shortened(tier.services[0], _LONGEST_NAME)
        state = f"{first} +{more}" if more else first
    line = shortened(f"{tier.name} · {state}{_elsewhere(tier)}")
    return line + on_in_brackets(until) if tier.enabled else line


def tier_explained(tier: TierStanding) -> str:
    if tier.answered_by is None:
        return _tr("No tier can answer its turns")
    if tier.answered_by == tier.name:
        return shortened(_tr("Goes to %1").replace("%1", ", ".join(tier.services)))
    return _tr("Its turns go to %1").replace("%1", tier.answered_by)


def provider_line(provider: ProviderStanding, now: float, until: str = "") -> str:
    """● anthropic · ready · 5h 62 % used."""
    name = shortened(provider.name, _LONGEST_NAME)
    state = _state_word(provider.state) if provider.enabled else off(until)
    parts = [f"{_SIGNS[provider.state]} {name}", state]
    if provider.tightest is not None and (quota := quota_words(provider.tightest, now)):
        parts.append(quota)
    line = shortened(" · ".join(parts))
    return line + on_in_brackets(until) if provider.enabled else line


def provider_explained(provider: ProviderStanding) -> str:
    return shortened(provider.why or _tr("It can be asked"))


def quota_words(window: QuotaWindow, now: float) -> str:
    """5h 62 % used, resets in 1 h 20 min; empty where nobody knows how much is used."""
    if window.used_percent is None:
        return ""
    used = _tr("%1 %2 % used").replace("%1", window.name).replace("%2", f"{window.used_percent:.0f}")
    if window.resets_at is None or window.resets_at <= now:
        return used
    return f"{used}, " + _tr("resets in %1").replace("%1", words.ends_in(window.resets_at - now))


def servers_title(servers: Sequence[ServerStanding] | None) -> str:
    if servers is None:
        return _tr("Local models: not looked for yet")
    if not servers:
        return _tr("Local models: none found")
    models = sum(each.models for each in servers)
    return _tr("Local models: %1").replace("%1", str(models))


def server_line(server: ServerStanding) -> str:
    count = _tr("1 model") if server.models == 1 else _tr("%1 models").replace("%1", str(server.models))
    return shortened(f"{server.label} · {server.state} · {count} · {server.url}")


def shortened(line: str, longest: int = _LONGEST_LINE) -> str:
    line = " ".join(line.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def mnemonic_free(text: str) -> str:
    """An ampersand in a name is no key of the menu."""
    return text.replace("&", "&&")


def _running(standing: Standing) -> str:
    if not standing.routing:
        return _tr("Routing paused")
    return _tr("Running, local only") if standing.local_only else _tr("Running")


def _requests(counts: Counts) -> str:
    if counts.requests == 1:
        return _tr("1 request today")
    return _tr("%1 requests today").replace("%1", words.count(counts.requests))


def _elsewhere(tier: TierStanding) -> str:
    if tier.answered_by == tier.name:
        return ""
    return f" → {tier.answered_by or _tr('nobody')}"


def _state_word(state: State) -> str:
    return {
        State.READY: _tr("ready"),
        State.PARTLY: _tr("partly unavailable"),
        State.UNAVAILABLE: _tr("unavailable"),
        State.INCOMPLETE: _tr("not configured"),
        State.OFF: _tr("off"),
    }[state]


def _can_serve(standing: Standing) -> bool:
    usable = (State.READY, State.PARTLY)
    return any(
        each.state in usable and (each.is_local or not standing.local_only) for each in standing.providers
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("tray", text)
