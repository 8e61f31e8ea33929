"""One look at a place, and at many at once."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from proxy.local.asking import Asker, asking_session
from proxy.local.glancing import Glance, glance, glances
from proxy.local.identifying import identified
from proxy.local.kinds import ServerKind
from proxy.local.place import IPV4, Place
from tests.fakes.local import decoys, sockets
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.species import DECOYS
from tests.fakes.local.vllm import FakeVllm
from tests.fakes.local.zoo import Animal
from tests.proxy.local.places import deserted, place_of


@pytest.mark.parametrize("animal", DECOYS, ids=str)
async def test_every_look_ends_whoever_is_there(animal: Animal) -> None:
    creature = animal.make(host=IPV4)
    async with creature.running(), asking_session() as session, asyncio.timeout(5):
        seen = await glance(session, Place(creature.host, creature.port))

    assert seen.server is None
    assert not seen.is_gone


async def test_a_look_tells_gone_from_slow_from_mute_and_from_somebody_else() -> None:
    async with (
        decoys.missing_page().running() as other,
        sockets.RawSocket(treat=sockets.never_answers).running() as slow,
        sockets.RawSocket(treat=sockets.speaks_redis).running() as mute,
        asking_session() as session,
    ):
        empty = deserted()
        places = [place_of(other), place_of(slow), place_of(mute), empty]
        seen = {each.place: each async for each in glances(session, ((place, None) for place in places))}

    assert seen[place_of(other)] == Glance(place_of(other))
    assert seen[place_of(slow)] == Glance(place_of(slow), is_slow=True)
    assert seen[place_of(mute)] == Glance(place_of(mute), is_mute=True)
    assert seen[empty] == Glance(empty, is_gone=True)


async def test_what_was_there_is_asked_for_and_nothing_else() -> None:
    async with FakeVllm().running() as server, asking_session() as session:
        before = (await glance(session, place_of(server))).server
        server.seen.clear()
        after = (await glance(session, place_of(server), before)).server

    assert after == before
    assert after is not None
    assert after.kind is ServerKind.VLLM
    assert "GET /lmstudio-greeting" not in server.lines


class SilentAt(FakeOllama):
    """Leaves one question without an answer."""

    path = ""

    async def before(self, asked: Any) -> Any:
        if asked.path == self.path:
            await asyncio.Event().wait()
        return await super().before(asked)


@pytest.mark.parametrize("path", ["/api/version", "/api/tags", "/api/ps"])
async def test_what_was_not_answered_once_is_not_known_to_be_otherwise(path: str) -> None:
    """Neither is a server another one for it, nor has it less in memory."""
    async with SilentAt().running() as server, asking_session() as session:
        before = (await glance(session, place_of(server))).server
        assert before is not None
        server.path = path
        assert await glance(session, place_of(server)) == Glance(place_of(server), is_slow=True)
        again = await glance(session, place_of(server), before)
    assert again.server in (before, None)
    assert again.server is before or again.is_slow


async def test_what_a_server_refuses_to_tell_is_unknown() -> None:
    class Refusing(FakeOllama):
        async def before(self, asked: Any) -> Any:
            refused = web.Response(status=500)
            return refused if asked.path == "/api/ps" else await super().before(asked)

    async with Refusing().running() as server, asking_session() as session:
        seen = (await glance(session, place_of(server))).server
    assert seen is not None
    assert {each.is_loaded for each in seen.models} == {None}


async def test_each_look_is_told_as_soon_as_it_is_over() -> None:
    async with (
        FakeOllama().running() as server,
        sockets.RawSocket(treat=sockets.never_answers).running() as black_hole,
        asking_session() as session,
    ):
        places = [(place_of(black_hole), None), (place_of(server), None)]
        order = [each.place async for each in glances(session, places)]

    assert order == [place_of(server), place_of(black_hole)]


async def test_leaving_early_ends_the_other_looks() -> None:
    async with (
        FakeOllama().running() as server,
        sockets.RawSocket(treat=sockets.never_answers).running() as black_hole,
        asking_session() as session,
    ):
        looks = glances(session, [(place_of(black_hole), None), (place_of(server), None)])
        await anext(looks)
        await looks.aclose()

        assert [each for each in asyncio.all_tasks() if "glance" in repr(each)] == []
    assert len(black_hole.heads) <= 1


async def test_an_answer_that_we_stumble_over_does_not_end_the_looks_at_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def stumbling(asker: Asker) -> object:
        if asker.place.port == trap.port:
            raise KeyError("models")
        return await identified(asker)

    monkeypatch.setattr("proxy.local.glancing.identified", stumbling)
    async with FakeOllama().running() as trap, FakeOllama().running() as server, asking_session() as session:
        places = [(place_of(trap), None), (place_of(server), None)]
        seen = {each.place: each async for each in glances(session, places)}

    assert seen[place_of(trap)] == Glance(place_of(trap))
    assert seen[place_of(server)].server is not None
    assert trap.url in caplog.text
