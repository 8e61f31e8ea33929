"""The formats that providers speak: who speaks each of them here, and how much of a bill it can tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from proxy.wire.format import Format
from tests.fakes.script import Billed


@dataclass(frozen=True)
class Column:
    format: Format
    kind: str
    model: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    tells_cache_reads: bool = True
    tells_cache_writes: bool = True
    tells_reasoning: bool = True

    def told(self, billed: Billed) -> Billed:
        """As much of the bill as can be told; what has no count of its own is counted as fresh input."""
        read = billed.cache_read if self.tells_cache_reads else 0
        write = billed.cache_write if self.tells_cache_writes else 0
        return replace(
            billed,
            input=billed.prompt - read - write,
            cache_read=read,
            cache_write=write,
            reasoning=billed.reasoning if self.tells_reasoning else 0,
        )


COLUMNS = (
    Column(Format.ANTHROPIC, "anthropic-compatible", "claude-sonnet-4-5"),
    Column(Format.OPENAI_CHAT, "openai-compatible", "glm-4.7"),
    Column(Format.RESPONSES, "openai", "gpt-5.2", {"formats": ["responses"]}),
    Column(
        Format.GEMINI, "gemini", "gemini-3.1-pro-preview", {"formats": ["gemini"]}, tells_cache_writes=False
    ),
    Column(
        Format.OLLAMA,
        "ollama",
        "qwen3:8b",
        tells_cache_reads=False,
        tells_cache_writes=False,
        tells_reasoning=False,
    ),
    Column(
        Format.BEDROCK, "bedrock", "amazon.nova-2-lite-v1:0", {"region": "us-east-1"}, tells_reasoning=False
    ),
)
