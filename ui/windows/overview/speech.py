"""Sentences of this page, with what belongs into them, and parts of answers that could not be had."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QCoreApplication

from ui.words import count

BETWEEN: Final = " · "
"""Between facts of one line."""

_TIED: Final = "\N{NO-BREAK SPACE}"
_PLACE = re.compile(r"%(\d)")

Part = Mapping[str, Any]


def tr(text: str, *values: str) -> str:
    """Translated; %1 is the first value. A value may hold such a mark itself: it is a name of the user's."""
    sentence = QCoreApplication.translate("overview", text)
    return _PLACE.sub(lambda found: values[int(found[1]) - 1], sentence) if values else sentence


def several(number: int, one: str, many: str, *values: str) -> str:
    """%1 is the number, %2 the first value."""
    return tr(one if number == 1 else many, count(number), *values)


def joined(*facts: str) -> str:
    """In one line; where there is no room, a line ends between facts."""
    facts = tuple(fact.replace(" ", _TIED) for fact in facts)
    return BETWEEN.join(filter(None, facts))


def clock(seconds: float, now: float) -> str:
    """A moment that is near, in seconds since 1970: the time of day, with the date unless that is today's."""
    then, today = datetime.fromtimestamp(seconds), datetime.fromtimestamp(now)  # noqa: DTZ006 -- local time
    return then.strftime("%H:%M" if then.date() == today.date() else "%d %b %H:%M")


def failure(part: object) -> str:
    """Why a part of an answer is missing, in a sentence; empty for one that is there."""
    is_failure = isinstance(part, Mapping) and set(part) == {"error", "detail"}
    return str(part["detail"]) if is_failure and isinstance(part, Mapping) else ""
