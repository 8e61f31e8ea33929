"""The parameter that a complaint names, as the format's own top-level name of it.

Complaints name places: `body.store`, `messages.3.content.0.cache_control`, `reasoning.effort`, or a name and
its place apart. Some vendors name parameters in camel case that they are sent in snake case.
"""

import re
from collections.abc import Iterator

from proxy.providers.protected import PROTECTED
from proxy.wire.format import Format

_UPPER = re.compile(r"(?<=[a-z0-9])([A-Z])")
_LOWER = re.compile(r"_([a-z0-9])")
_STEPS = re.compile(r"[.\[\]]+")
_DOTTED = (Format.ANTHROPIC,)
"""Formats in which a single member of a parameter can be left out."""
_NOT_PARAMETERS = PROTECTED | {"tool_choice", "toolConfig", "tool_config", "this", "it", "parameter", "which"}
_CONFIG = ("generation_config", "generationConfig")
_SCHEMA_OF_TOOLS = "parametersJsonSchema"
"""It stands in tools; a request that is written anew can do without it."""


def name_in(format_: Format, name: str, place: str | None = None) -> str | None:
    """None where it is no parameter that could be left out."""
    if _camel(name) == _SCHEMA_OF_TOOLS:
        return _SCHEMA_OF_TOOLS
    steps = [step for step in _STEPS.split(f"{place or ''}.{name}") if step and step != "body"]
    if steps[:1] and steps[0] in _CONFIG:
        del steps[0]
    if not steps or steps[0] in _NOT_PARAMETERS or _snake(steps[0]) in _NOT_PARAMETERS:
        return None
    if format_ is Format.GEMINI:
        return _camel(steps[0])
    is_member = len(steps) == 2 and not steps[1].isdecimal()
    return ".".join(map(_snake, steps if is_member and format_ in _DOTTED else steps[:1]))


def names_in(format_: Format, names: str) -> Iterator[str]:
    for name in re.findall(r"[A-Za-z_][\w.]*", names):
        found = name_in(format_, name)
        if found is not None:
            yield found


def _snake(name: str) -> str:
    return _UPPER.sub(lambda found: "_" + found[1].lower(), name)


def _camel(name: str) -> str:
    return _LOWER.sub(lambda found: found[1].upper(), name)
