"""Decisions for exchanges that are made up: the selector's own, one for each sort of turn."""

from dataclasses import dataclass, field
from random import Random
from typing import Final

from proxy.config import Config, TierName
from proxy.exchange import Surface
from proxy.routing.affinity.pins import Pin, Remembered
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import Request, Said
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.service import Service
from proxy.routing.signals import SessionId, Signals

RULES: Final = (
    {
        "name": "screenshots need eyes",
        "when": ({"signal": "content", "op": "has", "value": "image"},),
        "tier": "COMPLEX",
    },
    {
        "name": "small talk stays local",
        "when": (
            {"signal": "kind", "op": "equals", "value": "subagent"},
            {"signal": "tokens", "op": "lt", "value": 20_000},
        ),
        "services": ({"provider": "ollama", "model": "qwen3-coder:30b"},),
    },
    {
        "name": "what is very long",
        "when": ({"signal": "tokens", "op": "gt", "value": 180_000},),
        "tier": "REASONING",
    },
)

_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What decisions are told apart by."""

    client: str
    surface: Surface
    requested: str
    tier: TierName
    service: Service
    """The one that the session is with."""
    is_of_session: bool
    is_tool_turn: bool


@dataclass(slots=True)
class Decisions:
    """Of one configuration."""

    config: Config
    _selector: Selector = field(init=False)
    _made: dict[Turn, Decision] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._selector = Selector(self.config)

    def of(self, turn: Turn) -> Decision:
        known = self._made.get(turn)
        if known is None:
            known = self._made[turn] = self._decided(turn)
        return known

    def _decided(self, turn: Turn) -> Decision:
        session = SessionId("any", "header") if turn.is_of_session else SessionId(None, "none")
        signals = Signals(
            surface=turn.surface,
            client=turn.client,
            model=turn.requested,
            session=session,
            is_tool_turn=turn.is_tool_turn,
            tokens=50_000,
            tool_count=20,
        )
        remembered = self._remembered(turn) if turn.is_of_session else None
        snapshot = Snapshot(
            now=_HOUR, remembered=remembered, prices=dict.fromkeys(self._selector.versions, 1.5)
        )
        return self._selector.select(Request(signals=signals, said=Said(tier=turn.tier)), snapshot, Random(1))

    def _remembered(self, turn: Turn) -> Remembered:
        pin = Pin(
            provider=turn.service.provider,
            model=turn.service.model,
            tier=turn.tier,
            requested=turn.requested,
            locked_at=0.0,
            first_locked=0.0,
            expires_at=2 * _HOUR,
            service_version=self._selector.service_version(turn.service),
        )
        return Remembered({"": pin}, "", 0.0)
