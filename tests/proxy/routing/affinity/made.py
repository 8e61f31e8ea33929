"""Threads and pins made up for tests."""

from typing import Any

from proxy.routing.affinity.pins import Pin
from proxy.routing.affinity.threads import Thread
from proxy.routing.service import Service

NOW = 1_780_000_000.0
HAIKU = Service("anthropic", "claude-haiku-4-5")
OPUS = Service("anthropic", "claude-opus-4-8")
LOCAL = Service("ollama", "qwen/qwen3")
THREAD = Thread("main", "claude-code", "session-1")
MOST = 2000
HOUR = 3600.0


def pin(service: Service = HAIKU, at: float = NOW, **overrides: Any) -> Pin:
    """One that was written then, for an hour."""
    given: dict[str, Any] = {"locked_at": at, "expires_at": at + HOUR, "first_locked": at}
    return Pin(provider=service.provider, model=service.model, **{**given, **overrides})
