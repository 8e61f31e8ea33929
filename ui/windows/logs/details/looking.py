"""The request that is looked at: fetched by its id, shown, and handed on to wherever it is wanted."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.desk.desk import Desk
from ui.frame.page import Host
from ui.tasks import Tasks
from ui.windows.logs.details.panel import Details
from ui.windows.logs.details.said import indented


class Looking(QObject):
    """`turned` tells that the details have come or gone, `conversation_wished` which one is wanted alone."""

    turned = Signal()
    conversation_wished = Signal(str)

    def __init__(
        self, desk: Desk, host: Host, failed: Callable[[BaseException], None], details: Details
    ) -> None:
        super().__init__(details)
        self._desk = desk
        self._host = host
        self._details = details
        self._tasks = Tasks(failed)
        self._exchange: dict[str, Any] | None = None
        for wish, grant in (
            (details.closed, self.close),
            (details.id_wished, self._copy_id),
            (details.json_wished, self._copy_json),
            (details.explanation_wished, self._explain),
            (details.conversation_wished, self._show_conversation),
            (details.said.wished, lambda: self._tasks.start(self._say())),
        ):
            wish.connect(grant)
        details.hide()

    @property
    def is_open(self) -> bool:
        return not self._details.isHidden()

    @property
    def id(self) -> str | None:
        """Of the one that is shown."""
        return None if self._exchange is None else str(self._exchange["id"])

    def open(self, id_: str) -> None:
        """What was to be shown before it is not wanted any more."""
        self._tasks.cancel()
        if id_ != self.id or not self.is_open:
            self._tasks.start(self._look(id_))

    def close(self) -> None:
        self._tasks.cancel()
        self._exchange = None
        self._details.hide()
        self.turned.emit()

    def end(self) -> None:
        self._tasks.cancel()

    async def settled(self) -> None:
        """Until what was asked for is shown."""
        await self._tasks.ended()

    async def _look(self, id_: str) -> None:
        self._exchange = await self._desk.exchange(id_)
        self._details.show_exchange(self._exchange, self._desk.settings.ledger.keep_bodies_days)
        await asyncio.sleep(0)  # to fill them and to lay them out takes some milliseconds each
        self._details.show()
        self.turned.emit()

    async def _say(self) -> None:
        """What was said in it, unless another one is shown by then."""
        exchange = self._exchange
        if exchange is None:
            return
        said = await self._desk.said(exchange["id"])
        if said is not None:
            said |= {name: indented(said[name]) for name in ("request", "answer")}
        if self._exchange is exchange:
            self._details.said.show_said(said)

    def _copy_id(self) -> None:
        self._copy(self.id or "", self.tr("The id was copied."))

    def _copy_json(self) -> None:
        self._copy(json.dumps(self._exchange, indent=2), self.tr("The request was copied as JSON."))

    def _copy(self, text: str, told: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._host.say(told)

    def _explain(self) -> None:
        self._host.go_to("routing", self.id)

    def _show_conversation(self) -> None:
        if self._exchange is not None:
            self.conversation_wished.emit(self._exchange["session"] or "")
