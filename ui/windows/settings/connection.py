"""Where clients reach the gateway, and where they will after a restart."""

import asyncio
from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from app.preferences.port import why_not
from app.preferences.preferences import Standing
from proxy.config import ServerConfig
from ui.copied_secret import CopiedSecret
from ui.theme.roles import with_role
from ui.widgets.fields import NumberField
from ui.widgets.with_aside import in_a_row
from ui.windows.settings.row import Row
from ui.windows.settings.section import Section, Surroundings

_PORT = ("server", "port")
_LOWEST, _HIGHEST = 1024, 65535
_FIELD_AIR = 28
_GAP = 6


class ConnectionSection(Section):
    """A port is tried before it is written: a taken one would keep the next start from listening."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(self.tr("Connection"), around)
        self._port_now = urlsplit(around.url).port
        self.address = QLineEdit(around.url)
        self.address.setReadOnly(True)
        self.address.setAccessibleName(self.tr("Address of the gateway"))
        self.address.setCursorPosition(0)
        self.address.setMinimumWidth(self.address.fontMetrics().horizontalAdvance(around.url) + _FIELD_AIR)
        self.copy = QPushButton(self.tr("C&opy"))
        self.copy.setAccessibleName(self.tr("Copy the address"))
        self.copy.clicked.connect(self._on_copy)
        self.port = NumberField(_LOWEST, _HIGHEST)
        self.port.setGroupSeparatorShown(False)
        self.port.settled.connect(self._on_port)
        self.reach = with_role(QLabel(), "badge")
        address_row = Row(
            self.tr("&Address"),
            in_a_row(self.address, self.copy, gap=_GAP),
            self.tr("This is what clients are configured with."),
        )
        address_row.label.setBuddy(self.address)
        self.copy_token = QPushButton(self.tr("Cop&y token"))
        self.copy_token.setEnabled(around.client_token() is not None)
        self.copy_token.clicked.connect(self._on_copy_token)
        token_row = Row(
            self.tr("Token"),
            self.copy_token,
            self.tr("What a program that you configure by hand gives as its key. Treat it like a password."),
        )
        self.port_row = Row(self.tr("&Port"), self.port)
        self.port.judged.connect(self.port_row.complain)
        self.later = with_role(QLabel(), "warn")
        self.later.setWordWrap(True)
        self.later.setTextFormat(Qt.TextFormat.PlainText)
        self.port_row.put_below(self.later)
        self.reach_row = Row(self.tr("Other computers"), self.reach)
        self.add(address_row, token_row, self.port_row, self.reach_row)

    def show_values(self, standing: Standing) -> None:
        server = standing.written.server
        self.port.show_value(server.port or self._port_now or _LOWEST)
        self.port_row.explain(self._meaning(server))
        told = self._told_later(server)
        self.later.setText(told)
        self.later.setVisible(bool(told))
        self._show_reach(server)

    def _meaning(self, server: ServerConfig) -> str:
        if server.port == 0:
            return self.tr(
                "config.toml says 0: each start takes a free port, which no configured client can follow."
            )
        return self.tr(
            "A new port is used after a restart. Clients keep the address they were given: "
            "each has to be given the new one."
        )

    def _told_later(self, server: ServerConfig) -> str:
        if server.port in (0, self._port_now):
            return ""
        return (
            self.tr(
                "⚠ Until Tierwise is restarted it listens at port %1, then at %2. Quit and start it for that."
            )
            .replace("%1", str(self._port_now))
            .replace("%2", str(server.port))
        )

    def _show_reach(self, server: ServerConfig) -> None:
        if server.allow_remote:
            self.reach.setText(self.tr("⚠ Allowed"))
            self.reach_row.explain(
                self.tr(
                    "Other computers can reach Tierwise at %1 with a token, and spend what your keys "
                    "pay for. “allow_remote” under [server] in config.toml says so."
                ).replace("%1", server.host)
            )
        else:
            self.reach.setText(self.tr("Not allowed"))
            self.reach_row.explain(
                self.tr(
                    "Only programs on this computer can connect. “allow_remote” under [server] in "
                    "config.toml would change that; it is not switched by a click."
                )
            )
        self.reach.setAccessibleName(f"{self.reach_row.label.text()}: {self.reach.text()}")

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.address.text())
        self.around.host.say(self.tr("The address is copied."))

    def _on_copy_token(self) -> None:
        if (token := self.around.client_token()) is not None:
            CopiedSecret(token)
            self.around.host.say(self.tr("The token is in the clipboard, for one minute."))

    def _on_port(self, port: float) -> None:
        self.around.do(self._take_port(int(port)))

    async def _take_port(self, port: int) -> None:
        host = "127.0.0.1" if self._standing is None else self._standing.written.server.host
        problem = "" if port == self._port_now else await asyncio.to_thread(why_not, host, port)
        if problem:
            self.end_if_gone()
            self.port_row.complain(problem)
            self.go_back()
            return
        sentence = (
            self.tr("Port %1 stays.")
            if port == self._port_now
            else self.tr("Port %1 is used after a restart of Tierwise; clients need the new address then.")
        )
        await self.written(self.port_row, _PORT, port, sentence.replace("%1", str(port)))
