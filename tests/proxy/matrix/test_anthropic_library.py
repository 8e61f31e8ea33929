"""What else Anthropic's library does, against every format: without asyncio, its tool runner, its parser."""

import asyncio
from typing import Any

import anthropic
import pytest
from anthropic import beta_async_tool
from pydantic import BaseModel

from proxy.wire.format import Format
from tests.fakes.script import Asked, Call, Turn
from tests.proxy.gateway_fixture import CLIENT_TOKEN
from tests.proxy.matrix.cell import cell
from tests.proxy.matrix.clients import Client, Messages
from tests.proxy.matrix.clients.messages import library, told_by, written_tool
from tests.proxy.matrix.columns import COLUMNS, Column
from tests.proxy.matrix.every import every_column, whole_and_streamed
from tests.proxy.matrix.told import SIGNATURE, WEATHER

only_its_own = pytest.mark.parametrize("client", [Messages()], ids=repr)


class City(BaseModel):
    name: str
    people: int


@every_column
@only_its_own
async def test_the_library_without_asyncio(client: Client, column: Column) -> None:
    async with cell(column, "It is done.") as here:
        assert await asyncio.to_thread(_asked_at_once, here.url) == ("It is done.", "It is done.")
        assert [asked.stream for asked in here.fake.asked] == [False, True]


def _asked_at_once(url: str) -> tuple[str, str]:
    asked: dict[str, Any] = {
        "model": "auto",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "Hi"}],
    }
    with anthropic.Anthropic(base_url=url, auth_token=CLIENT_TOKEN, api_key=None, max_retries=0) as sdk:
        whole = sdk.messages.create(**asked)
        with sdk.messages.stream(**asked) as stream:
            return told_by(whole).text, "".join(stream.text_stream)


@every_column
@only_its_own
async def test_the_events_of_a_stream_as_they_come(client: Client, column: Column) -> None:
    async with cell(column, "It is done.") as here, library(here.url) as sdk:
        stream = await sdk.messages.create(
            model="auto", max_tokens=100, messages=[{"role": "user", "content": "Hi"}], stream=True
        )
        types = [event.type async for event in stream]
    assert types[0] == "message_start"
    assert types[-2:] == ["message_delta", "message_stop"]
    assert types.count("content_block_start") == types.count("content_block_stop") == 1
    assert types.count("content_block_delta") > 1


@every_column
@only_its_own
@whole_and_streamed
async def test_the_tool_runner(client: Client, column: Column, streamed: bool) -> None:
    """It wants the vendor to hold the conversation, and goes on by itself where that is refused."""
    await _run_tools(column, streamed=streamed)


@every_column
@only_its_own
@whole_and_streamed
async def test_the_tool_runner_that_sends_everything(client: Client, column: Column, streamed: bool) -> None:
    await _run_tools(column, streamed=streamed, thread=False)


async def _run_tools(column: Column, *, streamed: bool, **settings: Any) -> None:
    called: list[tuple[str, int]] = []

    @beta_async_tool
    async def weather(city: str, days: int) -> str:
        """Tells the weather.

        Args:
            city: Where.
            days: How far ahead.
        """
        called.append((city, days))
        return f"sun in {city}"

    def at_work(asked: Asked) -> Turn:
        if asked.results:
            return Turn(", ".join(result.text for result in asked.results))
        calls = (Call("weather", {"city": "Bonn", "days": 1}), Call("weather", {"city": "Rom", "days": 2}))
        return Turn("I look.", calls=calls, signature=SIGNATURE)

    async with cell(column, at_work) as here, library(here.url) as sdk:
        runner = sdk.beta.messages.tool_runner(
            model="auto",
            max_tokens=500,
            tools=[weather],
            messages=[{"role": "user", "content": "Bonn or Rome?"}],
            stream=streamed,
            max_iterations=4,
            **settings,
        )
        last = await runner.until_done()
        assert told_by(last).text == "sun in Bonn, sun in Rom"
        assert sorted(called) == [("Bonn", 1), ("Rom", 2)]
        assert not here.fake.refused


@every_column
@only_its_own
async def test_an_answer_in_the_form_of_a_schema(client: Client, column: Column) -> None:
    async with cell(column, '{"name": "Bonn", "people": 330000}') as here, library(here.url) as sdk:
        message = await sdk.messages.parse(
            model="auto",
            max_tokens=500,
            messages=[{"role": "user", "content": "Which city?"}],
            output_format=City,
        )
    assert message.parsed_output == City(name="Bonn", people=330_000)
    assert "people" in str(here.fake.asked[0].body)


@every_column
@only_its_own
async def test_counting_tokens_asks_nobody(client: Client, column: Column) -> None:
    async with cell(column, []) as here, library(here.url) as sdk:
        short = await sdk.messages.count_tokens(model="auto", messages=[{"role": "user", "content": "Hi"}])
        long = await sdk.messages.count_tokens(
            model="auto",
            system="Be brief.",
            messages=[{"role": "user", "content": "How is the weather? " * 50}],
            tools=[written_tool(WEATHER)],
        )
        assert 0 < short.input_tokens < 50 < 200 < long.input_tokens < 1000
        assert not here.fake.asked


async def test_a_provider_counts_where_it_is_wanted_to() -> None:
    column = next(each for each in COLUMNS if each.format is Format.ANTHROPIC)
    async with cell(column, [], count_tokens="provider") as here, library(here.url) as sdk:
        here.fake.counts = lambda _asked: 4711
        counted = await sdk.messages.count_tokens(model="auto", messages=[{"role": "user", "content": "Hi"}])
        assert counted.input_tokens == 4711
        assert [asked.model for asked in here.fake.counted] == [column.model]
