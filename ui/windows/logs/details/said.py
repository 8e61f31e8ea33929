"""What was said in a request: fetched only when it is asked for, and only where it is kept at all."""

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ui.theme.roles import with_role

_HIGH = 180


class WhatWasSaid(QWidget):
    """`wished` asks for it."""

    wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = with_role(QLabel(), "muted")
        self._words.setWordWrap(True)
        self.button = QPushButton(self.tr("Show &what was said"))
        self.button.clicked.connect(self.wished)
        self.request = self._text(self.tr("Request"))
        self.answer = self._text(self.tr("Answer"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        for widget in (self._words, self.button, self.request, self.answer):
            rows.addWidget(widget)

    @property
    def words(self) -> str:
        return self._words.text()

    def begin(self, days: int) -> None:
        """Another request; so many days the bodies are kept."""
        for text in (self.request, self.answer):
            text.clear()
            text.hide()
        self.button.setVisible(days > 0)
        if days:
            self._words.setText(
                self.tr("Days for which prompts and answers are kept: %1.").replace("%1", str(days))
            )
        else:
            self._words.setText(
                self.tr("Prompts and answers are not stored. `keep_bodies_days` in the settings keeps them.")
            )

    def show_said(self, said: Mapping[str, Any] | None) -> None:
        self.button.hide()
        if said is None:
            self._words.setText(self.tr("What was said in this request is not kept."))
            return
        whole = self.tr("Keys are masked.")
        self._words.setText(
            whole if said["is_whole"] else self.tr("Keys are masked, and the end is cut off.")
        )
        self.request.setPlainText(said["request"])
        self.answer.setPlainText(said["answer"])
        self.request.show()
        self.answer.show()

    def _text(self, name: str) -> QPlainTextEdit:
        text = QPlainTextEdit()
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setAccessibleName(name)
        text.setPlaceholderText(name)
        text.setFixedHeight(_HIGH)
        text.hide()
        return text


def indented(text: str) -> str:
    """JSON as it is read; anything else, such as a stream of events, as it was."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
