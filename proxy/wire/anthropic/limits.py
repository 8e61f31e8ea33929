"""How long, how random, how thoughtful: the settings that stand under conditions of one another."""

from typing import Any

import msgspec

from proxy.wire.anthropic.reasoning import SMALLEST_BUDGET, Asked
from proxy.wire.canonical import Conversation
from proxy.wire.target import Loss, Target

_USUAL_LENGTH = 8192
_LEAST_TOP_P_WITH_THINKING = 0.95


def length_of(conversation: Conversation, asked: Asked, target: Target, lost: set[Loss]) -> int:
    """`max_tokens`, which the format demands and which thinking is part of."""
    wanted = conversation.max_tokens
    if wanted is None:
        return target.max_output or _USUAL_LENGTH + (asked.budget or 0)
    if target.max_output is not None and wanted > target.max_output:
        lost.add(Loss.MAX_TOKENS)
        return target.max_output
    return wanted


def budget_within(asked: Asked, length: int, lost: set[Loss]) -> Asked:
    """A budget must leave room for the answer; where it would be too small there is no thinking."""
    if asked.budget is None or asked.budget < length:
        return asked
    lost.add(Loss.REASONING)
    budget = length // 2
    if budget < SMALLEST_BUDGET:
        return Asked(None, asked.effort)
    return msgspec.structs.replace(asked, thinking={**(asked.thinking or {}), "budget_tokens": budget})


def sampling(conversation: Conversation, asked: Asked, *, own: bool, lost: set[Loss]) -> dict[str, Any]:
    """Temperature, top_p and top_k, as far as they go together with one another and with thinking."""
    written: dict[str, Any] = {}
    temperature, top_p, top_k = conversation.temperature, conversation.top_p, conversation.top_k
    if temperature is not None:
        if asked.thinks and temperature != 1:
            lost.add(Loss.TEMPERATURE)
        elif temperature > 1 and not own:
            # Others count up to two.
            written["temperature"] = 1.0
            lost.add(Loss.TEMPERATURE)
        else:
            written["temperature"] = temperature
    if top_p is not None:
        # Current models refuse a temperature and top_p together, which others are often sent.
        if (asked.thinks and top_p < _LEAST_TOP_P_WITH_THINKING) or ("temperature" in written and not own):
            lost.add(Loss.TOP_P)
        else:
            written["top_p"] = top_p
    if top_k is not None:
        if asked.thinks:
            lost.add(Loss.TOP_K)
        else:
            written["top_k"] = top_k
    return written
