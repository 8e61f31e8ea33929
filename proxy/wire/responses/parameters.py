"""How much to think and in what form to answer: the objects `reasoning` and `text`, read and written.

What is unknown inside them is kept as an object under the same name in the request's extra, where no unknown
member of the request itself can stand.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Extra, Output, OutputKind, Reasoning
from proxy.wire.reading import ABSENT, Shapes, given, members_of, read_one

UNNAMED_OUTPUT = "answer"


class _Reasoning(Struct, forbid_unknown_fields=True):
    effort: str | None = None
    summary: str | None = None


class _Text(Struct, forbid_unknown_fields=True):
    format: Raw = ABSENT
    verbosity: str | None = None


class _Format(Struct, forbid_unknown_fields=True):
    type: str
    name: str | None = None
    description: str | None = None
    schema: Raw = ABSENT
    strict: bool | None = None


_REASONING = Shapes(_Reasoning)
_TEXT = Shapes(_Text)
_FORMAT = Shapes(_Format)


def read_reasoning(raw: Raw) -> Reasoning | None:
    said = given(raw)
    if said is None:
        return None
    asked, extra = read_one(_REASONING, said)
    off = asked.effort == "none"
    return Reasoning(
        enabled=False if off else None,
        effort=None if off else asked.effort,
        summary=asked.summary,
        extra=extra,
    )


def written_reasoning(reasoning: Reasoning, *, own: bool) -> dict[str, Any]:
    """The members that say it; whether to think at all is said by the effort alone."""
    effort = "none" if reasoning.is_off else reasoning.nearest_effort
    said = {"effort": effort, "summary": reasoning.summary}
    known = {name: value for name, value in said.items() if value is not None}
    return {**known, **((reasoning.extra if own else None) or {})}


def read_text(raw: Raw) -> tuple[Output | None, str | None, Extra]:
    """The form of the answer, its verbosity, and what else was said there."""
    said = given(raw)
    if said is None:
        return None, None, {}
    text, extra = read_one(_TEXT, said)
    rest: Extra = {**(extra or {})}
    output = _read_format(text.format, rest)
    return output, text.verbosity, rest


def _read_format(raw: Raw, rest: Extra) -> Output | None:
    said = given(raw)
    if said is None:
        return None
    form, unknown = read_one(_FORMAT, said)
    if unknown or form.type not in ("json_schema", "json_object", "text"):
        rest["format"] = said
    if form.type == "json_schema":
        return Output(OutputKind.SCHEMA, given(form.schema), form.name, form.description, form.strict)
    return Output(OutputKind.JSON) if form.type == "json_object" else None


def written_text(output: Output | None, verbosity: str | None, rest: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if output is not None:
        said["format"] = _written_format(output)
    if verbosity is not None:
        said["verbosity"] = verbosity
    return {**said, **rest}


def _written_format(output: Output) -> dict[str, Any]:
    if output.kind is OutputKind.JSON:
        return {"type": "json_object"}
    said = {
        "type": "json_schema",
        "name": output.name or UNNAMED_OUTPUT,
        "description": output.description,
        "schema": output.schema,
        "strict": output.strict,
    }
    return {name: value for name, value in said.items() if value is not None}


def rest_of_text(extra: Extra | None) -> dict[str, Any]:
    """What a request's extra holds for the inside of `text`."""
    return {**members_of(extra["text"])} if extra and "text" in extra else {}


def packed(rest: Extra) -> Extra:
    """The other way round."""
    return {"text": Raw(msgspec.json.encode(rest))} if rest else {}
