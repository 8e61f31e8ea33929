"""One request as a session log tells of it: which model, when, and how many tokens. Nothing of its text."""

from dataclasses import dataclass
from datetime import UTC, datetime

from proxy.wire.canonical import Usage

_LONGEST_NAME = 100


class UnreadableLineError(Exception):
    """A line that should tell of a request, and cannot be read. It is counted, and never shown."""


@dataclass(frozen=True, slots=True)
class Request:
    client: str
    model: str
    at: float
    session: str
    usage: Usage


def model_name(text: str | None) -> str:
    """A model as it may be printed: whatever a log holds there, it moves no cursor and fills no screen."""
    shown = "".join(each if each.isprintable() else "?" for each in (text or "")[:_LONGEST_NAME])
    return shown or "unknown"


def moment(timestamp: str) -> float:
    """Unix seconds of a time as logs write it. A time without a zone is UTC: both clients write UTC."""
    try:
        when = datetime.fromisoformat(timestamp)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError) as error:
        raise UnreadableLineError from error
