"""What sort of call a request is, by its shape: clients ask more than their users do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from proxy.routing.signals.marks import Mark


class Kind(StrEnum):
    MAIN = "main"
    SUBAGENT = "subagent"
    COMPACTION = "compaction"
    TITLE = "title"
    SUGGESTION = "suggestion"
    WARM_UP = "warm-up"
    QUOTA_PROBE = "quota probe"
    COUNT = "count"
    CHORE = "chore"
    """What the client was seen to ask beside its sessions, time and again; no shape tells that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the kind of a call is told by."""

    harness: str
    """The agent program that asks, empty for all others: nobody else makes calls on the side."""
    headers: Mapping[str, str]
    is_count: bool
    system: Mark
    asked: Mark
    """The marks of the turn that is to be answered."""
    messages: int
    tools: int
    tokens: int
    max_output: int | None
    is_structured: bool


_CLAUDE_CODE = "claude-code"
_HARNESSES = frozenset(
    {
        _CLAUDE_CODE,
        "codex",
        "opencode",
        "gemini-cli",
        "qwen-code",
        "crush",
        "cline",
        "droid",
        "claude-desktop",
        "vscode",
    }
)
_BY_USER_AGENT = (
    ("claude-cli/", _CLAUDE_CODE),
    ("codex", "codex"),
    ("opencode", "opencode"),
    ("geminicli", "gemini-cli"),
    ("qwencode", "qwen-code"),
    ("crush", "crush"),
)
_CODEX_AGENT = "x-openai-subagent"
_SMALL = 4000
"""Tokens. A title is made of the first words of a conversation and instructions of one screen."""
_BRIEF = 10


def harness_of(client: str, headers: Mapping[str, str]) -> str:
    if client in _HARNESSES:
        return client
    agent = headers.get("user-agent", "").casefold()
    return next((harness for begins, harness in _BY_USER_AGENT if agent.startswith(begins)), "")


def kind_of(shape: Shape) -> Kind:
    """The first that holds; compaction goes before the agent that asks for it."""
    return next((kind for kind, holds in _ORDER if holds(shape)), Kind.MAIN)


def _probes_quota(shape: Shape) -> bool:
    brief = shape.max_output is not None and shape.max_output <= _BRIEF
    return brief and shape.messages == 1 and Mark.PROBES_QUOTA in shape.asked


def _warms_up(shape: Shape) -> bool:
    return bool(shape.harness) and shape.messages == 1 and Mark.WARMS_UP in shape.asked


def _suggests(shape: Shape) -> bool:
    return bool(shape.harness) and Mark.SUGGESTS in shape.asked


def _compacts(shape: Shape) -> bool:
    if shape.headers.get(_CODEX_AGENT) == "compact":
        return True
    return bool(shape.harness) and Mark.COMPACTS in shape.asked | shape.system


def _titles(shape: Shape) -> bool:
    if not shape.harness or shape.tools:
        return False
    return Mark.TITLES in shape.system or (shape.is_structured and shape.tokens <= _SMALL)


def _is_subagent(shape: Shape) -> bool:
    if shape.headers.get("x-claude-code-agent-id") or shape.headers.get(_CODEX_AGENT):
        return True
    says_agent = Mark.IS_AN_AGENT in shape.system and Mark.IS_CLAUDE_CODE not in shape.system
    return shape.harness == _CLAUDE_CODE and says_agent


_ORDER: tuple[tuple[Kind, Callable[[Shape], bool]], ...] = (
    (Kind.COUNT, lambda shape: shape.is_count),
    (Kind.QUOTA_PROBE, _probes_quota),
    (Kind.WARM_UP, _warms_up),
    (Kind.SUGGESTION, _suggests),
    (Kind.COMPACTION, _compacts),
    (Kind.TITLE, _titles),
    (Kind.SUBAGENT, _is_subagent),
)
