"""The demo within a window: start it, send one request through it, and watch the answer come."""

from collections.abc import AsyncIterator, Coroutine
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.errors import UserError
from ui.tasks import Tasks

_ANSWER_HEIGHT = 110


class DemoSource(Protocol):
    """A demo that can be started and asked; the panel neither knows nor minds where it runs."""

    @property
    def changed(self) -> SignalInstance:
        """Emitted when it has started, and when it has ended."""
        ...

    @property
    def url(self) -> str | None:
        """None while it does not run."""
        ...

    async def start(self) -> None: ...

    def ask(self, question: str) -> AsyncIterator[str]: ...

    @property
    def served_by(self) -> str: ...


class DemoPanel(QWidget):
    """One button that first starts the demo and then sends a request, and the answer below it."""

    def __init__(self, demo: DemoSource) -> None:
        super().__init__()
        self._demo = demo
        self._tasks = Tasks()
        self._button = QPushButton()
        self._button.setDefault(True)
        self._button.clicked.connect(self._on_click)
        self._state = QLabel()
        self._state.setWordWrap(True)
        self._answer = QPlainTextEdit()
        self._answer.setReadOnly(True)
        self._answer.setFixedHeight(_ANSWER_HEIGHT)
        self._answer.setTabChangesFocus(True)
        self._answer.setAccessibleName(self.tr("Answer of the demo"))
        self._answer.setPlaceholderText(self.tr("The answer of the demo appears here."))
        self.setFocusProxy(self._button)
        row = QHBoxLayout()
        row.addWidget(self._button)
        row.addWidget(self._state, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._answer)
        demo.changed.connect(self._on_changed)
        self._settle(self._readiness())

    def stop_listening(self) -> None:
        """The window closes: an answer that still comes has no place to go."""
        self._tasks.cancel()

    def _on_changed(self) -> None:
        """What is under way says itself how it went."""
        if self._button.isEnabled():
            self._settle(self._readiness() or self.tr("The demo has ended."))

    def _readiness(self) -> str:
        url = self._demo.url
        return "" if url is None else self.tr("The demo listens at %1").replace("%1", url)

    def _settle(self, state: str) -> None:
        """What was begun is over, well or not: the button may be used again."""
        self._name_button()
        self._button.setEnabled(True)
        self._state.setText(state)

    def _name_button(self) -> None:
        starts = self._demo.url is None
        self._button.setText(self.tr("&Start the demo") if starts else self.tr("&Send a request"))

    def _on_click(self) -> None:
        self._button.setEnabled(False)
        self._tasks.start(self._settled(self._start() if self._demo.url is None else self._send()))

    async def _settled(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except UserError as error:
            self._settle(str(error))
        except Exception:
            self._settle(self.tr("That failed for a reason that only the log knows."))
            raise

    async def _start(self) -> None:
        self._state.setText(self.tr("Starting …"))
        await self._demo.start()
        self._name_button()
        self._state.setText(self._readiness())
        await self._send()

    async def _send(self) -> None:
        self._answer.clear()
        async for words in self._demo.ask("Hello"):
            self._answer.insertPlainText(words)
        self._settle(self.tr("Served by %1").replace("%1", self._demo.served_by))
