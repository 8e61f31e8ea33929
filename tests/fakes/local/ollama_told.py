"""What Ollama tells of its models, and how it reads what it is told of times and of hosts."""

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from tests.fakes.local.memory import FOR_EVER, Loaded

Version = tuple[int, ...]

_MODIFIED = "2026-01-01T00:00:00.000000001Z"
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"([\d.]+)(ms|s|m|h)")
_OF_HERE = (".localhost", ".local", ".internal")


class Cloud(StrEnum):
    """What becomes of requests to models that run on somebody else's machine."""

    NOT_SIGNED_IN = "not signed in"
    SIGNED_IN = "signed in"
    DISABLED = "disabled"


@dataclass(frozen=True, kw_only=True)
class OllamaModel:
    name: str = "qwen3:8b"
    family: str = "qwen3"
    most_context: int = 40960
    """What it was trained for. More is never loaded, whatever is asked for."""
    num_ctx: int | None = None
    """What its own file asks for."""
    size: int = 5_200_000_000
    parameters: str = "8.2B"
    quantisation: str = "Q4_K_M"
    capabilities: tuple[str, ...] = ("completion", "tools", "thinking")
    remote_host: str = ""
    remote_model: str = ""
    is_rendered: bool = True
    """Ollama itself puts its prompts together, not the llama.cpp underneath."""

    @property
    def full_name(self) -> str:
        return with_tag(self.name)

    @property
    def is_remote(self) -> bool:
        return bool(self.remote_host)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.full_name.encode()).hexdigest()

    @property
    def details(self) -> dict[str, Any]:
        return {
            "parent_model": "",
            "format": "" if self.is_remote else "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameters,
            "quantization_level": self.quantisation,
        }


def with_tag(name: str) -> str:
    return name if ":" in name else f"{name}:latest"


def asks_the_cloud(name: str) -> bool:
    return name.endswith((":cloud", "-cloud"))


def listed(model: OllamaModel) -> dict[str, Any]:
    """As an older version lists it."""
    remote = {"remote_model": model.remote_model, "remote_host": model.remote_host}
    return {
        "name": model.full_name,
        "model": model.full_name,
        **(remote if model.is_remote else {}),
        "modified_at": _MODIFIED,
        "size": 384 if model.is_remote else model.size,
        "digest": model.digest,
        "details": model.details,
    }


def listed_with_capabilities(model: OllamaModel) -> dict[str, Any]:
    details = model.details | {"context_length": model.most_context}
    return listed(model) | {"details": details, "capabilities": list(model.capabilities)}


def running(model: OllamaModel, loaded: Loaded) -> dict[str, Any]:
    return {
        "name": model.full_name,
        "model": model.full_name,
        "size": model.size,
        "digest": model.digest,
        "details": model.details,
        "expires_at": loaded.until.isoformat(),
        "size_vram": model.size,
        "context_length": loaded.context,
    }


def shown(model: OllamaModel) -> dict[str, Any]:
    remote = {"remote_model": model.remote_model, "remote_host": model.remote_host}
    parameters = (
        {} if model.num_ctx is None else {"parameters": f"num_ctx                        {model.num_ctx}"}
    )
    return {
        **parameters,
        **(remote if model.is_remote else {}),
        "template": "{{ .Prompt }}",
        "details": model.details,
        "model_info": {
            "general.architecture": model.family,
            "general.parameter_count": 8_190_735_360,
            f"{model.family}.context_length": model.most_context,
        },
        "capabilities": list(model.capabilities),
        "modified_at": _MODIFIED,
    }


def kept(body: Mapping[str, Any], default: timedelta) -> timedelta:
    """A number is seconds, a text a duration as Go writes them, and whatever is negative for ever."""
    told = body.get("keep_alive")
    if told is None:
        return default
    if isinstance(told, str):
        seconds = sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(told))
        told = -1 if told.startswith("-") else seconds
    return FOR_EVER if told < 0 else timedelta(seconds=told)


def is_of_here(host: str) -> bool:
    """Whether a Host header may be meant for this machine, and no page of the web is behind it."""
    name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    name = name.strip("[]").casefold()
    if name in ("", "localhost") or name.endswith(_OF_HERE):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_unspecified


def lacking(name: str, body: Mapping[str, Any], model: OllamaModel) -> str | None:
    """What a request wants of a model that it cannot do, in Ollama's words."""
    if "completion" not in model.capabilities:
        return f'"{name}" does not support chat'
    if body.get("think") and "thinking" not in model.capabilities:
        return f'"{name}" does not support thinking'
    if body.get("tools") and "tools" not in model.capabilities:
        return f"library/{model.full_name} does not support tools"
    return None
