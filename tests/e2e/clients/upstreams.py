"""The formats that scenarios are served in, and how the gateway is told of each."""

import json
from dataclasses import dataclass
from pathlib import Path

from proxy.wire.format import Format
from tests.fakes.server import FakeLlm

KEY = "key-of-the-fake"
KEY_NAME = "FAKE_KEY"
"""The variable that the gateway finds the key in."""


@dataclass(frozen=True)
class Upstream:
    name: str
    format: Format
    model: str
    provider: str
    """What its table in the configuration has beside the address and the key."""
    others: tuple[str, ...] = ()
    """Models that stand beside its own in every tier."""

    def configured(self, home: Path, fake: FakeLlm) -> None:
        """One service for every tier, so that no request can go anywhere else, or several that take turns."""
        home.mkdir()
        address = f'base_url = "{fake.base_url}"\nkey = "env:{KEY_NAME}"'
        services = json.dumps([f"fake/{model}" for model in (self.model, *self.others)])
        tiers = [f'[tiers.{tier}]\ntactic = "round_robin"\nservices = {services}' for tier in _TIERS]
        tables = [f"[providers.fake]\n{self.provider}\n{address}", "[local]\nenabled = false", *tiers]
        (home / "config.toml").write_text("\n\n".join(tables) + "\n")


_TIERS = ("SIMPLE", "COMPLEX", "REASONING")

ANTHROPIC = Upstream("anthropic", Format.ANTHROPIC, "claude-opus-4-8", 'kind = "anthropic-compatible"')
HAIKU = Upstream("haiku", Format.ANTHROPIC, "claude-haiku-4-5", 'kind = "anthropic-compatible"')
TAKING_TURNS = Upstream(
    "taking turns",
    Format.ANTHROPIC,
    "claude-opus-4-8",
    'kind = "anthropic-compatible"',
    ("claude-opus-4-7", "claude-opus-4-6"),
)
UPSTREAMS = (
    ANTHROPIC,
    Upstream("chat", Format.OPENAI_CHAT, "glm-4.6", 'kind = "openai-compatible"'),
    Upstream("responses", Format.RESPONSES, "gpt-5.5", 'kind = "openai-compatible"\nformats = ["responses"]'),
    Upstream("gemini", Format.GEMINI, "gemini-3-pro-preview", 'kind = "gemini"'),
)

TRANSLATED_FOR_CODEX = tuple(upstream for upstream in UPSTREAMS if upstream.format is not Format.RESPONSES)
