"""What a scenario needs of a coding agent, whichever it is."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from tests.e2e.clients.npm import Package
from tests.fakes.script import Call


@dataclass(frozen=True)
class Place:
    """Where a client runs and whom it asks."""

    home: Path
    work: Path
    url: str
    token: str


@dataclass(frozen=True)
class Said:
    """What a client that has ended leaves for its user."""

    text: str
    """Its last words: the answer, or what it says of its failure."""
    failed: bool
    events: list[dict[str, Any]]
    errors: str
    """Its stderr."""


class Client(ABC):
    name: ClassVar[str]
    package: ClassVar[Package]
    too_long: ClassVar[str]
    """What it tells its user when a conversation no longer fits."""

    @abstractmethod
    def arguments(self, prompt: str) -> list[str]: ...

    @abstractmethod
    def prepared(self, place: Place, model: str = "") -> dict[str, str]:
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
