"""What a request demands of the model beside an answer: to think, to be brief, to keep to a schema."""

from collections.abc import Callable
from typing import NamedTuple

from msgspec import Raw, Struct, field

from proxy.routing.signals.leniently import Leniently
from proxy.wire.format import Format
from proxy.wire.reading import ABSENT, given
from proxy.wire.splice import Body


class Demands(NamedTuple):
    thinking: bool = False
    max_output: int | None = None
    is_structured: bool = False


class _Top(Struct):
    """The members of any format's body that say it; no two formats mean different things by one name."""

    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    max_output_tokens: int | None = None
    thinking: Raw = ABSENT
    reasoning: Raw = ABSENT
    reasoning_effort: str | None = None
    output_config: Raw = ABSENT
    output_format: Raw = ABSENT
    response_format: Raw = ABSENT
    text: Raw = ABSENT
    generation_config: Raw = ABSENT
    generation_config_too: Raw = field(default=ABSENT, name="generationConfig")


class _Detail(Struct):
    type: str | None = None
    effort: str | None = None
    format: Raw = ABSENT


class _Generation(Struct):
    """Of every name both spellings; `_too` is as the documentation has it."""

    max_output_tokens: int | None = None
    max_output_tokens_too: int | None = field(default=None, name="maxOutputTokens")
    thinking_config: Raw = ABSENT
    thinking_config_too: Raw = field(default=ABSENT, name="thinkingConfig")
    schema: Raw = field(default=ABSENT, name="response_schema")
    schema_too: Raw = field(default=ABSENT, name="responseSchema")
    json_schema: Raw = field(default=ABSENT, name="response_json_schema")
    json_schema_too: Raw = field(default=ABSENT, name="responseJsonSchema")


class _Thinking(Struct):
    budget: int | None = field(default=None, name="thinking_budget")
    budget_too: int | None = field(default=None, name="thinkingBudget")
    level: str | None = field(default=None, name="thinking_level")
    level_too: str | None = field(default=None, name="thinkingLevel")
    shows: bool | None = field(default=None, name="include_thoughts")
    shows_too: bool | None = field(default=None, name="includeThoughts")


_DETAIL, _GENERATION, _THINKING = Leniently(_Detail), Leniently(_Generation), Leniently(_Thinking)
_TOP = Leniently(_Top)
_UNTHINKING = frozenset({"", "none", "minimal", "disabled"})


def demands_of(body: Body, format: Format) -> Demands:  # noqa: A002 -- it is one
    read = _BY_FORMAT.get(format)
    return Demands() if read is None else read(_top(body))


def _top(body: Body) -> _Top:
    """Only these members are read: the conversation beside them is large."""
    said = ((name, body.value(name)) for name in _TOP.names)
    return _TOP.of({name: value for name, value in said if value is not None})


def _anthropic(top: _Top) -> Demands:
    return Demands(
        (_DETAIL.read(top.thinking).type or "") not in _UNTHINKING,
        top.max_tokens,
        _is_schema(_DETAIL.read(top.output_config).format) or _is_schema(top.output_format),
    )


def _chat(top: _Top) -> Demands:
    effort = top.reasoning_effort or _DETAIL.read(top.reasoning).effort or ""
    limit = _first(top.max_completion_tokens, top.max_tokens)
    return Demands(effort not in _UNTHINKING, limit, _is_schema(top.response_format))


def _responses(top: _Top) -> Demands:
    effort = _DETAIL.read(top.reasoning).effort or ""
    return Demands(
        effort not in _UNTHINKING, top.max_output_tokens, _is_schema(_DETAIL.read(top.text).format)
    )


def _gemini(top: _Top) -> Demands:
    wanted = _GENERATION.read(
        top.generation_config if top.generation_config is not ABSENT else top.generation_config_too
    )
    schemas = (wanted.schema, wanted.schema_too, wanted.json_schema, wanted.json_schema_too)
    return Demands(
        any(_thinks(_THINKING.read(raw)) for raw in (wanted.thinking_config, wanted.thinking_config_too)),
        _first(wanted.max_output_tokens, wanted.max_output_tokens_too),
        any(given(schema) is not None for schema in schemas),
    )


def _thinks(wanted: _Thinking) -> bool:
    """A budget of zero forbids it, one below zero leaves it to the model."""
    budget = _first(wanted.budget, wanted.budget_too)
    if budget is not None:
        return budget != 0
    level = (wanted.level or wanted.level_too or "").lower()
    return level not in _UNTHINKING or bool(wanted.shows or wanted.shows_too)


def _first(one: int | None, other: int | None) -> int | None:
    return one if one is not None else other


def _is_schema(raw: Raw) -> bool:
    return _DETAIL.read(raw).type == "json_schema"


_BY_FORMAT: dict[Format, Callable[[_Top], Demands]] = {
    Format.ANTHROPIC: _anthropic,
    Format.OPENAI_CHAT: _chat,
    Format.RESPONSES: _responses,
    Format.GEMINI: _gemini,
}
