"""A real llama.cpp behind the gateway, asked by the vendors' own libraries."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from proxy.exchange import Exchange, Outcome
from proxy.gateway import Gateway
from tests.llama.fixtures import llama, need_llama
from tests.llama.server import END_SECONDS, LlamaServer, llama_server
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import CallsOfProgram, KnownSecrets, KnownTokens
from tests.proxy.matrix.clients import Chat, Client, Messages, Responses
from tests.proxy.matrix.clients.messages import library
from tests.proxy.matrix.told import WEATHER

__all__ = ["llama"]

GREETING = "Hello from the tiny local model."
TOO_LONG = "x" * 3000
"""A token each: more than the small server holds, and less than the usual one."""
SMALL = 4096

every_client = pytest.mark.parametrize("client", [Messages(), Chat(), Responses()], ids=repr)
whole_and_streamed = pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])


@dataclass
class Records:
    """What the gateway would write down."""

    exchanges: list[Exchange] = field(default_factory=list)

    def record(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)

    @property
    def served(self) -> list[str | None]:
        """Who answered each request; None if nobody did."""
        return [each.served.provider if each.served else None for each in self.exchanges]


@dataclass(frozen=True)
class Stage:
    url: str
    records: Records


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    need_llama()
    with llama_server(tmp_path_factory.mktemp("small"), context=SMALL) as server:
        yield server


@asynccontextmanager
async def before(*servers: LlamaServer) -> AsyncIterator[Stage]:
    """The gateway in front of these servers, the providers llama0, llama1 ... of one tier."""
    providers = {
        f"llama{place}": {"kind": "llamacpp", "base_url": server.url} for place, server in enumerate(servers)
    }
    services = [f"{name}/tiny" for name in providers]
    config = configured(providers=providers, tiers={"COMPLEX": {"services": services}})
    records = Records()
    gateway = Gateway(config, KnownSecrets(), KnownTokens(), CallsOfProgram(), recorder=records)
    await gateway.start(0)
    try:
        yield Stage(gateway.url, records)
    finally:
        await gateway.stop()


def _hearing(streamed: bool) -> list[str] | None:
    return [] if streamed else None


@every_client
@whole_and_streamed
async def test_it_greets(llama: LlamaServer, client: Client, streamed: bool) -> None:
    async with before(llama) as stage:
        told = await client.ask(stage.url, client.begun("Hi there"), heard=_hearing(streamed))
        assert told.text == GREETING
        assert told.usage.prompt > 0
        assert told.usage.output > 5
        [exchange] = stage.records.exchanges
        assert exchange.outcome is Outcome.ANSWERED
        assert exchange.serving is not None
        assert exchange.serving.usage.prompt == told.usage.prompt
        assert exchange.serving.usage.output == told.usage.output
    assert len(told.pieces) != 1


@every_client
@whole_and_streamed
async def test_it_calls_a_tool_and_hears_of_its_result(
    llama: LlamaServer, client: Client, streamed: bool
) -> None:
    async with before(llama) as stage:
        begun = client.begun("And now?")
        told = await client.ask(stage.url, begun, tools=(WEATHER,), heard=_hearing(streamed))
        assert told.called == [("weather", {"city": "", "days": 1})]
        going_on = client.continued(begun, told, ["sunny"])
        told = await client.ask(stage.url, going_on, tools=(WEATHER,), heard=_hearing(streamed))
        assert told.text == "Done: the tool answered."


@every_client
@whole_and_streamed
async def test_it_thinks(llama: LlamaServer, client: Client, streamed: bool) -> None:
    """Nobody signs these thoughts, so clients of Anthropic's API are spared them."""
    async with before(llama) as stage:
        told = await client.ask(
            stage.url, client.begun("[think] Hi"), thinking=True, heard=_hearing(streamed)
        )
        assert told.text == GREETING
        assert told.thinking == ("" if client.surface == "messages" else "Let me see this.")


@every_client
@whole_and_streamed
async def test_a_prompt_that_is_too_long_is_told_in_the_clients_words(
    small: LlamaServer, client: Client, streamed: bool
) -> None:
    async with before(small) as stage:
        with pytest.raises(client.errors.refused) as raised:
            await client.ask(stage.url, client.begun(TOO_LONG), heard=_hearing(streamed))
        complaint = client.complaint(raised.value)
        assert client.overflow in complaint.message
        assert str(SMALL // 2) in complaint.message


@every_client
@whole_and_streamed
async def test_a_prompt_that_is_too_long_for_one_goes_to_a_larger_one(
    small: LlamaServer, llama: LlamaServer, client: Client, streamed: bool
) -> None:
    async with before(small, llama) as stage:
        told = await client.ask(stage.url, client.begun(TOO_LONG), heard=_hearing(streamed))
        assert told.text == GREETING
        told = await client.ask(stage.url, client.begun("Hi"), heard=_hearing(streamed))
        assert stage.records.served == ["llama1", "llama0"]


@every_client
async def test_when_it_dies_in_the_middle_of_its_answer_the_next_one_takes_over(
    llama: LlamaServer, client: Client, tmp_path: Path
) -> None:
    """The answer that has begun ends with an error; from then on the other one is asked."""
    need_llama()
    with llama_server(tmp_path) as mortal:
        async with before(mortal, llama) as stage:
            heard = _Killing(mortal)
            with pytest.raises(client.errors.broken):
                await client.ask(stage.url, client.begun("[loop]"), heard=heard)
            assert heard[0].strip() in ("tick", "tock")
            told = await client.ask(stage.url, client.begun("Hi"), heard=[])
            assert told.text == GREETING
            assert stage.records.served == ["llama0", "llama1"]
            assert [each.outcome for each in stage.records.exchanges] == [Outcome.FAILED, Outcome.ANSWERED]


class _Killing(list[str]):
    """Hears the first words of an answer, and kills who says them."""

    def __init__(self, server: LlamaServer) -> None:
        super().__init__()
        self._server = server

    def append(self, piece: str) -> None:
        if not self:
            os.kill(self._server.process.pid, signal.SIGKILL)
            self._server.process.wait(END_SECONDS)
        super().append(piece)


async def test_it_counts_tokens_exactly(llama: LlamaServer) -> None:
    """The only service there is counts for nothing, so nobody has to estimate."""
    async with before(llama) as stage, library(stage.url) as sdk:
        one = await sdk.messages.count_tokens(model="auto", messages=[{"role": "user", "content": "x" * 100}])
        two = await sdk.messages.count_tokens(
            model="auto", messages=[{"role": "user", "content": "x" * 1100}]
        )
        assert two.input_tokens - one.input_tokens == 1000
        assert not stage.records.exchanges
