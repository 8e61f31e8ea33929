"""Sentences in the user's language, with what belongs into them."""

import re
from datetime import datetime
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import Qt

from ui.words import count

BETWEEN: Final = " · "
"""Between facts of one line."""

_PLACE = re.compile(r"%(\d)")


class Speech:
    """The sentences of one part of the face: what a translator sees together."""

    def __init__(self, context: str) -> None:
        self._context = context

    def tr(self, text: str, *values: str) -> str:
        """%1 is the first value. A value may hold such a mark itself: it is a name of the user's."""
        sentence = QCoreApplication.translate(self._context, text)
        return _PLACE.sub(lambda found: values[int(found[1]) - 1], sentence) if values else sentence

    def several(self, number: int, one: str, many: str, *values: str) -> str:
        """%1 is the number, %2 the first value."""
        return self.tr(one if number == 1 else many, count(number), *values)


def later(text: str) -> str:
    """Marks a text of a table for translators; `tr` says it."""
    return text


def plain(text: str) -> str:
    """For a tooltip: letter by letter, also where Qt would take it for markup. Names come from elsewhere."""
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text


def clock(seconds: float, now: float) -> str:
    """A moment that is near, in seconds since 1970: the time of day, with the date unless that is today's."""
    then, today = datetime.fromtimestamp(seconds), datetime.fromtimestamp(now)  # noqa: DTZ006 -- local time
    return then.strftime("%H:%M" if then.date() == today.date() else "%d %b %H:%M")
