"""What a client was told, and what it offers to be called: in words that no format owns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.script import Billed


@dataclass(frozen=True)
class Tool:
    name: str
    about: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Called:
    """A call as the client got it. The id is empty where the format gives none."""

    id: str
    name: str
    arguments: Any


@dataclass(frozen=True)
class Told:
    text: str
    calls: tuple[Called, ...]
    thinking: str
    usage: Billed
    native: Any
    """What the client puts into its history so that the conversation can go on."""
    pieces: tuple[str, ...] = ()
    """The text as it came, where it was streamed."""

    @property
    def called(self) -> list[tuple[str, Any]]:
        return [(call.name, call.arguments) for call in self.calls]


SIGNATURE = "c2lnbmVkIGJ5IHRoZSBtb2RlbA=="
"""For turns with calls: models of Google's sign those even where they show no thoughts."""
WEATHER = Tool(
    "weather",
    "Tells the weather.",
    {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city", "days"],
    },
)
CLOCK = Tool("clock", "Tells the time.", {"type": "object", "properties": {"zone": {"type": "string"}}})
