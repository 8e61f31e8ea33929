"""The kinds of providers as a table: formats, paths and the header that carries the key."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from proxy.secret import Secret
from proxy.wire.formats import Format


class Auth(Enum):
    """The header a key travels in."""

    X_API_KEY = ("x-api-key", "")
    BEARER = ("authorization", "Bearer ")

    def headers(self, key: Secret) -> dict[str, str]:
        name, prefix = self.value
        return {name: prefix + key.reveal()}


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where one format is spoken: a path below the address, and what every request there must carry.

    Vendors document their addresses with the version (`/v1`, `/api/paas/v4`) or without it; `versioned`
    tells which of the two the configured address is expected to be.
    """

    path: str
    versioned: bool
    auth: Auth
    defaults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of provider. `root` is the vendor's own address, empty where only the user knows it."""

    entrances: Mapping[Format, Entrance]
    root: str = ""


_MESSAGES = Entrance(
    "/v1/messages", versioned=False, auth=Auth.X_API_KEY, defaults={"anthropic-version": "2023-06-01"}
)
_CHAT = Entrance("/chat/completions", versioned=True, auth=Auth.BEARER, defaults={})

_ANTHROPIC = {Format.ANTHROPIC: _MESSAGES}
_OPENAI = {Format.OPENAI_CHAT: _CHAT}

KINDS: Mapping[str, Kind] = {
    "anthropic": Kind(_ANTHROPIC, "https://api.anthropic.com"),
    "anthropic-compatible": Kind(_ANTHROPIC),
    "openai": Kind(_OPENAI, "https://api.openai.com/v1"),
    "openai-compatible": Kind(_OPENAI),
    "ollama": Kind(_OPENAI, "http://127.0.0.1:11434"),
    "llamacpp": Kind(_OPENAI, "http://127.0.0.1:8080"),
    "lmstudio": Kind(_OPENAI, "http://127.0.0.1:1234"),
    "vllm": Kind(_OPENAI, "http://127.0.0.1:8000"),
}
