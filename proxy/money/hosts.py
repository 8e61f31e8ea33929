"""Where a model's price stands in the catalogue: by the kind of its provider, or by whose name it has."""

import re
from collections.abc import Mapping
from typing import Final

HOSTS: Final[Mapping[str, tuple[str, ...]]] = {
    "anthropic": ("anthropic",),
    "openai": ("openai",),
    "azure-openai": ("azure",),
    "azure-anthropic": ("anthropic",),
    "bedrock": ("aws", "anthropic"),
    "vertex": ("google",),
    "openrouter": ("openrouter",),
    "databricks": ("databricks",),
    "moonshot": ("moonshotai",),
    "zai": ("zai",),
    "deepseek": ("deepseek",),
    "gemini": ("google",),
    "mistral": ("mistral",),
    "groq": ("groq",),
    "xai": ("x-ai",),
    "together": ("together",),
    "fireworks": ("fireworks",),
    "cerebras": ("cerebras",),
}
"""Where the models of a kind of provider stand in the catalogue, beside those that it serves for others.
Kinds that are missing have no prices of their own; their address may tell more."""

VENDORS: Final[tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]] = tuple(
    (re.compile(beginning), vendors)
    for beginning, vendors in (
        (r"claude", ("anthropic",)),
        (r"text-embedding-[3a]|gpt-(?!oss)|o\d|codex|chatgpt|chat-latest", ("openai",)),
        (r"gemini", ("google",)),
        (r"deepseek", ("deepseek",)),
        (r"kimi|moonshot", ("moonshotai",)),
        (r"glm", ("zai", "zhipuai")),
        (r"grok", ("x-ai",)),
        (r"(?:mi|code|dev|magi|mini)stral|mixtral|pixtral|open-mi[sx]tral", ("mistral",)),
        (r"minimax", ("minimax",)),
        (r"command-", ("cohere",)),
        (r"muse-", ("meta",)),
    )
)
"""Who sells a model under its own name, by how the name begins."""

NAMES_CARRY_MEANING: Final = frozenset({"openrouter"})
"""Hosts where `:free` and the vendor before the slash are part of the model: nothing is taken off a name."""
