"""How long, how random, how thoughtful: `inferenceConfig`, and what goes to the model beside it.

Claude is asked to think in the words of Anthropic's own format and stands under its rules; some other makers'
models are asked by an effort. What Converse does not name goes into `additionalModelRequestFields`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proxy.wire.anthropic import limits
from proxy.wire.anthropic.reasoning import Asked, asked_of, is_lost
from proxy.wire.bedrock.families import Family
from proxy.wire.bedrock.stops import STOP_SEQUENCE_PATH
from proxy.wire.canonical import BUDGETS, Conversation
from proxy.wire.format import Format
from proxy.wire.target import Loss, Target, Thinks

_HIGHEST_TEMPERATURE = 1.0
_EFFORTS = {"minimal": "low", "low": "low", "medium": "medium"}
_HIGHEST_EFFORT = "high"


@dataclass(frozen=True, slots=True)
class Hindrances:
    """What forbids a Claude to think, or to think by a budget, in the conversation as it stands."""

    to_think: bool
    to_budget: bool


class Settings:
    """The settings of one conversation for one target."""

    def __init__(self, said: Conversation, target: Target, family: Family, lost: set[Loss]) -> None:
        self._said = said
        self._target = target
        self._family = family
        self._lost = lost

    def written(self, hindrances: Hindrances) -> dict[str, Any]:
        length = self._length()
        asked = self._claude_asked(hindrances, length) if self._family.is_claude else None
        sampling = self._sampling() if asked is None else self._claude_sampling(asked)
        stop = self._stop()
        top_k = self._top_k(sampling.pop("top_k", None))
        inference = {
            "maxTokens": length,
            "temperature": sampling.get("temperature"),
            "topP": sampling.get("top_p"),
            "stopSequences": stop or None,
        }
        inference = {name: value for name, value in inference.items() if value is not None}
        stands_alone = inference.keys() <= {"stopSequences"}
        thinking = self._effort(stands_alone=stands_alone) if asked is None else _claude_thinking(asked)
        written: dict[str, Any] = {
            "inferenceConfig": inference,
            "additionalModelRequestFields": {**top_k, **thinking},
        }
        if stop and self._family.tells_stop_sequence:
            written["additionalModelResponseFieldPaths"] = [STOP_SEQUENCE_PATH]
        return written

    def _length(self) -> int | None:
        wanted, most = self._said.max_tokens, self._target.max_output
        if wanted is not None and most is not None and wanted > most:
            self._lost.add(Loss.MAX_TOKENS)
            return most
        return wanted

    def _stop(self) -> list[str]:
        """Sequences of nothing but whitespace are refused."""
        visible = [sequence for sequence in self._said.stop if sequence.strip()]
        if len(visible) < len(self._said.stop):
            self._lost.add(Loss.STOP)
        return visible

    def _sampling(self) -> dict[str, Any]:
        temperature = self._said.temperature
        if temperature is not None and temperature > _HIGHEST_TEMPERATURE:
            self._lost.add(Loss.TEMPERATURE)
            temperature = _HIGHEST_TEMPERATURE
        return {"temperature": temperature, "top_p": self._said.top_p, "top_k": self._said.top_k}

    def _claude_sampling(self, asked: Asked) -> dict[str, Any]:
        return limits.sampling(self._said, asked, own=self._speaks_anthropic, lost=self._lost)

    def _top_k(self, value: int | None) -> Mapping[str, Any]:
        if value is None:
            return {}
        if self._family.top_k is None:
            self._lost.add(Loss.TOP_K)
            return {}
        return self._family.top_k(value)

    @property
    def _speaks_anthropic(self) -> bool:
        return self._said.format is Format.ANTHROPIC

    def _claude_asked(self, hindrances: Hindrances, length: int | None) -> Asked:
        wanted = self._said.reasoning
        if wanted is not None and wanted.extra and not self._speaks_anthropic:
            self._lost.add(Loss.UNKNOWN_FIELDS)
        asked = asked_of(wanted, self._target.thinks, own=self._speaks_anthropic)
        hindered = hindrances.to_think or (hindrances.to_budget and asked.budget is not None)
        if asked.thinks and hindered:
            self._lost.add(Loss.REASONING)
            asked = Asked(None, asked.effort)
        if length is not None:
            asked = limits.budget_within(asked, length, self._lost)
        if is_lost(wanted, asked):
            self._lost.add(Loss.REASONING)
        return asked

    def _effort(self, *, stands_alone: bool) -> Mapping[str, Any]:
        wanted = self._said.reasoning
        if wanted is None:
            return {}
        if wanted.extra:
            self._lost.add(Loss.UNKNOWN_FIELDS)
        if wanted.is_off:
            return {}
        write = self._family.effort
        if write is None or self._target.thinks is Thinks.NOT:
            self._lost.add(Loss.REASONING)
            return {}
        effort = _EFFORTS.get(wanted.effort or _by_budget(wanted.budget), _HIGHEST_EFFORT)
        if effort == _HIGHEST_EFFORT and self._family.high_effort_stands_alone and not stands_alone:
            self._lost.add(Loss.REASONING)
            effort = "medium"
        return write(effort)


def _claude_thinking(asked: Asked) -> Mapping[str, Any]:
    written: dict[str, Any] = {}
    if asked.thinking is not None:
        written["thinking"] = asked.thinking
    if asked.effort is not None:
        written["output_config"] = {"effort": asked.effort}
    return written


def _by_budget(budget: int | None) -> str:
    """The nearest effort upward; without a budget the middle of the three."""
    if budget is None:
        return "medium"
    return next((effort for effort, tokens in BUDGETS.items() if tokens >= budget), _HIGHEST_EFFORT)
