"""What is known of a model at a kind of provider: its sizes, what it can do, and how it wants to be asked.

The knowledge is a table, resources/models.toml, whose head says how its rows come together. Unknown is None
and not "no": for what the table does not say nobody is kept from a model, and no request is changed.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import translate
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from proxy.config import ProviderKind
from proxy.providers.model_name import bare_name
from proxy.wire.format import Format
from proxy.wire.target import Thinks
from resources import resource

_TABLE = "models.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one model at one kind of provider. Names of parameters are those of each format."""

    model: str
    """Its bare name."""
    context: int | None = None
    max_output: int | None = None
    tools: bool | None = None
    vision: bool | None = None
    documents: bool | None = None
    thinking: bool | None = None
    """Whether it thinks at all, be it told to or not."""
    structured: bool | None = None
    """Whether it keeps to a JSON schema that it is given."""

    thinks: Thinks | None = None
    """How it is told to think; NOT where it cannot be told."""
    thinks_in: Mapping[Format, Thinks] = field(default_factory=dict)
    """The same for formats in which it is told in another way."""
    takes_budget: bool | None = None
    """Whether one that thinks as it sees fit can be given a budget as well."""
    can_rest: bool = True
    """Whether it can be told not to think."""
    efforts: tuple[str, ...] = ()
    """The efforts it knows, from the least to the most; none: not known."""
    refuses: Mapping[Format, frozenset[str]] = field(default_factory=dict)
    refuses_betas: tuple[str, ...] = ()
    takes_betas: tuple[str, ...] | None = None
    """The only betas it takes; None: any."""
    only_formats: frozenset[Format] = frozenset()
    """The only formats it is served in; none: those of its provider."""

    max_tokens_field: str | None = None
    """The one name for the limit of an answer that it heeds; None: either, as far as is known."""
    developer_role: bool = False
    reasoning_field: str | None = None
    reasoning_demanded: bool = False
    named_choice: bool = True
    one_leading_system: bool = False
    schema_needs_properties: bool = False
    takes_cache_marks: bool = False
    blank_text: str = ""
    stream_usage: bool = True
    parallel_parameter: bool = True
    system_messages: bool | None = None
    keeps_billing_header: bool = False
    unsigned_calls_refused: bool = False

    def thinks_when_asked_in(self, format_: Format) -> Thinks | None:
        return self.thinks if self.thinks is Thinks.NOT else self.thinks_in.get(format_, self.thinks)

    def refused_in(self, format_: Format) -> frozenset[str]:
        return self.refuses.get(format_, frozenset())


class _Row(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Some facts, and what they hold for."""

    kinds: tuple[ProviderKind, ...] = ()
    models: tuple[str, ...] = ()
    takes: Mapping[Format, frozenset[str]] = {}

    context: int | UnsetType = UNSET
    max_output: int | UnsetType = UNSET
    tools: bool | UnsetType = UNSET
    vision: bool | UnsetType = UNSET
    documents: bool | UnsetType = UNSET
    thinking: bool | UnsetType = UNSET
    structured: bool | UnsetType = UNSET
    thinks: Thinks | UnsetType = UNSET
    thinks_in: Mapping[Format, Thinks] | UnsetType = UNSET
    takes_budget: bool | UnsetType = UNSET
    can_rest: bool | UnsetType = UNSET
    efforts: tuple[str, ...] | UnsetType = UNSET
    refuses: Mapping[Format, frozenset[str]] = {}
    refuses_betas: tuple[str, ...] = ()
    takes_betas: tuple[str, ...] | UnsetType = UNSET
    only_formats: frozenset[Format] | UnsetType = UNSET
    max_tokens_field: str | UnsetType = UNSET
    developer_role: bool | UnsetType = UNSET
    reasoning_field: str | UnsetType = UNSET
    reasoning_demanded: bool | UnsetType = UNSET
    named_choice: bool | UnsetType = UNSET
    one_leading_system: bool | UnsetType = UNSET
    schema_needs_properties: bool | UnsetType = UNSET
    takes_cache_marks: bool | UnsetType = UNSET
    blank_text: str | UnsetType = UNSET
    stream_usage: bool | UnsetType = UNSET
    parallel_parameter: bool | UnsetType = UNSET
    system_messages: bool | UnsetType = UNSET
    keeps_billing_header: bool | UnsetType = UNSET
    unsigned_calls_refused: bool | UnsetType = UNSET


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    row: tuple[_Row, ...]


_SIZES = ("context", "max_output")
_ADD_UP = ("refuses", "refuses_betas")
_NOT_FACTS = ("kinds", "models", "takes", *_ADD_UP)


def load() -> None:
    """Read the table now: a file and many patterns, which no request should wait for."""
    _rows()


@lru_cache(maxsize=4096)
def facts(kind: str, model: str) -> Facts:
    """What the table says; of a model that it does not know as much as holds for its family and its host."""
    name = bare_name(model)
    said: dict[str, Any] = {}
    refuses: dict[Format, frozenset[str]] = {}
    betas: tuple[str, ...] = ()
    for row, pattern in _rows():
        if (row.kinds and kind not in row.kinds) or (pattern is not None and not pattern.fullmatch(name)):
            continue
        said |= _told(row)
        betas += row.refuses_betas
        for format_ in row.refuses.keys() | row.takes.keys():
            added, taken = row.refuses.get(format_, frozenset()), row.takes.get(format_, frozenset())
            refuses[format_] = (refuses.get(format_, frozenset()) | added) - taken
    return Facts(model=name, **said, refuses=refuses, refuses_betas=betas)


def taught(known: Facts, learned: Collection[str], format_: Format) -> Facts:
    """The facts with what the service itself has refused since.

    Ways of thinking are learned as `thinking.adaptive`, `thinking.enabled` and `thinking.disabled`.
    """
    if not learned:
        return known
    names = frozenset(learned)
    if "thinking.adaptive" in names:
        known = replace(known, thinks=Thinks.BUDGET)
    if "thinking.enabled" in names:
        known = replace(known, thinks=Thinks.ADAPTIVE, takes_budget=False)
    if "thinking.disabled" in names:
        known = replace(known, can_rest=False)
    for heeded, other in (("max_tokens", "max_completion_tokens"), ("max_completion_tokens", "max_tokens")):
        if other in names and format_ is Format.OPENAI_CHAT:
            known = replace(known, max_tokens_field=heeded)
    return replace(known, refuses={**known.refuses, format_: known.refused_in(format_) | names})


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[_Row, "re.Pattern[str] | None"], ...]:
    table = tomllib.loads(resource(_TABLE).read_text(encoding="utf-8"))
    rows = msgspec.convert(table, _Table).row
    return tuple((row, _any_of(row.models)) for row in rows)


def _any_of(models: tuple[str, ...]) -> "re.Pattern[str] | None":
    return re.compile("|".join(translate(model) for model in models)) if models else None


def _told(row: _Row) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in row.__struct_fields__ if name not in _NOT_FACTS}
    return {
        name: None if name in _SIZES and value == 0 else value
        for name, value in values.items()
        if value is not UNSET
    }
