"""What a dialect says about one of its ways to write a call, and what can come of reading it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import Protocol

from msgspec import Raw


class Rescue(Flag):
    """What to look for, by dialect. A model's own dialect and its thinking are enough for it."""

    THINKING = auto()
    INVOKE = auto()
    """MiniMax, and models that learned from Claude's older form."""
    GLM = auto()
    HERMES = auto()
    """Hermes, Qwen and most small models."""
    QWEN_CODER = auto()
    DEEPSEEK = auto()
    MISTRAL = auto()
    LLAMA = auto()
    HARMONY = auto()
    """gpt-oss."""
    FUNCTION_CALL = auto()
    CALLS = INVOKE | GLM | HERMES | QWEN_CODER | DEEPSEEK | MISTRAL | LLAMA | HARMONY | FUNCTION_CALL
    ALL = THINKING | CALLS


Schemas = Mapping[str, Raw | None]
"""The tools that were offered, by name, each with what its arguments must look like, if that is known."""


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: str
    """The JSON text of an object."""


class Verdict(Enum):
    MORE = "it may become a call"
    NO = "it can no longer become one"


@dataclass(frozen=True, slots=True)
class Found:
    calls: tuple[Call, ...]
    rest: str
    """What was fed beyond the end."""


class Body(Protocol):
    """Reads one call, or one group of calls, in whatever pieces the text comes."""

    def feed(self, text: str) -> Found | Verdict: ...


class NotACallError(ValueError):
    """It has the markers of a call and is none."""


NAME = "\x00"
"""Stands in a head for the name of any tool that was offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to write a call.

    It starts with `opening`. What follows must be one of `heads`, white space left out of account; that tells
    early whether it is a call at all, so that a sentence about the marker is not held back. `body` reads it
    whole: it is given the name in the head (empty if there is none), the text up to the head's end, and then
    what follows. `leftovers` are markers that may stand after a call and mean nothing.
    """

    rescue: Rescue
    opening: str
    heads: tuple[str, ...]
    body: Callable[[str, str, Schemas], Body]
    leftovers: tuple[str, ...] = ()
