"""Each configured provider in a few words: its state, its keys, and the limit that is nearest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.desk.standing import ProviderStanding, Standing, State
from app.providers.key_state import LACKING, USABLE, KeyKind, KeyState
from app.providers.listing import Row
from proxy.config import ProviderConfig
from proxy.config.switch import Until, provider_enabled
from proxy.providers.entrance import shown
from proxy.providers.kinds import KINDS
from proxy.server.quotas import QuotaWindow
from ui.signs import SIGNS, Level
from ui.windows.failing import fails_often, statistics_of
from ui.windows.providers.words import BETWEEN, clock, tr
from ui.words import percent

_STATES: Mapping[State, tuple[Level, str]] = {
    State.READY: ("good", "ready"),
    State.PARTLY: ("warn", "partly unavailable"),
    State.UNAVAILABLE: ("bad", "unavailable"),
    State.INCOMPLETE: ("bad", "not configured"),
    State.OFF: ("muted", "off"),
}


@dataclass(frozen=True, slots=True)
class Lately:
    """What was seen of providers, by name, beside what keeps them from being asked."""

    failed_tests: Mapping[str, str] = field(default_factory=dict)
    """Why, in a sentence, where the last test of one failed."""
    statistics: Mapping[str, Any] = field(default_factory=dict)
    """As routing tells them, or why it does not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One provider as the list tells it."""

    name: str
    kind: str
    where: str
    enabled: bool
    level: Level
    state: str
    why: str
    """A sentence; empty for one that is ready or off."""
    until: str
    """How long its switch holds; empty: for good."""
    keys: str
    limit: str

    @property
    def signed(self) -> str:
        """With how long its switch holds, where that is not for good."""
        if self.until and self.enabled:
            return f"{SIGNS[self.level]} {self.state}, {self.until}"
        return f"{SIGNS[self.level]} {self.until or self.state}"

    @property
    def about(self) -> str:
        return BETWEEN.join((self.kind, self.where))

    @property
    def more(self) -> str:
        return BETWEEN.join(filter(None, (self.keys, self.limit)))

    @property
    def spoken(self) -> str:
        told = (self.name, self.state, self.until, self.kind, self.where, self.keys, self.limit)
        return ", ".join(filter(None, told))


def entries(
    standing: Standing,
    configured: Mapping[str, ProviderConfig],
    rows: Iterable[Row] | None,
    now: float,
    lately: Lately = Lately(),
) -> list[Entry]:
    """`rows` know of the keys; None as long as the keyring has not answered."""
    known = None if rows is None else {row.name: row for row in rows}
    return [
        _entry(
            each, configured[each.name], known, standing.ends.get(provider_enabled(each.name)), now, lately
        )
        for each in standing.providers
        if each.name in configured
    ]


def _entry(
    each: ProviderStanding,
    config: ProviderConfig,
    rows: Mapping[str, Row] | None,
    end: Until | None,
    now: float,
    lately: Lately,
) -> Entry:
    row = None if rows is None else rows.get(each.name)
    level, state, why = _state(each, config, row, lately)
    return Entry(
        name=each.name,
        kind=KINDS[config.kind].label,
        where=tr("local") if each.is_local else tr("cloud"),
        enabled=each.enabled,
        level=level,
        state=state,
        why=why,
        until=_until(end, now, is_on=each.enabled),
        keys=tr("looking for its key …") if row is None else _keys(row),
        limit=limit_in_short(each.tightest, now),
    )


def _state(
    each: ProviderStanding, config: ProviderConfig, row: Row | None, lately: Lately
) -> tuple[Level, str, str]:
    kinds = set() if row is None else {key.kind for key in row.keys}
    if kinds and kinds <= LACKING and each.state not in (State.OFF, State.INCOMPLETE):
        return "bad", tr("key missing"), tr("No key of %1 can be found, so it cannot be asked.", each.name)
    is_unknown = KeyKind.UNKNOWN in kinds and not (kinds & USABLE or KINDS[config.kind].has_chain)
    if is_unknown and each.state is State.READY:
        why = tr("The keyring did not answer, so nobody knows whether it holds a key of %1.", each.name)
        return "warn", tr("key unknown"), why
    if each.state is State.READY and (troubled := _troubled(each.name, lately)) is not None:
        return troubled
    level, word = _STATES[each.state]
    return level, tr(word), each.why


def _troubled(name: str, lately: Lately) -> tuple[Level, str, str] | None:
    """Of one that nothing keeps from being asked, and that yet does not do well."""
    if why := lately.failed_tests.get(name):
        return "warn", tr("last test failed"), why
    statistics = statistics_of(name, lately.statistics)
    if fails_often(statistics):
        share = percent(statistics["errorRate"] / 100)
        return "warn", tr("fails often"), tr("Of what was tried there lately, %1 failed.", share)
    return None


def address(config: ProviderConfig) -> str:
    """Where it is asked, without what may be secret in it; empty where its account decides that."""
    return shown(config.base_url or KINDS[config.kind].root)


def _keys(row: Row) -> str:
    if len(row.keys) == 1:
        return _key(row.keys[0])
    usable = sum(key.kind in USABLE for key in row.keys)
    unknown = sum(key.kind is KeyKind.UNKNOWN for key in row.keys)
    if unknown == len(row.keys):
        return tr("%1 keys: the keyring does not answer", str(unknown))
    told = tr("%1 of %2 keys usable", str(usable), str(len(row.keys)))
    return f"{told}, {tr('%1 unknown', str(unknown))}" if unknown else told


def _key(key: KeyState) -> str:
    """As short as a line of the list; the details tell the rest."""
    variable = key.form.partition(":")[2]
    return {
        KeyKind.STORED: tr("key in the keyring"),
        KeyKind.MISSING: tr("no key in the keyring"),
        KeyKind.UNKNOWN: tr("the keyring does not answer"),
        KeyKind.SET: tr("key in %1", variable),
        KeyKind.UNSET: tr("%1 is not set", variable),
        KeyKind.ACCOUNT: tr("your account's credentials"),
        KeyKind.NONE_NEEDED: tr("without a key"),
        KeyKind.CLIENT: tr("the clients' own keys"),
    }[key.kind]


def limit_in_short(window: QuotaWindow | None, now: float) -> str:
    """The limit that is used up first; empty where none is known."""
    if window is None or window.used_percent is None:
        return ""
    told = tr("%1: %2 % used", window.name, f"{window.used_percent:.0f}")
    return told if window.resets_at is None else f"{told}, {tr('anew at %1', clock(window.resets_at, now))}"


def _until(end: Until | None, now: float, *, is_on: bool) -> str:
    if end is None:
        return ""
    if end == "run":
        return tr("on until Tierwise quits") if is_on else tr("off until Tierwise quits")
    return tr("on until %1" if is_on else "off until %1", clock(end, now))
