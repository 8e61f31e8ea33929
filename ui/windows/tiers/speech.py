"""Sentences of this page, with what belongs into them."""

import re

from PySide6.QtCore import QCoreApplication

_PLACE = re.compile(r"%(\d)")


def tr(text: str, *values: str) -> str:
    """Translated; %1 is the first value. A value may hold such a mark itself: it is a name of the user's."""
    sentence = QCoreApplication.translate("tiers", text)
    return _PLACE.sub(lambda found: values[int(found[1]) - 1], sentence) if values else sentence


def later(text: str) -> str:
    """Marks a text of a table for translators; `tr` says it."""
    return text
