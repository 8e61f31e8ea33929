"""Sentences of this page, with what belongs into them, and moments that are near."""

import re
from datetime import datetime
from typing import Final, Literal

from PySide6.QtCore import QCoreApplication

from ui.words import count

Level = Literal["good", "warn", "bad", "muted"]

SIGNS: Final[dict[Level, str]] = {"good": "●", "warn": "▲", "bad": "✕", "muted": "○"}
"""So that a state is told without its colour."""
BETWEEN: Final = " · "

_PLACE = re.compile(r"%(\d)")


def later(text: str) -> str:
    """Marks a text of a table for translators; `tr` says it."""
    return text


def tr(text: str, *values: str) -> str:
    """Translated; %1 is the first value. A value may hold such a mark itself: it is a name of the user's."""
    sentence = QCoreApplication.translate("providers", text)
    return _PLACE.sub(lambda found: values[int(found[1]) - 1], sentence) if values else sentence


def several(number: int, one: str, many: str, *values: str) -> str:
    """%1 is the number, %2 the first value."""
    return tr(one if number == 1 else many, count(number), *values)


def clock(seconds: float, now: float) -> str:
    """A moment in seconds since 1970: the time of day, with the date unless that is today's."""
    then, today = datetime.fromtimestamp(seconds), datetime.fromtimestamp(now)  # noqa: DTZ006 -- local time
    return then.strftime("%H:%M" if then.date() == today.date() else "%d %b %H:%M")


def sentence(text: str) -> str:
    """With a capital letter and a full stop. A service keeps its name as it is."""
    whole = text if "/" in text.partition(" ")[0] else text[:1].upper() + text[1:]
    return whole if not whole or whole.endswith((".", "!", "?", "…")) else f"{whole}."
