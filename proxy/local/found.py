"""What is known of a server that was found, and of its models. None is unknown, and never no."""

from dataclasses import dataclass
from enum import StrEnum

from proxy.local.kinds import SORTS, ServerKind, Sort
from proxy.local.place import Place


class State(StrEnum):
    """How a server is."""

    READY = "ready"
    LOADING = "loading"
    """It listens, and its model is on its way into memory."""
    LOCKED = "locked"
    """It wants a key before it tells anything."""
    GONE = "gone"
    """It was there, and no longer answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModel:
    """One model of a server."""

    name: str
    """As it is asked for."""
    is_loaded: bool | None = None
    context: int | None = None
    """Tokens of one conversation that it takes as it is loaded now, or as it would be loaded."""
    most_context: int | None = None
    """Tokens that it could take at most, were it loaded so."""
    chats: bool = True
    """False for models that only embed, transcribe or draw."""
    tools: bool | None = None
    vision: bool | None = None
    thinking: bool | None = None
    size: int | None = None
    """Bytes."""
    parameters: str = ""
    """How many weights it has, as people write it: 7.6B."""
    quantisation: str = ""
    is_remote: bool = False
    """The server passes what it is asked on to somebody else's machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalServer:
    """One server, as it answered last."""

    kind: ServerKind
    place: Place
    version: str = ""
    state: State = State.READY
    models: tuple[LocalModel, ...] = ()
    slots: int | None = None
    """Requests that it works on at the same time."""
    is_exposed: bool | None = None
    """Whether other machines can reach it."""
    pid: int | None = None

    @property
    def sort(self) -> Sort:
        return SORTS[self.kind]

    @property
    def base_url(self) -> str:
        """Its address as a provider is configured with."""
        return self.place.url + self.sort.api

    def model(self, name: str) -> LocalModel | None:
        return next((each for each in self.models if each.name == name), None)
