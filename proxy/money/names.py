"""A model's name with ever less around it, until the catalogue may know it.

Clouds write regions and vendors before a name, releases and versions behind it, clients their own signs. The
name as the provider calls it always comes first: hosts ask different prices for what looks like packaging.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

_PLACEHOLDERS: Final = frozenset({"", "unknown", "null", "none", "auto", "openrouter/auto"})
"""What stands where nobody knows the model, and therefore never has a price."""

_LONG_WINDOW = re.compile(r"\[1m\]$")
_RELEASED_AT = re.compile(r"@(?=\d{8}$)")
_REGION = re.compile(r"^(?:us|eu|apac|global|jp|au|ca|sa|in|us-gov)\.(?=.+\.)")
_VENDOR = re.compile(
    r"^(?:ai21|amazon|anthropic|cohere|deepseek|google|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen"
    r"|writer|zai)\.(?=.)"
)
_CLOUD_VERSION = re.compile(r"(?:-v\d+:\d+\w*|(?<=-\d)-v\d+)$")
_AT_SOMETHING = re.compile(r"@[\w.-]+$")
_VARIANT = re.compile(r":(?:free|nitro|floor|online|thinking|extended|exacto)$")
_COMPACT_DAY = re.compile(r"-(20\d\d)([01]\d)([0-3]\d)$")
_DAY = re.compile(r"-20\d\d-\d\d-\d\d$")
_POINT_IN_NUMBER = re.compile(r"(?<=\d)\.(?=\d)")


def _without(pattern: re.Pattern[str], name: str) -> str:
    return pattern.sub("", name)


def _after_slash(name: str) -> str:
    return name.rpartition("/")[2]


def _dated_with_dash(name: str) -> str:
    return _RELEASED_AT.sub("-", name)


def _day_in_full(name: str) -> str:
    return _COMPACT_DAY.sub(r"-\1-\2-\3", name)


def _with_dashes(name: str) -> str:
    """Claude's generations are written with a point by some and with a dash by others."""
    return _POINT_IN_NUMBER.sub("-", name) if name.startswith("claude") else name


_STEPS: Final[tuple[Callable[[str], str], ...]] = (
    _after_slash,
    partial(_without, _REGION),
    partial(_without, _VENDOR),
    partial(_without, _CLOUD_VERSION),
    _dated_with_dash,
    partial(_without, _AT_SOMETHING),
    partial(_without, _VARIANT),
    _day_in_full,
    partial(_without, _DAY),
    _with_dashes,
)


def whole_name(model: str) -> str:
    """In lower case, without the sign of a long window; empty where no model is named."""
    name = _without(_LONG_WINDOW, model.strip().lower())
    return "" if name in _PLACEHOLDERS else name


def ever_shorter(name: str) -> Iterator[str]:
    """The name and what it comes down to, step by step, each form once; the last is the bare name."""
    yield name
    for step in _STEPS:
        shorter = step(name)
        if shorter not in (name, ""):
            name = shorter
            yield name
