"""What one request is, for everything that decides about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from proxy.routing.names import family_of
from proxy.routing.signals.kind import Kind
from proxy.routing.signals.session import Anonymous, SessionId
from proxy.routing.signals.texts import NO_TEXTS, Texts
from proxy.wire.format import Format
from proxy.wire.splice import Body

NO_SESSION = SessionId(None, "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A request as it came in, and what the server knows of who sent it."""

    body: Body | None = field(repr=False)
    format: Format
    """What the body is written in, whatever the address was."""
    surface: str
    client: str
    profile: str = ""
    model: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_count: bool = False
    anonymous: Anonymous = "call_ids"
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Signals:
    """Numbers and names, read once. The texts are read when first asked for, and nobody else keeps them."""

    surface: str = ""
    client: str = ""
    profile: str = ""
    model: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By their names in lower case; those that prove who somebody is are empty."""
    kind: Kind = Kind.MAIN
    is_tool_turn: bool = False
    has_tool_history: bool = False
    answered: tuple[str, ...] = ()
    """The ids of the calls whose results the model is to see now; Gemini has only the tools' names."""
    session: SessionId = NO_SESSION
    agent: str = "main"
    messages: int = 0
    turns: int = 0
    """How often the user typed something."""
    tool_count: int = 0
    tools_used: frozenset[str] = frozenset()
    tokens: int = 0
    images: int = 0
    documents: int = 0
    thinking: bool = False
    max_output: int | None = None
    is_structured: bool = False
    texts: Texts = field(default=NO_TEXTS, repr=False, compare=False)

    def as_typed(self) -> "Signals":
        """The same as if the last turn that was typed were to be answered, and no tool's result."""
        turn = self.texts.turn._replace(start=len(self.texts.facts), is_tools=False)
        return replace(self, texts=replace(self.texts, turn=turn))

    @cached_property
    def family(self) -> str:
        return family_of(self.model)

    @cached_property
    def system_text(self) -> str:
        return self.texts.system()

    @cached_property
    def user_text(self) -> str:
        """Of very much only the end."""
        return self.texts.user()

    @cached_property
    def latest_user_text(self) -> str:
        return self.texts.latest_user()
