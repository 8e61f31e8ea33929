"""Sentences of this page, with what belongs into them, and moments that are near."""

from ui.speech import BETWEEN, Speech, clock, later

__all__ = ["BETWEEN", "clock", "gone", "later", "sentence", "several", "tr"]

_speech = Speech("providers")
tr, several = _speech.tr, _speech.several


def gone(name: str) -> str:
    """Of a provider that was taken away elsewhere."""
    return tr("%1 is not configured any more.", name)


def sentence(text: str) -> str:
    """With a capital letter and a full stop. A service keeps its name as it is."""
    whole = text if "/" in text.partition(" ")[0] else text[:1].upper() + text[1:]
    return whole if not whole or whole.endswith((".", "!", "?", "…")) else f"{whole}."
