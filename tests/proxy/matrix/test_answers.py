"""What a provider says is what the client is told: text, calls, thoughts and the bill."""

from dataclasses import replace

from proxy.wire.format import Format
from tests.fakes.script import Asked, Billed, Call, Turn
from tests.proxy.matrix.cell import cell
from tests.proxy.matrix.clients import Client
from tests.proxy.matrix.columns import Column
from tests.proxy.matrix.every import every_client, every_column, whole_and_streamed
from tests.proxy.matrix.told import CLOCK, SIGNATURE, WEATHER

SAID = "Good morning, and häppy birthday to you: 🎂."
THOUGHT = "They want to be greeted."
BILL = Billed(input=100, cache_read=40, cache_write=7, output=23, reasoning=9)
ASKS_FOR_ONE = Turn(
    "I look.", calls=(Call("weather", {"city": 'Köln "am Rhein"', "days": 3}),), signature=SIGNATURE
)
ASKS_FOR_TWO = Turn(
    calls=(Call("weather", {"city": "Bonn", "days": 1}), Call("weather", {"city": "Rom", "days": 2})),
    signature=SIGNATURE,
)


def _hearing(streamed: bool) -> list[str] | None:
    return [] if streamed else None


@every_column
@every_client
async def test_whole_text(client: Client, column: Column) -> None:
    async with cell(column, SAID) as here:
        told = await client.ask(here.url, client.begun("Hi"))
        assert told.text == SAID
        assert not told.calls
        [asked] = here.fake.asked
        assert (asked.user, asked.model, asked.stream) == ("Hi", column.model, False)


@every_column
@every_client
async def test_streamed_text(client: Client, column: Column) -> None:
    async with cell(column, SAID) as here:
        told = await client.ask(here.url, client.begun("Hi"), heard=[])
        assert told.text == SAID
        assert "".join(told.pieces) == SAID
        assert len(told.pieces) > 1
        assert here.fake.asked[0].stream


def _at_work(asked: Asked) -> Turn:
    """Asks for the weather, and tells it."""
    if not asked.results:
        assert asked.tools == ("weather", "clock")
        return replace(ASKS_FOR_ONE, thinking=THOUGHT) if asks_to_think(asked) else ASKS_FOR_ONE
    return Turn(f"It is {asked.last_result.text}.")


@every_column
@every_client
@whole_and_streamed
async def test_one_call_and_its_result(client: Client, column: Column, streamed: bool) -> None:
    async with cell(column, _at_work) as here:
        begun = client.begun("How is the weather?")
        tools = (WEATHER, CLOCK)
        told = await client.ask(here.url, begun, tools=tools, heard=_hearing(streamed))
        assert told.called == [("weather", {"city": 'Köln "am Rhein"', "days": 3})]
        assert told.text == "I look."
        going_on = client.continued(begun, told, ["sunny"])
        told = await client.ask(here.url, going_on, tools=tools, heard=_hearing(streamed))
        assert told.text == "It is sunny."
        assert not here.fake.refused


@every_column
@every_client
@whole_and_streamed
async def test_two_calls_at_once(client: Client, column: Column, streamed: bool) -> None:
    def at_work(asked: Asked) -> Turn:
        return Turn(" and ".join(result.text for result in asked.results)) if asked.results else ASKS_FOR_TWO

    async with cell(column, at_work) as here:
        begun = client.begun("Bonn or Rome?")
        told = await client.ask(here.url, begun, tools=(WEATHER,), heard=_hearing(streamed))
        assert told.called == [
            ("weather", {"city": "Bonn", "days": 1}),
            ("weather", {"city": "Rom", "days": 2}),
        ]
        going_on = client.continued(begun, told, ["rain", "sun"])
        told = await client.ask(here.url, going_on, tools=(WEATHER,), heard=_hearing(streamed))
        assert told.text == "rain and sun"
        assert not here.fake.refused


@every_column
@every_client
@whole_and_streamed
async def test_thinking(client: Client, column: Column, streamed: bool) -> None:
    async with cell(column, Turn(SAID, thinking=THOUGHT)) as here:
        told = await client.ask(here.url, client.begun("Hi"), thinking=True, heard=_hearing(streamed))
        assert (told.text, told.thinking) == (SAID, _thoughts_for(client, column))
        assert asks_to_think(here.fake.asked[0])


def asks_to_think(asked: Asked) -> bool:
    """Amazon's own models are asked by an effort, in a member of their own."""
    beside = asked.body.get("additionalModelRequestFields", {})
    return asked.thinking or beside.get("reasoningConfig", {}).get("type") == "enabled"


def _thoughts_for(client: Client, column: Column) -> str:
    """Clients of Anthropic's API hold every thought against its signature, so what nobody signed is kept
    from them. Google signs what follows a thought."""
    return "" if client.surface == "messages" and column.format in _UNSIGNED else THOUGHT


_UNSIGNED = (Format.OPENAI_CHAT, Format.OLLAMA, Format.GEMINI)


@every_column
@every_client
@whole_and_streamed
async def test_thinking_between_calls(client: Client, column: Column, streamed: bool) -> None:
    """The thoughts go back to whoever had them, as its signature demands; nobody refuses what returns."""
    async with cell(column, _at_work) as here:
        begun = client.begun("How is the weather?")
        tools = (WEATHER, CLOCK)
        told = await client.ask(here.url, begun, tools=tools, thinking=True, heard=_hearing(streamed))
        assert told.thinking == _thoughts_for(client, column)
        going_on = client.continued(begun, told, ["sunny"])
        told = await client.ask(here.url, going_on, tools=tools, thinking=True, heard=_hearing(streamed))
        assert told.text == "It is sunny."
        assert not here.fake.refused


@every_column
@every_client
@whole_and_streamed
async def test_the_bill(client: Client, column: Column, streamed: bool) -> None:
    async with cell(column, Turn(SAID, thinking=THOUGHT, usage=BILL)) as here:
        told = await client.ask(here.url, client.begun("Hi"), thinking=True, heard=_hearing(streamed))
        assert here.fake.billed[column.model] == BILL
        assert told.usage == _as_told(client, column, BILL)


def _as_told(client: Client, column: Column, billed: Billed) -> Billed:
    told = column.told(billed)
    if client.tells_cache_writes:
        return told
    return replace(told, input=told.input + told.cache_write, cache_write=0)


@every_column
@every_client
async def test_an_answer_cut_off_at_its_limit_is_no_error(client: Client, column: Column) -> None:
    async with cell(column, Turn(SAID, stop="length")) as here:
        told = await client.ask(here.url, client.begun("Hi"))
        assert told.text == SAID
