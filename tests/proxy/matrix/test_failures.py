"""What goes wrong at a provider arrives as the exception that the client's library has for it."""

import json
from collections.abc import Callable

import pytest

from proxy.wire.format import Format
from tests.fakes import faults
from tests.fakes.fault import Fault
from tests.proxy.matrix.cell import cell
from tests.proxy.matrix.clients import Client, Messages
from tests.proxy.matrix.clients.client import Complaint
from tests.proxy.matrix.columns import Column
from tests.proxy.matrix.every import every_client, every_column, whole_and_streamed


async def _complaint(
    client: Client, column: Column, fault: Fault, error: type[Exception], *, streamed: bool
) -> Complaint:
    heard: list[str] | None = [] if streamed else None
    async with cell(column, fault) as here:
        with pytest.raises(error) as raised:
            await client.ask(here.url, client.begun("Hi"), heard=heard)
        assert len(here.fake.asked) == 1
    assert not heard
    complaint = client.complaint(raised.value)
    assert complaint.request_id
    return complaint


@every_column
@every_client
@whole_and_streamed
async def test_a_rate_limit(client: Client, column: Column, streamed: bool) -> None:
    complaint = await _complaint(
        client, column, faults.rate_limited(), client.errors.limited, streamed=streamed
    )
    assert complaint.status == 429
    assert "Please slow down." in complaint.message
    assert complaint.retry_after == "7"


@every_column
@every_client
@whole_and_streamed
async def test_an_overload(client: Client, column: Column, streamed: bool) -> None:
    """By a status that not every client knows, so each gets its own."""
    complaint = await _complaint(
        client, column, faults.overloaded(), client.errors.overloaded, streamed=streamed
    )
    own_words = client.surface == _OWN.get(column.format)
    assert complaint.status in ((529,) if own_words else (client.overloaded_status,))
    assert "Overloaded" in complaint.message


_OWN = {
    Format.ANTHROPIC: "messages",
    Format.OPENAI_CHAT: "chat",
    Format.RESPONSES: "responses",
    Format.GEMINI: "gemini",
}


@every_column
@every_client
@whole_and_streamed
async def test_a_service_that_is_unavailable(client: Client, column: Column, streamed: bool) -> None:
    complaint = await _complaint(
        client, column, faults.unavailable(), client.errors.overloaded, streamed=streamed
    )
    assert complaint.status in (503, client.overloaded_status)
    assert "The service is unavailable." in complaint.message


@every_column
@every_client
@whole_and_streamed
async def test_a_prompt_that_is_too_long(client: Client, column: Column, streamed: bool) -> None:
    """In the words by which the client knows that it has to shorten the conversation."""
    complaint = await _complaint(
        client, column, faults.context_overflow(), client.errors.refused, streamed=streamed
    )
    assert client.overflow in complaint.message


@every_column
@every_client
@whole_and_streamed
async def test_a_key_that_is_refused(client: Client, column: Column, streamed: bool) -> None:
    """It is not the client's own, so the message says whose it is."""
    complaint = await _complaint(
        client, column, faults.unauthenticated(), client.errors.unauthenticated, streamed=streamed
    )
    assert complaint.message.startswith("The provider p refuses its key: ")


@every_column
@every_client
async def test_a_stream_whose_connection_breaks_in_an_event(client: Client, column: Column) -> None:
    await _breaks_off(client, column, faults.disconnect_mid_event, client.errors.broken)


@every_column
@every_client
async def test_a_stream_that_says_that_it_failed(client: Client, column: Column) -> None:
    await _breaks_off(client, column, faults.error_mid_stream, client.errors.broken)


@every_column
@every_client
async def test_a_stream_with_a_broken_event(client: Client, column: Column) -> None:
    """Where nothing is translated the client stumbles over it itself."""
    own = (json.JSONDecodeError,) if _OWN.get(column.format) == client.surface else ()
    await _breaks_off(client, column, faults.malformed_event, (*client.errors.broken, *own))


async def _breaks_off(
    client: Client, column: Column, fault: Callable[[int], Fault], errors: tuple[type[Exception], ...]
) -> None:
    """It never looks like a stream that has come to its end, and what was said before is heard."""
    heard: list[str] = []
    async with cell(column, fault(_far_enough(column))) as here:
        with pytest.raises(errors):
            await client.ask(here.url, client.begun("Hi"), heard=heard)
        assert len(here.fake.asked) == 1
    assert heard
    assert not "".join(heard).endswith("pieces.")


_BEFORE_TEXT = {Format.ANTHROPIC: 3, Format.RESPONSES: 4, Format.OPENAI_CHAT: 1, Format.BEDROCK: 1}


def _far_enough(column: Column) -> int:
    """So many events that the first words have come, and not the last."""
    return _BEFORE_TEXT.get(column.format, 0) + 2


@every_column
@every_client
async def test_a_stream_that_fails_before_its_first_word(client: Client, column: Column) -> None:
    """It is no stream yet, so the status tells it."""
    fault = faults.error_first_event("Overloaded")
    async with cell(column, fault) as here:
        with pytest.raises(client.errors.broken) as raised:
            await client.ask(here.url, client.begun("Hi"), heard=[])
    assert (client.complaint(raised.value).status or 0) >= 500


@every_column
@every_client
@whole_and_streamed
async def test_a_provider_that_hangs_up(client: Client, column: Column, streamed: bool) -> None:
    complaint = await _complaint(
        client, column, faults.disconnect_before_answer(), client.errors.broken[0], streamed=streamed
    )
    assert (complaint.status or 0) >= 500


@every_column
@pytest.mark.parametrize("client", [Messages()], ids=repr)
@whole_and_streamed
async def test_an_answer_in_gzip(client: Client, column: Column, streamed: bool) -> None:
    """Nobody asked for it, and some send it all the same."""
    async with cell(column, faults.gzipped()) as here:
        told = await client.ask(here.url, client.begun("Hi"), heard=[] if streamed else None)
    assert told.text == "This is an answer that is long enough to come in several pieces."
