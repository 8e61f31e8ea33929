"""What is not HTTP, or nearly: refused, and never quoted in the log."""

import asyncio
import logging

import pytest

from tests.proxy.gateway_fixture import CLIENT_TOKEN, running_gateway


@pytest.mark.parametrize(
    "request_text",
    [
        b"POST /v1/messages HTTP/1.1\r\nhost: localhost\r\nx-api-key: sk-CANARY\x01x\r\n\r\n",
        b"POST /v1/messages HTTP/1.1\r\nhost: localhost\r\nx-api-key: sk-CANARY\nx\r\n\r\n",
        b"GET /?key=CANARY and space HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: localhost\r\nbig: CANARY" + b"x" * 70_000 + b"\r\n\r\n",
        b"CANARY\r\n\r\n",
    ],
)
async def test_a_malformed_request_is_refused_in_one_line_without_its_words(
    request_text: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with running_gateway() as running:
            reader, writer = await asyncio.open_connection("127.0.0.1", running.gateway.port)
            writer.write(request_text)
            answer = await reader.read()
            assert b" 400 " in answer
            writer.close()
    ours = [record for record in caplog.records if record.name.startswith("tierwise")]
    assert not [record for record in ours if record.exc_info]
    assert "CANARY" not in "".join(record.getMessage() for record in ours)
    assert not [record for record in caplog.records if record.name == "aiohttp.server"]


async def test_a_path_cannot_forge_a_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        async with (
            running_gateway() as running,
            running.http.get(f"{running.url}/x%0Aforged", headers={"x-api-key": CLIENT_TOKEN}) as answer,
        ):
            assert answer.status == 404
    assert "\nforged" not in caplog.text
