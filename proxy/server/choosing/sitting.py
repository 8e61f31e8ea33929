"""Where a session is after an answer: its pin is written, moved or renewed, and told what it was answered."""

from msgspec.structs import replace

from proxy.config import AffinityConfig
from proxy.exchange import Attempt
from proxy.routing.affinity.affinity import Affinity
from proxy.routing.affinity.pins import Pin
from proxy.routing.caches.beliefs import Belief
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.effects import KeepPin, WritePin
from proxy.routing.selection.pinning import moved_pin
from proxy.routing.signals import Kind

_LONGEST_TOOL = 600.0
"""Seconds after which a call is taken to have been given up, when the client goes on with another model."""


def settle(
    pins: Affinity,
    config: AffinityConfig,
    decision: Decision,
    effect: WritePin | KeepPin,
    serving: Attempt,
    now: float,
) -> bool:
    """The session is with whoever answers it, as it was meant to be or not. False: this was beside it."""
    thread, partition = effect.thread, effect.partition
    known = pins.remembered(thread)
    before = None if known is None else known.pins.get(partition)
    pin = effect.pin if isinstance(effect, WritePin) else before
    if pin is None:
        return False
    if isinstance(effect, WritePin) and before is not None and _comes_after(before, effect.pin, decision):
        return False
    last = None if known is None else known.pins.get(known.last)
    is_typed = not decision.is_tool_turn
    leads = (is_typed or isinstance(effect, WritePin)) and not (is_typed and _is_beside(last, pin, now))
    if serving.service != decision.service:
        version = decision.versions.get(serving.service, "")
        pin = moved_pin(pin, serving.service, serving.tier, version, now, now + config.ttl)
    if is_typed:
        pin = replace(pin, rule=decision.rule or "")
    if pin != before:
        pins.put(thread, partition, pin, now, config.max_sessions, is_typed=leads or known is None)
    elif leads:
        pins.followed(thread, partition)
    if is_typed and isinstance(effect, KeepPin) and serving.service == decision.service:
        pins.relabelled(thread, partition, serving.tier)
    if is_typed and decision.kind is Kind.MAIN:
        score = None if decision.score is None else decision.score.value
        pins.note_need(thread, decision.wanted, score, decision.turn_mark)
    if config.sliding and isinstance(effect, KeepPin) and pin.service == decision.service:
        pins.renew(thread, partition, now, config.ttl, config.max_age)
    return True


def note_answer(pins: Affinity, effect: WritePin | KeepPin, serving: Attempt, cached: Belief | None) -> None:
    """What the answer told of the session, unless that has gone elsewhere meanwhile.

    What is believed to be cached is kept with the pin, so that it is known after a restart.
    """
    pin = _pin(pins, effect)
    if pin is None or pin.service != serving.service:
        return
    pins.note_answer(
        effect.thread,
        effect.partition,
        serving.answer_id or "",
        awaits_result=bool(serving.calls),
        prefix=0 if cached is None else cached.prefix,
        warm_until=0.0 if cached is None else cached.until,
    )


def _pin(pins: Affinity, effect: WritePin | KeepPin) -> Pin | None:
    known = pins.remembered(effect.thread)
    return None if known is None else known.pins.get(effect.partition)


def _comes_after(before: Pin, pin: Pin, decision: Decision) -> bool:
    """Whether the pin there is must stay: a later turn has written it, or awaits what this one has not."""
    if before.locked_at > pin.locked_at:
        return True
    return not decision.is_tool_turn and _is_beside(before, pin, pin.locked_at)


def _is_beside(before: Pin | None, pin: Pin, now: float) -> bool:
    """Whether a turn that asks for another model comes in between a call and its result."""
    if before is None or not before.awaits_result or before.requested == pin.requested:
        return False
    return now - before.locked_at < _LONGEST_TOOL
