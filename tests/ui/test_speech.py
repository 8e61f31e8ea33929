"""Sentences, and names from elsewhere in them."""

import pytest
from PySide6.QtGui import Qt, QTextDocument

from ui.speech import plain

_MARKUP = ("<b>bold</b>", "a <img src='file:///etc/hosts'> b", "1 &lt; 2", "<qt>one\ntwo</qt>")


@pytest.mark.parametrize("text", _MARKUP)
def test_what_would_be_markup_is_read_letter_by_letter(text: str) -> None:
    assert Qt.mightBeRichText(plain(text))
    shown = QTextDocument()
    shown.setHtml(plain(text))

    assert shown.toPlainText().replace("\n\n", "\n") == text


@pytest.mark.parametrize("text", ["gpt-4 & co", "a < b", "one\ntwo"])
def test_what_is_no_markup_stays_as_it_is(text: str) -> None:
    assert plain(text) == text
