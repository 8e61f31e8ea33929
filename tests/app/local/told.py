"""What was found, as it is told: of one able model on an Ollama, but for what a test says."""

from typing import Any

from proxy.server.local_told import ToldModel, ToldServer, ToldServers


def model(name: str = "qwen3:8b", **said: Any) -> ToldModel:
    usual: dict[str, Any] = {
        "service": f"ollama/{name}",
        "loaded": False,
        "context": None,
        "most_context": 40960,
        "chats": True,
        "tools": True,
        "vision": False,
        "thinking": False,
        "size": 5_200_000_000,
        "parameters": "8.2B",
        "quantisation": "Q4_K_M",
        "local": True,
        "tokens_per_second": None,
        "tiers": [],
    }
    return ToldModel(name=name, **{**usual, **said})


def server(*models: ToldModel, **said: Any) -> ToldServer:
    usual: dict[str, Any] = {
        "name": "ollama",
        "configured": False,
        "enabled": True,
        "kind": "ollama",
        "label": "Ollama",
        "url": "http://127.0.0.1:11434",
        "version": "0.34.2",
        "state": "ready",
        "exposed": False,
        "slots": None,
        "cuts_prompts": True,
        "models": list(models),
    }
    return ToldServer(**{**usual, **said})


def told(*servers: ToldServer, enabled: bool = True) -> ToldServers:
    return ToldServers(enabled=enabled, looked=True, servers=list(servers))
