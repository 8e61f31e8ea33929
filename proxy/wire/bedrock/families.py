"""What the models of one maker take beyond Converse, and what they do not take of it.

The maker is part of a model's id, with or without a region in front (`us.anthropic.claude-...`). An id that
is an account's own resource name tells no maker; of its model nothing is assumed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from proxy.wire.target import Target, Thinks


@dataclass(frozen=True, slots=True)
class Family:
    is_claude: bool = False
    """Is asked to think, and told how random to be, under the rules of Anthropic's own format."""
    takes_cache_points: bool = False
    tells_stop_sequence: bool = False
    images_in_results: bool = True
    top_k: Callable[[int], Mapping[str, Any]] | None = None
    effort: Callable[[str], Mapping[str, Any]] | None = None
    """How the model is asked to think, where it is asked by a word."""
    high_effort_stands_alone: bool = False
    """Takes no other setting beside the highest effort."""


CLAUDE = Family(
    is_claude=True,
    takes_cache_points=True,
    tells_stop_sequence=True,
    top_k=lambda value: {"top_k": value},
)
NOVA = Family(top_k=lambda value: {"inferenceConfig": {"topK": value}})
NOVA_2 = Family(
    top_k=lambda value: {"inferenceConfig": {"topK": value}},
    effort=lambda word: {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": word}},
    high_effort_stands_alone=True,
)
BY_EFFORT = Family(images_in_results=False, effort=lambda word: {"reasoning_effort": word})
PLAIN = Family(images_in_results=False)
UNKNOWN = Family()

_MARKS = {
    "claude": CLAUDE,
    "amazon.nova-2": NOVA_2,
    "amazon.nova": NOVA,
    "openai.": BY_EFFORT,
    "moonshot": BY_EFFORT,
    "ai21.": PLAIN,
    "cohere.": PLAIN,
    "deepseek.": PLAIN,
    "google.": PLAIN,
    "meta.": PLAIN,
    "minimax.": PLAIN,
    "mistral.": PLAIN,
    "nvidia.": PLAIN,
    "qwen.": PLAIN,
    "writer.": PLAIN,
    "zai.": PLAIN,
}
"""What an id has in it; the first that fits counts."""


def family_of(target: Target) -> Family:
    model = target.model.lower()
    known = next((family for mark, family in _MARKS.items() if mark in model), None)
    if known is not None:
        return known
    # Only Claude is asked in these ways.
    return CLAUDE if target.thinks in (Thinks.BUDGET, Thinks.ADAPTIVE) else UNKNOWN
