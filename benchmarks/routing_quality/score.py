"""The shipped prior as plain functions, for evaluators that call one: a higher score is a harder prompt."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from proxy.routing.prior import Prior
from proxy.routing.signals import cleaned
from resources import resource


@cache
def shipped() -> Prior:
    return Prior.read(resource("prior.bin").read_bytes())


def score(
    prompt: str,
    messages: Sequence[Any] | None = None,
    tools: Sequence[Any] | None = None,
) -> float:
    """Evaluators pass messages and tools; the prior must not see them."""
    return shipped().judge(cleaned(prompt)).value


def score_many(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    """Rows have the key `prompt`."""
    return [score(row["prompt"]) for row in rows]
