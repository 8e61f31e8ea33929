"""The tools a request offers, counted."""

from collections.abc import Iterable, Sequence

from msgspec import Raw, Struct, field

from proxy.routing.signals.leniently import Leniently, first, items
from proxy.wire.estimate import tokens_in
from proxy.wire.reading import ABSENT


class Offered(Struct, frozen=True, gc=False):
    count: int
    tokens: float


class _Tool(Struct):
    """Codex puts tools into a `namespace`; Gemini declares many functions in what it calls one tool."""

    tools: Raw = ABSENT
    declared: Raw = field(default=ABSENT, name="functionDeclarations")
    declared_too: Raw = field(default=ABSENT, name="function_declarations")


_TOOL = Leniently(_Tool)


def offered(raws: Sequence[bytes]) -> list[Offered]:
    return [Offered(sum(map(_count, _TOOL.read_all(raw))), tokens_in(raw)) for raw in raws]


def _count(tool: _Tool) -> int:
    groups = (tool.tools, tool.declared, tool.declared_too)
    held = [len(items(group)) for group in groups if first(group) == "["]
    return sum(held) if held else 1


def total(several: Iterable[Offered]) -> Offered:
    known = list(several)
    return Offered(sum(one.count for one in known), sum(one.tokens for one in known))
