"""What a prompt cache would have done with the turns of a conversation, had another model answered them.

A conversation grows at its end, so each turn begins with what the turn before has sent: as long as that is
still in the cache, it is read from there, and what is new is written. Several conversations may share one
session (a subagent, a title), so what is believed of a session is a few prefixes, and a prompt continues the
longest one that is not longer than itself.

Two things keep the belief honest. What was really read from a cache would have been read there, too. And
while the model itself answers, what it reports is taken as it is.
"""

import re
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import msgspec

from proxy.wire.canonical import Usage

_MOST_CONVERSATIONS = 4000
_MOST_PREFIXES = 8
_MINUTES = 60.0
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class CacheRules:
    """How the prompts of one kind of provider are cached."""

    is_automatic: bool
    """Whether every prompt is, or only one that the client marks."""
    seconds: float = 5 * _MINUTES
    """How long after its last use a prefix is kept."""
    least: int = 1024
    """Shorter prompts are not cached."""
    is_known: bool = True
    """Whether it caches for sure; of anybody else it is believed once a read was reported."""
    slots: int = 0
    """How many conversations it has room for, each taking the place of another one; 0: of no concern."""


_MARKED = CacheRules(is_automatic=False)
"""Models want 512 to 4,096 tokens at least, and are treated alike: an agent's first prompt has more."""
_UNKNOWN = CacheRules(is_automatic=True, is_known=False)
_OPENAI = CacheRules(is_automatic=True, seconds=10 * _MINUTES)
"""Five to ten minutes without use, says OpenAI, in rare hours up to sixty."""
_OPENAI_LATER = CacheRules(is_automatic=True, seconds=30 * _MINUTES)
"""From GPT-5.5 on prompts are kept for half an hour at least."""
_GOOGLE = CacheRules(is_automatic=True, least=4096)
"""Gemini 2.5 takes shorter ones. How long they are kept is told nowhere."""
_XAI = CacheRules(is_automatic=True, least=128)
"""Kept as long as there is room; the time is a guess."""
_MOONSHOT = CacheRules(is_automatic=True, least=256)

RULES: Mapping[str, CacheRules] = {
    "anthropic": _MARKED,
    "azure-anthropic": _MARKED,
    "anthropic-compatible": _MARKED,
    "bedrock": _MARKED,
    "databricks": _MARKED,
    "openai": _OPENAI,
    "azure-openai": _OPENAI,
    "deepseek": CacheRules(is_automatic=True, seconds=60 * _MINUTES, least=64),
    "gemini": _GOOGLE,
    "vertex": _GOOGLE,
    "google": _GOOGLE,
    "xai": _XAI,
    "x-ai": _XAI,
    "moonshot": _MOONSHOT,
    "moonshotai": _MOONSHOT,
    "zai": CacheRules(is_automatic=True),
    "cerebras": CacheRules(is_automatic=True, least=128),
    "groq": CacheRules(is_automatic=True, seconds=120 * _MINUTES, is_known=False),
    "ollama": CacheRules(is_automatic=True, least=1, slots=1),
    "llamacpp": CacheRules(is_automatic=True, seconds=60 * _MINUTES, least=1, slots=1),
    "lmstudio": CacheRules(is_automatic=True, seconds=60 * _MINUTES, least=1, slots=1),
    "vllm": CacheRules(is_automatic=True, seconds=60 * _MINUTES, least=16),
}
"""A vendor's word where it gives one. Zai's time is a guess, and so is vLLM's, which keeps what there is room
for. DeepSeek says hours, of which one is believed; Groq caches some of its models. Ollama unloads a model
after five minutes, LM Studio after sixty; how many slots a local server has is set there, and not told."""

_BY_MODEL: tuple[tuple[frozenset[str], re.Pattern[str], CacheRules], ...] = (
    (frozenset({"vertex", "openrouter"}), re.compile(r"(?:.*/)?claude"), _MARKED),
    (frozenset({"openai", "azure-openai"}), re.compile(r"gpt-(?:5\.[5-9]|[6-9])"), _OPENAI_LATER),
)
"""Where not all models of a kind of provider are cached alike."""


def cache_rules(kind: str, model: str = "") -> CacheRules:
    """Of a kind of provider, or of a vendor that is also one; of one model where they differ."""
    for kinds, named, rules in _BY_MODEL:
        if kind in kinds and named.match(model):
            return rules
    return RULES.get(kind, _UNKNOWN)


class Turn(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One turn of a conversation, as it really went."""

    usage: Usage
    at: float
    """Seconds of any one clock."""
    asked_seconds: int
    """For how long the client wanted its prompt cached; zero where it does not say."""
    is_own: bool
    """Whether the very model answered of which it is asked what it would have done."""


@dataclass(slots=True)
class _Prefix:
    tokens: int
    until: float
    is_own: bool


class CacheSimulation:
    """What is believed to be cached, by conversation; the one that rested longest is forgotten first."""

    def __init__(self) -> None:
        self._of: OrderedDict[Hashable, list[_Prefix]] = OrderedDict()

    def usage(self, conversation: Hashable | None, rules: CacheRules, turn: Turn) -> Usage:
        """What this turn would have used. `conversation` is a session with one model; None: not known."""
        prompt = turn.usage.prompt
        if prompt is None:
            return turn.usage
        prefix = self._continued(conversation, prompt, turn.at)
        used = self._used(prefix, prompt, rules, turn)
        # What follows a client's last mark is sent, and not kept.
        kept = prompt if rules.is_automatic else (used.cache_read or 0) + (used.cache_write or 0)
        if conversation is not None and kept >= rules.least:
            self._remember(conversation, prefix, kept, rules, turn)
        return used

    def _used(self, prefix: _Prefix | None, prompt: int, rules: CacheRules, turn: Turn) -> Usage:
        actual = turn.usage
        if turn.is_own and (prefix is None or prefix.is_own):
            return actual
        if not (rules.is_automatic or turn.asked_seconds):
            return _parts(actual, prompt)
        read = min(prompt, max(prefix.tokens if prefix is not None else 0, actual.cache_read or 0))
        rest = prompt - read
        if rules.is_automatic or prompt < rules.least:
            return _parts(actual, rest, read)
        # What followed the client's last mark was not written where that is known.
        unmarked = min(actual.input or 0, rest) if actual.cache_write else 0
        return _parts(actual, unmarked, read, rest - unmarked, _share_for_an_hour(turn))

    def _continued(self, conversation: Hashable | None, prompt: int, at: float) -> _Prefix | None:
        prefixes = self._of.get(conversation)
        if prefixes is None:
            return None
        live = [prefix for prefix in prefixes if prefix.until >= at]
        if len(live) < len(prefixes):
            self._of[conversation] = live
        longest = None
        for prefix in live:
            if prefix.tokens <= prompt and (longest is None or prefix.tokens > longest.tokens):
                longest = prefix
        return longest

    def _remember(
        self, conversation: Hashable, prefix: _Prefix | None, kept: int, rules: CacheRules, turn: Turn
    ) -> None:
        until = turn.at + max(rules.seconds, turn.asked_seconds if not rules.is_automatic else 0)
        prefixes = self._of.setdefault(conversation, [])
        self._of.move_to_end(conversation)
        if prefix is not None:
            prefix.tokens, prefix.until, prefix.is_own = kept, until, turn.is_own
        else:
            prefixes.append(_Prefix(kept, until, turn.is_own))
            del prefixes[:-_MOST_PREFIXES]
        while len(self._of) > _MOST_CONVERSATIONS:
            self._of.popitem(last=False)


def _share_for_an_hour(turn: Turn) -> float:
    """How much of what is written is for an hour: as it really was, else by the longest mark."""
    written = turn.usage.cache_write
    if written:
        return min(1.0, (turn.usage.cache_write_1h or 0) / written)
    return 1.0 if turn.asked_seconds >= _HOUR else 0.0


def _parts(actual: Usage, fresh: int, read: int = 0, written: int = 0, for_an_hour: float = 0.0) -> Usage:
    """The same answer to the same prompt, whose parts were cached in another way."""
    kept_longer = round(written * for_an_hour)
    return Usage(fresh, read, written, kept_longer, actual.output, actual.reasoning, cost_usd=None)
