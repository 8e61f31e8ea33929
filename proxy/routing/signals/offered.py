"""The tools a request offers, by number and by name."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Raw, Struct, field

from proxy.routing.signals.leniently import Leniently, first, items
from proxy.wire.estimate import tokens_in
from proxy.wire.reading import ABSENT

_LONGEST = 128
"""Characters. No vendor takes longer names."""


class Offered(Struct, frozen=True, gc=False):
    count: int
    tokens: float
    names: frozenset[str] = frozenset()


class _Named(Struct):
    name: str = ""


class _Tool(Struct):
    """Codex puts tools into a `namespace`; Gemini declares many functions in what it calls one tool."""

    name: str = ""
    type: str = ""
    function: Raw = ABSENT
    custom: Raw = ABSENT
    tools: Raw = ABSENT
    declared: Raw = field(default=ABSENT, name="functionDeclarations")
    declared_too: Raw = field(default=ABSENT, name="function_declarations")


_NAMED, _TOOL = Leniently(_Named), Leniently(_Tool)


def offered(raws: Sequence[bytes]) -> list[Offered]:
    return [_offered(raw) for raw in raws]


def _offered(raw: bytes) -> Offered:
    tools = _TOOL.read_all(raw)
    names = frozenset(name[:_LONGEST] for tool in tools for name in _names(tool) if name)
    return Offered(sum(map(_count, tools)), tokens_in(raw), names)


def _count(tool: _Tool) -> int:
    groups = _groups(tool)
    return sum(len(items(group)) for group in groups) if groups else 1


def _groups(tool: _Tool) -> list[Raw]:
    several = (tool.tools, tool.declared, tool.declared_too)
    return [group for group in several if first(group) == "["]


def _names(tool: _Tool) -> Iterator[str]:
    """A vendor's own tool often has no name beside its type; tools in a namespace are known by both names."""
    groups = _groups(tool)
    if not groups:
        wrapped = tool.function if first(tool.function) == "{" else tool.custom
        yield tool.name or _NAMED.read(wrapped).name or tool.type
    for group in groups:
        for each in _NAMED.read_all(group):
            yield f"{tool.name}.{each.name}" if tool.name and each.name else each.name


def total(several: Iterable[Offered]) -> Offered:
    known = list(several)
    if len(known) == 1:
        return known[0]
    names = frozenset[str]().union(*[one.names for one in known])
    return Offered(sum(one.count for one in known), sum(one.tokens for one in known), names)
