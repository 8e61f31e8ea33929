"""What a scenario needs of a coding agent, whichever it is."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from tests.e2e.clients.npm import Package
from tests.fakes.script import Call


@dataclass(frozen=True)
class Place:
    """Where a client runs and whom it asks."""

    home: Path
    work: Path
    url: str
    token: str

    @classmethod
    def below(cls, folder: Path, ready: Mapping[str, Any]) -> Self:
        """New folders, and the gateway that has said this when it was ready."""
        home, work = folder / "home-of-client", folder / "work"
        home.mkdir()
        work.mkdir()
        return cls(home, work, ready["url"], ready["token"])


@dataclass(frozen=True)
class Said:
    """What a client that has ended leaves for its user."""

    text: str
    """Its last words: the answer, or what it says of its failure."""
    failed: bool
    tokens: tuple[int, int]
    """What it counts as read and as written."""
    events: list[dict[str, Any]]
    errors: str
    """Its stderr."""


class Client(ABC):
    name: ClassVar[str]
    package: ClassVar[Package]
    model: ClassVar[str]
    """The one that it asks for, unless a scenario wants another."""
    instructions: ClassVar[tuple[str, ...]]
    """Words of its own instructions, from each place where it puts some."""
    too_long: ClassVar[str]
    """What it tells its user when a conversation does not fit."""

    @abstractmethod
    def arguments(self, prompt: str) -> list[str]: ...

    @abstractmethod
    def prepared(self, place: Place, model: str) -> dict[str, str]:
        """Writes its settings, and gives what its environment must have beside PATH and HOME."""

    @abstractmethod
    def said(self, events: list[dict[str, Any]], errors: str) -> Said: ...

    @abstractmethod
    def runs(self, command: str) -> Call:
        """A call of the tool that runs a command."""

    @abstractmethod
    def writes(self, file: Path, text: str) -> Call: ...

    @abstractmethod
    def edits(self, file: Path, old: str, new: str) -> Call: ...
