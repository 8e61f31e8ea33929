"""A real llama.cpp behind the gateway: it dies in the middle of its work, and it comes back."""

import asyncio
import json
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest

from proxy.exchange import Outcome
from proxy.local.surroundings import Surroundings
from tests.llama.asking import busy, user
from tests.llama.fixtures import llama, need_llama
from tests.llama.server import LlamaServer, llama_server
from tests.proxy.local.llama_stage import FROM_AFAR, before, nobody_else, served

__all__ = ["llama", "nobody_else"]

LARGE = 131072


@pytest.mark.parametrize(
    ("streamed", "said"),
    [(False, "[loop]"), (True, "x" * 30000), (False, "x" * 30000)],
    ids=["with half an answer", "while it reads, streamed", "while it reads, whole"],
)
async def test_another_takes_over_from_one_that_dies_before_it_has_said_anything(
    tmp_path: Path, streamed: bool, said: str
) -> None:
    need_llama()
    with llama_server(tmp_path, slots=1, context=LARGE) as mortal:
        async with before(mortal) as stage:
            asking = asyncio.create_task(stage.ask(said, stream=streamed, max_tokens=60000))
            await busy(mortal)
            mortal.kill()
            answer = await asking
            assert (answer.text, answer.ends, served(answer)) == (FROM_AFAR, 1, ("afar/m", "2"))
            following = await stage.ask("Hi")
            assert served(following) == ("afar/m", "1"), "one crash is enough to leave it alone"


@pytest.mark.parametrize(
    ("path", "asked", "last"),
    [
        ("/v1/messages", {"messages": user("[loop]")}, ("error", "error")),
        ("/v1/chat/completions", {"messages": user("[loop]")}, (None, "error")),
        ("/v1/responses", {"input": "[loop]"}, ("response.failed", "response", "error")),
    ],
    ids=["messages", "chat", "responses"],
)
async def test_an_answer_that_breaks_off_ends_with_its_formats_error(
    tmp_path: Path, path: str, asked: dict[str, Any], last: tuple[str | None, ...]
) -> None:
    need_llama()
    with llama_server(tmp_path, slots=1, context=LARGE) as mortal:
        async with before(mortal) as stage:
            async with stage.asked(path, {**asked, "max_tokens": 60000, "stream": True}) as answer:
                begun = await answer.content.readany()
                mortal.kill()
                events = (begun + await answer.read()).decode().strip().split("\n\n")
            assert served(await stage.ask("Hi")) == ("afar/m", "1")
    assert "tick" in "".join(events)
    name, *way = last
    head, _, data = events[-1].rpartition("data: ")
    assert head == (f"event: {name}\n" if name else "")
    assert all("[DONE]" not in event for event in events)
    error = reduce(getitem, way, json.loads(data))
    assert error["message"]
    assert [each.outcome for each in stage.exchanges] == [Outcome.FAILED, Outcome.ANSWERED]


async def test_one_that_comes_back_is_tried_again_after_a_while(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path) as mortal:
        async with before(mortal) as stage:
            assert served(await stage.ask("Hi")) == ("near0/tiny", "1")
            mortal.kill()
            assert served(await stage.ask("Hi")) == ("afar/m", "2")
            with llama_server(tmp_path, port=mortal.port):
                assert served(await stage.ask("Hi")) == ("afar/m", "1")
                stage.clock.now += 60
                assert served(await stage.ask("Hi")) == ("near0/tiny", "1")


async def test_one_that_is_seen_to_be_back_is_asked_at_once(
    tmp_path: Path, nobody_else: Surroundings
) -> None:
    need_llama()
    with llama_server(tmp_path) as mortal:
        async with before(mortal, surroundings=nobody_else) as stage:
            assert await stage.looked() == {"near0": "ready"}
            mortal.kill()
            assert served(await stage.ask("Hi")) == ("afar/m", "2")
            assert await stage.looked() == {"near0": "gone"}
            assert served(await stage.ask("Hi")) == ("afar/m", "1")
            with llama_server(tmp_path, port=mortal.port):
                assert await stage.looked() == {"near0": "ready"}
                assert served(await stage.ask("Hi")) == ("near0/tiny", "1")


async def test_one_that_is_seen_to_be_gone_is_not_asked_in_vain(
    tmp_path: Path, nobody_else: Surroundings
) -> None:
    need_llama()
    with llama_server(tmp_path) as mortal:
        async with before(mortal, surroundings=nobody_else) as stage:
            mortal.kill()
            assert await stage.looked() == {"near0": "gone"}
            assert served(await stage.ask("Hi")) == ("afar/m", "1")


async def test_what_answers_without_being_a_model_server_is_asked_as_ever(
    llama: LlamaServer, nobody_else: Surroundings
) -> None:
    """As a proxy at an address of this machine does, which wants its key and tells nothing without."""
    async with before(llama, surroundings=nobody_else, order=("afar/m", "near0/tiny")) as stage:
        assert await stage.looked() == {"near0": "ready"}
        assert served(await stage.ask("Hi")) == ("afar/m", "1")
