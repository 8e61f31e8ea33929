"""What providers of one sort offer: formats with their addresses, in the order of preference."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from proxy.providers.entrance import Auth, Entrance, Task
from proxy.providers.entrances.joining import origin, path_of, root_of, versioned
from proxy.providers.provider import Provider
from proxy.wire.format import Format

ANTHROPIC_DEFAULTS = {"anthropic-version": "2023-06-01"}


class Adapter(Protocol):
    """Where the providers of one kind are asked. The first of several answers is what they do best."""

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]: ...

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        """Where everything but answering is done."""
        ...


def at(
    url: str, format_: Format, auth: Auth, model: str, *, defaults: dict[str, str] | None = None
) -> Entrance:
    """An entrance that streams at the same address."""
    return Entrance(format=format_, url=url, stream_url=url, auth=auth, defaults=defaults or {}, model=model)


def messages(base: str, model: str, auth: Auth = Auth.X_API_KEY) -> Entrance:
    return at(f"{base}/v1/messages", Format.ANTHROPIC, auth, model, defaults=ANTHROPIC_DEFAULTS)


def chat(base: str, model: str, auth: Auth = Auth.BEARER) -> Entrance:
    return at(f"{base}/chat/completions", Format.OPENAI_CHAT, auth, model)


def responses(base: str, model: str, auth: Auth = Auth.BEARER) -> Entrance:
    return at(f"{base}/responses", Format.RESPONSES, auth, model)


@dataclass(frozen=True, slots=True)
class OpenAI:
    """Whoever speaks OpenAI's formats below a versioned address."""

    formats: tuple[Format, ...] = (Format.OPENAI_CHAT,)
    embeds: bool = True
    """The paths do not depend on the model."""

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]:
        make = {Format.OPENAI_CHAT: chat, Format.RESPONSES: responses}
        return [make[format_](versioned(provider.base), model) for format_ in self.formats]

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        base = versioned(provider.base)
        if task is Task.MODELS:
            return at(f"{base}/models", Format.OPENAI_CHAT, Auth.BEARER, model)
        if task is Task.EMBED and self.embeds:
            return at(f"{base}/embeddings", Format.OPENAI_CHAT, Auth.BEARER, model)
        return None


@dataclass(frozen=True, slots=True)
class Anthropic:
    """Whoever speaks Anthropic's format below a root."""

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]:
        return [messages(root_of(provider.base), model)]

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        base = root_of(provider.base)
        match task:
            case Task.COUNT:
                url = f"{base}/v1/messages/count_tokens"
            case Task.MODELS:
                url = f"{base}/v1/models?limit=1000"
            case _:
                return None
        return at(url, Format.ANTHROPIC, Auth.X_API_KEY, model, defaults=ANTHROPIC_DEFAULTS)


@dataclass(frozen=True, slots=True)
class Both:
    """Whoever speaks OpenAI's format at one path of a host and Anthropic's at another one.

    An address with a path that the vendor does not document is somebody's own way there: it is taken as it
    is, for OpenAI's format. One that names the path of Anthropic's means that alone: with some vendors it is
    what a subscription pays for, and the other is not.
    """

    chat_path: str
    anthropic_path: str
    anthropic_auth: Auth = Auth.X_API_KEY
    embeds: bool = False
    openai: OpenAI = field(default_factory=OpenAI)

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]:
        if not self._is_documented(provider.base):
            return self.openai.answers(provider, model)
        root = origin(provider.base)
        native = messages(root + self.anthropic_path, model, self.anthropic_auth)
        if self._is_anthropics(provider.base):
            return [native]
        return [chat(root + self.chat_path, model), native]

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        if not self._is_documented(provider.base):
            return self.openai.other(provider, model, spoken, task)
        root = origin(provider.base) + self.chat_path
        if task is Task.MODELS:
            return at(f"{root}/models", Format.OPENAI_CHAT, Auth.BEARER, model)
        if task is Task.EMBED and self.embeds:
            return at(f"{root}/embeddings", Format.OPENAI_CHAT, Auth.BEARER, model)
        return None

    def _is_documented(self, base: str) -> bool:
        is_chats = path_of(root_of(base)) == root_of(self.chat_path)
        return is_chats or path_of(base) == "" or self._is_anthropics(base)

    def _is_anthropics(self, base: str) -> bool:
        path = path_of(root_of(base))
        return path == self.anthropic_path and path != root_of(self.chat_path)
