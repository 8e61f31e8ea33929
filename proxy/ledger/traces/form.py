"""What a trace consists of.

It is packed by place: new members go to the end and have a default, so that older rows stay readable.
"""

import msgspec
from msgspec import Struct

from proxy.routing.selection.decision import NO_RULE

Word = int | None
"""A word's number; None for no word."""

KeptReason = tuple[str | int | float | bool | None, ...]
"""The number of its code, and its values."""
KeptVerdict = tuple[str | int | float | bool | None, ...]
"""Provider and model; then, if there is anything to tell, the stage that dropped it, and why as a reason."""

TOOL_TURN, EXPLORED = 1, 2


class KeptPart(Struct, array_like=True, gc=False):
    """A contribution to the score."""

    signal: Word
    points: float
    evidence: str


class KeptStep(Struct, array_like=True, gc=False):
    """One test of a rule."""

    signal: Word
    op: Word
    value: Word
    holds: bool
    found: float | None
    note: Word


class KeptRule(Struct, array_like=True, gc=False):
    """How a rule was judged."""

    name: Word
    holds: bool
    steps: tuple[KeptStep, ...]


class KeptDecision(Struct, array_like=True, gc=False):
    """A decision, but for what follows from it."""

    route: Word = None
    rule: Word = None
    rule_index: int = NO_RULE
    provider: Word = None
    model: Word = None
    source: Word = None
    tier: Word = None
    stages: tuple[Word, ...] = ()
    reasons: tuple[KeptReason, ...] = ()
    score: float | None = None
    parts: tuple[KeptPart, ...] = ()
    rules: tuple[KeptRule, ...] = ()
    verdicts: tuple[KeptVerdict, ...] = ()
    comparison: KeptReason = ()
    session_from: Word = None
    kind: Word = None
    marks: int = 0
    """`TOOL_TURN` and `EXPLORED`."""
    config_version: Word = None
    refusal: str = ""
    wanted: Word = None
    economics: tuple[str | int | float | None, ...] = ()
    """As `Economics` has them; its services stand there by their names."""


class Trace(Struct, array_like=True, omit_defaults=True):
    """What is told of the newest exchanges beside their rows."""

    reasons: tuple[str, ...] = ()
    """Of those that nothing was decided for, in sentences of our own."""
    notes: tuple[tuple[str, ...], ...] = ()
    """For each attempt what was changed in the request on its way."""
    decision: KeptDecision | None = None


NO_TRACE = Trace()

encoded = msgspec.msgpack.Encoder().encode
unpacked = msgspec.msgpack.Decoder(Trace).decode
