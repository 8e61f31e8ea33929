"""Whether a prompt and its answer fit into a model's window, as far as both are known.

Prompts are estimated, so where a server tells that one is too long, it may as well be tried. Where none would
tell, a part of the prompt would be gone without a word: there nothing is tried that might not fit.
"""

from collections.abc import Sequence
from typing import Final

from proxy.routing.selection.reasons import Reason, Value, reason
from proxy.routing.selection.snapshot import Abilities, Snapshot
from proxy.routing.selection.stage import Refusal
from proxy.routing.service import Service
from proxy.routing.signals import Signals
from proxy.wire.failure import FailureKind

SMALL: Final = "health.small"
_SMALL_COUNTED = "health.small_counted"
_CUTS = "health.cuts"
_UNLOADED = "health.unloaded"
SIZES: Final = (SMALL, _SMALL_COUNTED, _CUTS, _UNLOADED)
OF_NOW: Final = (_SMALL_COUNTED, _CUTS, _UNLOADED)
"""What is so of a server near just now, and would be a surprise to whoever has chosen it."""

_DOUBT = 1.5
_UNSEEN, _SEEN = 1.25, 1.1
"""How much longer than it is estimated a prompt may be at worst, before and after a model has counted some.
It matters where nobody would say that it was too long."""
_LONG_SENTENCE = "The prompt is too long: about {} tokens, and no model that can be asked takes more than {}."
_UNLOADED_SENTENCE = (
    "prompt is too long: about {} tokens, and no model that can be asked takes more than {}. The largest is "
    "not loaded yet, and might be given that little: load it with more context, by hand or with `warm_up` "
    "under [local]."
)
_ROOM = 0.15
"""Of a window, at most: an answer that breaks off for want of room is worth nothing."""


def too_small(snapshot: Snapshot, signals: Signals, service: Service) -> Reason | None:
    """Why a prompt does not fit into a model's window, as far as that is known."""
    can = snapshot.abilities_of(service)
    if can.context is None:
        return None
    tokens = snapshot.tokens_at(service, signals.tokens)
    if can.cuts and service not in snapshot.counted:
        tokens = max(tokens, signals.tokens)  # some tell only what they had not read before
    fits = int((can.context - room_for_answer(can, signals.max_output)) / _at_worst(snapshot, service, can))
    return None if tokens <= fits else reason(_code(snapshot, service, can), tokens, can.context, fits)


def _code(snapshot: Snapshot, service: Service, can: Abilities) -> str:
    if service in snapshot.counted:
        return _SMALL_COUNTED
    if can.is_unloaded:
        return _UNLOADED
    return _CUTS if can.cuts else SMALL


def _at_worst(snapshot: Snapshot, service: Service, can: Abilities) -> float:
    if not can.cuts or service in snapshot.counted:
        return 1.0
    return _SEEN if service in snapshot.ratios else _UNSEEN


def is_near_its_limit(can: Abilities, tokens: int, wanted: int | None) -> bool:
    """Whether a prompt of about so many tokens may or may not fit: estimates are off by a half at worst."""
    if can.context is None:
        return False
    needed = tokens + room_for_answer(can, wanted)
    return 1 / _DOUBT <= needed / can.context <= _DOUBT


def room_for_answer(can: Abilities, wanted: int | None) -> int:
    """Tokens of its window that a model keeps free. Clients ask for far more room than they need."""
    known = [each for each in (wanted, can.max_output) if each is not None]
    share = int((can.context or 0) * _ROOM)
    return min([share, *known])


def too_long(sizes: Sequence[Reason], others: Sequence[str] = ()) -> Refusal:
    """Clients hear what makes them shorten the conversation; users, what else keeps the `others`.

    A model that is not loaded could take more, so of that the user is to read, and not the client alone.
    """
    largest = max(sizes, key=lambda why: _number(why.values[1]))
    tokens, window, fits = (_number(value) for value in largest.values[:3])
    most = window if tokens > window else fits
    more = f" {'; '.join(others)}." if others else ""
    if largest.code == _UNLOADED:
        sentence = _UNLOADED_SENTENCE.format(f"{tokens:,}", f"{most:,}")
        return Refusal(sentence + more, FailureKind.CONTEXT_OVERFLOW)
    sentence = _LONG_SENTENCE.format(f"{tokens:,}", f"{most:,}")
    return Refusal(sentence + more, FailureKind.CONTEXT_OVERFLOW, tokens=tokens, maximum=most)


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0
