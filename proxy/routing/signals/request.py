"""What one request is, for everything that decides about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from proxy.routing.customs import Call
from proxy.routing.names import family_of
from proxy.routing.signals.commands import Command, Commanded, commanded
from proxy.routing.signals.follow_ups import is_errand
from proxy.routing.signals.kind import Kind
from proxy.routing.signals.replies import is_short_reply, previous_text, text_just_before
from proxy.routing.signals.session import Anonymous, SessionId
from proxy.routing.signals.stakes import Stake, stakes_in
from proxy.routing.signals.task import Task, task_of
from proxy.routing.signals.texts import NO_TEXTS, Texts
from proxy.routing.signals.trajectory import Trajectory, trajectory_of
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
    answers: int = 0
    """How often the model has answered, as far as the request tells."""
    turns: int = 0
    """How often the user typed something."""
    tool_count: int = 0
    tool_names: frozenset[str] = frozenset()
    extra_tools: int | None = None
    """How many of the tools the client does not bring with it; None while those it brings are not known."""
    tools_used: frozenset[str] = frozenset()
    tokens: int = 0
    images: int = 0
    documents: int = 0
    thinking: bool = False
    max_output: int | None = None
    is_structured: bool = False
    call: Call | None = field(default=None, repr=False)
    """What is learned from the request when it is sent, if anything."""
    texts: Texts = field(default=NO_TEXTS, repr=False, compare=False)
    said: str | None = field(default=None, repr=False)
    """What counts as typed last; None for what the texts tell."""

    def as_typed(self) -> "Signals":
        """The same as if the last turn that was typed were to be answered, and no tool's result."""
        turn = self.texts.turn._replace(start=len(self.texts.facts), is_tools=False)
        return replace(self, texts=replace(self.texts, turn=turn))

    def as_said_before(self) -> "Signals":
        """The same as if the user had repeated what was typed last before this turn."""
        return replace(self.as_typed(), said=self.previous_text)

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
        return self.texts.latest_user() if self.said is None else self.said

    @cached_property
    def previous_text(self) -> str:
        """What was typed last before the turn's own words and says something; empty if nothing does."""
        return previous_text(self.texts)

    @cached_property
    def is_short_reply(self) -> bool:
        """The user only agrees, chooses, or tells to go on."""
        return is_short_reply(self.worded)

    @cached_property
    def stakes(self) -> frozenset[Stake]:
        """What makes the work hard that is asked for."""
        return stakes_in(self.worded)

    @cached_property
    def is_errand(self) -> bool:
        """It is to be done, and takes no thought."""
        return is_errand(self.worded)

    @cached_property
    def task(self) -> Task:
        return task_of(self.worded)

    @cached_property
    def trajectory(self) -> Trajectory:
        """How the work with tools has gone for what the user asked last."""
        return trajectory_of(self.texts)

    @cached_property
    def command(self) -> Command | None:
        """What the user commands for this turn, in it or in the message before if that says nothing else."""
        return self._commanded_before if self.is_command_repeated else self._commanded.command

    @cached_property
    def is_command_repeated(self) -> bool:
        """The command stands in the message before, and not in this turn's own text."""
        here = self._commanded
        return here.command is None and bool(here.text) and self._commanded_before is not None

    @property
    def worded(self) -> str:
        """What was typed last, without what it commands."""
        return self._commanded.text

    @cached_property
    def _commanded_before(self) -> Command | None:
        before = commanded(text_just_before(self.texts))
        return None if before.text else before.command

    @cached_property
    def _commanded(self) -> Commanded:
        return commanded(self.latest_user_text)

    @cached_property
    def turn_mark(self) -> int:
        """The same for the same turn of a conversation, and salted anew by every process."""
        return hash((self.turns, self.latest_user_text))
