"""How a service of a tier is: in a word with a sign, and a sentence that says what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.providers.key_state import USABLE, KeyKind
from app.providers.listing import Row
from app.settings import Settings
from proxy.config import ServiceEntry, did_you_mean
from proxy.providers.provider import Provider
from proxy.routing.health.key import is_clients_own
from ui.signs import SIGNS, Level
from ui.windows.tiers.speech import later, tr

_OF_MARKS: Final[Mapping[str, tuple[Level, str]]] = {
    "rejected": ("bad", later("key refused")),
    "forbidden": ("bad", later("key not allowed")),
    "exhausted": ("bad", later("used up")),
    "not found": ("bad", later("model unknown")),
    "rate limited": ("warn", later("limited")),
    "overloaded": ("warn", later("overloaded")),
    "allowance": ("warn", later("used up")),
    "away": ("warn", later("not running")),
    "loading": ("warn", later("loading")),
}
_OPEN: Final = "open"
_CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True)
class State:
    """`needs_provider`: it is mended on the page of providers."""

    level: Level
    word: str
    sentence: str = ""
    needs_provider: bool = False

    @property
    def told(self) -> str:
        return f"{SIGNS[self.level]} {self.word}"


@dataclass(frozen=True, slots=True)
class Known:
    """What was answered of providers and their health; None as long as nothing was."""

    providers: Mapping[str, Row] | None = None
    breakers: Sequence[Mapping[str, Any]] = ()
    marks: Sequence[Mapping[str, Any]] = ()
    accuracy: Mapping[str, Any] | None = None
    """How often each tier was too low, as the routing page tells it."""


def state_of(entry: ServiceEntry, settings: Settings, known: Known) -> State:
    """The first thing that keeps it from being asked."""
    found = next(_of_settings(entry, settings), None) or next(_of_provider(entry, settings, known), None)
    if found is not None:
        return found
    troubled = next(_of_health(entry, settings, known), None) or next(_of_keyring(entry, known), None)
    if troubled is not None:
        return troubled
    return State("good", tr("ready")) if known.providers is not None else State("muted", tr("looking …"))


def _of_settings(entry: ServiceEntry, settings: Settings) -> Iterator[State]:
    provider = settings.providers.get(entry.provider)
    if provider is None:
        meant = did_you_mean(entry.provider, settings.providers) or "."
        sentence = tr("No provider is called “%1”%2 Add it on the page Providers.", entry.provider, meant)
        yield State("bad", tr("unknown provider"), sentence, needs_provider=True)
    elif not entry.active:
        yield State("muted", tr("not used"), tr("It is listed, and never asked until it is switched on."))
    elif not provider.enabled:
        sentence = tr("The provider %1 is switched off.", entry.provider)
        yield State("muted", tr("provider off"), sentence, needs_provider=True)
    elif settings.routing.local_only and not provider.keeps_here(entry.model):
        yield State("muted", tr("held back"), tr("Only local models may answer now, and this is none."))


def _of_provider(entry: ServiceEntry, settings: Settings, known: Known) -> Iterator[State]:
    unfinished = Provider(entry.provider, settings.providers[entry.provider]).why_not_configured()
    if unfinished is not None:
        yield State("bad", tr("not configured"), unfinished, needs_provider=True)
    row = None if known.providers is None else known.providers.get(entry.provider)
    if row is not None and row.missing and not any(key.kind in USABLE for key in row.keys):
        is_stored_here = any(key.kind is KeyKind.MISSING for key in row.keys)
        takes_one = tr("The key of %1 is missing: the page Providers takes one.", entry.provider)
        sentence = takes_one if is_stored_here else row.missing
        yield State("bad", tr("key missing"), sentence, needs_provider=True)


def _of_health(entry: ServiceEntry, settings: Settings, known: Known) -> Iterator[State]:
    has_other_keys = len(settings.providers[entry.provider].key_forms) > 1
    for breaker in known.breakers:
        if breaker["service"] == entry.name and breaker["state"] == _OPEN:
            yield State("bad", tr("left alone"), tr("It failed too often and is left alone for a while."))
    for mark in known.marks:
        if _concerns(mark, entry):
            level, word = _OF_MARKS.get(mark["reason"], ("warn", later("unwell")))
            if mark["key"] and has_other_keys:
                yield State("warn", tr("one key: %1", tr(word)), _of_key(mark))
            else:
                yield State(level, tr(word), _of_key(mark))
    for breaker in known.breakers:
        if breaker["service"] == entry.name and breaker["state"] != _CLOSED:
            yield State("warn", tr("tried again"), tr("It failed before, and is being tried again."))


def _of_keyring(entry: ServiceEntry, known: Known) -> Iterator[State]:
    """Nobody knows whether it has a key. Whoever was asked before may go on with the one it had."""
    row = None if known.providers is None else known.providers.get(entry.provider)
    kinds = set() if row is None else {key.kind for key in row.keys}
    if KeyKind.UNKNOWN in kinds and not kinds & (USABLE - {KeyKind.UNKNOWN}):
        sentence = tr(
            "The keyring did not answer, so it is unknown whether the key of %1 is there. The page Providers "
            "tells why.",
            entry.provider,
        )
        yield State("warn", tr("key unknown"), sentence, needs_provider=True)


def _concerns(mark: Mapping[str, Any], entry: ServiceEntry) -> bool:
    """A key that a client brings along is in nobody else's way."""
    is_here = mark["provider"] == entry.provider and mark["model"] in (None, entry.model)
    return is_here and not is_clients_own(mark["key"] or "")


def _of_key(mark: Mapping[str, Any]) -> str:
    why = str(mark["why"])
    return tr("Key %1: %2", str(mark["key"]), why) if mark["key"] else why
