"""What else OpenAI's library does at its two APIs, against every format: streams by hand, its parsers."""

import json
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from proxy.wire.format import Format
from tests.fakes.script import Call, Turn
from tests.proxy.matrix.cell import cell
from tests.proxy.matrix.clients import Chat, Client, Responses
from tests.proxy.matrix.clients.chat import library
from tests.proxy.matrix.columns import COLUMNS, Column
from tests.proxy.matrix.every import every_column
from tests.proxy.matrix.told import SIGNATURE

at_chat = pytest.mark.parametrize("client", [Chat()], ids=repr)
at_responses = pytest.mark.parametrize("client", [Responses()], ids=repr)
ASKED: Any = {"model": "auto", "messages": [{"role": "user", "content": "Which city?"}]}
CITY = '{"name": "Bonn", "people": 330000}'
FOUND = Turn(calls=(Call("City", json.loads(CITY)),), signature=SIGNATURE)


class City(BaseModel):
    name: str
    people: int


BONN = City(name="Bonn", people=330_000)


@every_column
@at_chat
async def test_chunks_as_they_come(client: Client, column: Column) -> None:
    async with cell(column, "It is done.") as here, library(here.url) as sdk:
        chunks = [chunk async for chunk in await sdk.chat.completions.create(**ASKED, stream=True)]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "It is done."
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason] == ["stop"]
    assert not any(chunk.usage for chunk in chunks), "usage on a stream is for those who ask for it"


@every_column
@at_chat
async def test_an_answer_in_the_form_of_a_schema(client: Client, column: Column) -> None:
    async with cell(column, CITY) as here, library(here.url) as sdk:
        completion = await sdk.chat.completions.parse(**ASKED, response_format=City)
        async with sdk.chat.completions.stream(**ASKED, response_format=City) as stream:
            streamed = await stream.get_final_completion()
        assert completion.choices[0].message.parsed == BONN
        assert streamed.choices[0].message.parsed == BONN
        assert all("people" in json.dumps(asked.body) for asked in here.fake.asked)


@every_column
@at_chat
async def test_a_call_in_the_form_of_a_schema(client: Client, column: Column) -> None:
    async with cell(column, FOUND) as here, library(here.url) as sdk:
        tools = [openai.pydantic_function_tool(City)]
        completion = await sdk.chat.completions.parse(**ASKED, tools=tools)
    [call] = completion.choices[0].message.tool_calls or []
    assert call.function.parsed_arguments == BONN
    assert completion.choices[0].finish_reason == "tool_calls"


@every_column
@at_responses
async def test_events_as_they_come(client: Client, column: Column) -> None:
    async with cell(column, "It is done.") as here, library(here.url) as sdk:
        events = [event async for event in await sdk.responses.create(model="auto", input="Hi", stream=True)]
    assert [event.type for event in events[:2]] == ["response.created", "response.in_progress"]
    assert events[-1].type == "response.completed"
    assert [event.sequence_number for event in events] == list(range(len(events)))
    told = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert told == events[-1].response.output_text == "It is done."


@every_column
@at_responses
async def test_a_response_in_the_form_of_a_schema(client: Client, column: Column) -> None:
    async with cell(column, CITY) as here, library(here.url) as sdk:
        response = await sdk.responses.parse(model="auto", input="Which city?", text_format=City)
        async with sdk.responses.stream(model="auto", input="Which city?", text_format=City) as stream:
            streamed = await stream.get_final_response()
        assert response.output_parsed == BONN
        assert streamed.output_parsed == BONN
        assert all("people" in json.dumps(asked.body) for asked in here.fake.asked)


@every_column
@at_responses
async def test_a_function_call_in_the_form_of_a_schema(client: Client, column: Column) -> None:
    async with cell(column, FOUND) as here, library(here.url) as sdk:
        tools: Any = [{**openai.pydantic_function_tool(City)["function"], "type": "function"}]
        response: Any = await sdk.responses.parse(model="auto", input="Which city?", tools=tools)
    [call] = [item for item in response.output if item.type == "function_call"]
    assert call.parsed_arguments in (BONN, BONN.model_dump())


async def test_a_stored_response_is_gone_on_with_where_it_was_given() -> None:
    column = _column(Format.RESPONSES)
    async with cell(column, ["Bonn.", "On the Rhine."]) as here, library(here.url) as sdk:
        first = await sdk.responses.create(model="auto", input="Which city?")
        second = await sdk.responses.create(
            model="auto", input="And where is it?", previous_response_id=first.id
        )
        assert second.output_text == "On the Rhine."
        assert here.fake.asked[1].body["previous_response_id"] == first.id


async def test_a_function_is_answered_by_a_reference_to_its_call() -> None:
    column = _column(Format.RESPONSES)
    async with cell(column, [FOUND, "Thank you."]) as here, library(here.url) as sdk:
        tools: Any = [{**openai.pydantic_function_tool(City)["function"], "type": "function"}]
        asked: Any = {"model": "auto", "tools": tools}
        async with sdk.responses.stream(**asked, input="Which city?") as stream:
            first = await stream.get_final_response()
        [call] = [item for item in first.output if item.type == "function_call"]
        answer: Any = [{"type": "function_call_output", "call_id": call.call_id, "output": "right"}]
        second = await sdk.responses.create(**asked, input=answer, previous_response_id=first.id)
        assert second.output_text == "Thank you."


@every_column
@at_responses
async def test_a_response_that_nobody_here_gave(client: Client, column: Column) -> None:
    async with cell(column, []) as here, library(here.url) as sdk:
        with pytest.raises(openai.BadRequestError) as raised:
            await sdk.responses.create(model="auto", input="And?", previous_response_id="resp_of_another")
        assert raised.value.code == "previous_response_not_found"
        assert not here.fake.asked


async def test_a_body_of_the_newer_kind_is_understood_at_the_older_address() -> None:
    async with cell(_column(Format.ANTHROPIC), "It is done.") as here, library(here.url) as sdk:
        answer: Any = await sdk.post(
            "/chat/completions", cast_to=object, body={"model": "auto", "input": "Hi"}
        )
        assert answer["choices"][0]["message"]["content"] == "It is done."


def _column(format_: Format) -> Column:
    return next(each for each in COLUMNS if each.format is format_)
