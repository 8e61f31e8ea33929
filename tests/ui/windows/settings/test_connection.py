"""A port is told to be wrong while it is typed, tried before it is written, and used after a restart."""

import asyncio
import socket
from http import HTTPStatus
from pathlib import Path
from urllib.request import Request, urlopen

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.ports import free_port
from tests.ui.windows.settings.stage import staged
from ui.loop import QtLoop

HOST = "127.0.0.1"


async def test_a_free_port_is_written_and_said_to_wait_for_a_restart(qt_loop: QtLoop, tmp_path: Path) -> None:
    port = free_port(HOST)
    async with staged(tmp_path) as stage:
        connection = stage.page.connection
        await stage.type(connection.port, str(port))
        assert f"port = {port}" in stage.text
        assert f"then at {port}" in connection.later.text()
        assert str(stage.application.gateway.port) in connection.later.text()
        assert stage.window.said[0].startswith(f"Port {port} is used after a restart")
        await stage.take_back()
        assert "port" not in stage.text
        assert connection.port.value() == 4517


async def test_the_allowed_range_is_said_while_it_is_typed(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        connection, before = stage.page.connection, stage.text
        connection.port.setFocus()
        QTest.keySequence(connection.port, "Ctrl+A")
        QTest.keyClicks(connection.port, "70000")
        assert connection.port_row.complaint == "Allowed: 1024 to 65535."
        QTest.keyClick(connection.port, Qt.Key.Key_Return)
        assert (connection.port_row.complaint, connection.port.value()) == ("", 4517)
        await stage.type(connection.port, "80")
        assert connection.port_row.complaint == ""
        assert (stage.text, connection.port.value()) == (before, 4517)


async def test_a_taken_port_is_not_written(qt_loop: QtLoop, tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        async with staged(tmp_path) as stage:
            connection, before = stage.page.connection, stage.text
            await stage.type(connection.port, str(port))
            assert connection.port_row.complaint.startswith(f"Port {port} is taken by ")
            assert (stage.text, connection.port.value()) == (before, 4517)


async def test_the_port_of_now_is_no_wait(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        port = stage.application.gateway.port
        await stage.type(stage.page.connection.port, str(port))
        assert f"port = {port}" in stage.text
        assert stage.page.connection.later.text() == ""


async def test_the_address_is_copied(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press(stage.page.connection.copy)
        assert QGuiApplication.clipboard().text() == stage.application.gateway.url


async def test_remote_access_is_a_state_with_a_warning(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        connection = stage.page.connection
        assert connection.reach.text() == "Not allowed"
        await stage.edit_by_hand('[server]\nhost = "0.0.0.0"\nallow_remote = true\n')
        assert connection.reach.text() == "⚠ Allowed"
        assert "0.0.0.0" in connection.reach_row.meaning.text()


async def test_a_program_configured_by_hand_gets_its_token(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.page.connection.copy_token.click()
        token = stage.application.client_token().reveal()
        assert QGuiApplication.clipboard().text() == token
        assert stage.window.said == ["The token is in the clipboard, for one minute."]
        assert token not in stage.text
        answer = await asyncio.to_thread(status_of, stage.application.gateway.url, token)
        assert answer == HTTPStatus.OK
        QGuiApplication.clipboard().clear()


def status_of(url: str, token: str) -> int:
    request = Request(f"{url}/v1/models", headers={"Authorization": f"Bearer {token}"})
    with urlopen(request, timeout=10) as answer:
        return int(answer.status)
