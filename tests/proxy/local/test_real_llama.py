"""A real llama.cpp is told from its answers, understood, and not disturbed by being looked at."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from proxy.local.asking import asking_session
from proxy.local.found import LocalServer, State
from proxy.local.glancing import Glance, glance, glances
from proxy.local.kinds import ServerKind
from proxy.local.known import Known
from proxy.local.place import IPV6, Place
from tests.llama.asking import busy, chat, get
from tests.llama.fixtures import llama, need_llama
from tests.llama.gguf import CONTEXT
from tests.llama.server import LlamaServer, Options, llama_server

__all__ = ["llama"]

KIND = ServerKind.LLAMACPP
NO_TOOLS = "{% for message in messages %}{{ message.content }}{% endfor %}"


async def looked(server: LlamaServer, *, at: str = "") -> Glance:
    place = Place.from_url(at or server.url)
    assert place is not None
    async with asking_session() as session:
        return await glance(session, place)


async def found(server: LlamaServer) -> LocalServer:
    seen = (await looked(server)).server
    assert seen is not None
    return seen


async def test_it_is_told_apart_and_says_what_it_can(llama: LlamaServer) -> None:
    server = await found(llama)
    assert (server.kind, server.state, server.slots) == (KIND, State.READY, 2)
    assert re.fullmatch(r"b\d+-\w+", server.version)
    assert server.base_url == llama.url + "/v1"
    [model] = server.models
    assert (model.name, model.is_loaded, model.chats, model.is_remote) == ("tiny", True, True, False)
    assert (model.context, model.most_context) == (8192, CONTEXT)
    assert (model.tools, model.vision, model.thinking) == (True, False, True)
    assert model.quantisation == "F16"
    assert model.size is not None
    assert 0 < model.size < llama.model.stat().st_size


@pytest.mark.parametrize(
    ("slots", "context", "usable"),
    [(1, 4096, 4096), (4, 4096, 1024), (3, 1000, 512)],
    ids=["all for one", "a quarter each", "rounded up to 256"],
)
async def test_what_a_slot_holds_is_what_a_conversation_can_use(
    tmp_path: Path, slots: int, context: int, usable: int
) -> None:
    need_llama()
    with llama_server(tmp_path, slots=slots, context=context) as started:
        server = await found(started)
        assert server.slots == slots
        assert server.models[0].context == usable
        fits = await chat(started, "[loop]" + "x" * (usable - 100), max_tokens=usable)
        assert fits.json["usage"]["total_tokens"] == usable
        assert (await chat(started, "x" * usable)).status == 400


async def test_a_template_that_leaves_tools_out_is_one_without_tools(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, template=NO_TOOLS) as started:
        [model] = (await found(started)).models
        assert (model.tools, model.thinking) == (False, None)


async def test_one_that_wants_a_key_is_known_and_tells_nothing(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, api_key="k") as started:
        server = await found(started)
        assert (server.kind, server.state, server.models) == (KIND, State.LOCKED, ())


async def test_one_with_a_prefix_is_found_below_it_and_nowhere_else(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, prefix="/here") as started:
        assert (await found(started)).base_url.endswith("/here/v1")
        bare = await looked(started, at=started.url.removesuffix("/here"))
        assert (bare.server, bare.is_gone) == (None, False)


async def test_one_that_listens_in_the_newer_protocol_only_is_found_there(tmp_path: Path) -> None:
    need_llama()
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    with llama_server(tmp_path, host=IPV6) as started:
        assert (await found(started)).place == Place(IPV6, started.port)
        assert (await looked(started, at=f"http://127.0.0.1:{started.port}")).is_gone


async def test_two_at_once_are_two(tmp_path: Path) -> None:
    need_llama()
    wanted: list[Options] = [{"alias": "one", "slots": 1}, {"alias": "other", "slots": 3}]
    with ExitStack() as stack:
        places = []
        for options in wanted:
            folder = tmp_path / options["alias"]
            folder.mkdir()
            started = stack.enter_context(llama_server(folder, **options))
            places.append(Place("127.0.0.1", started.port))
        known = Known()
        async for seen in _glances(*places):
            known.note(seen, lambda server: server)
    assert {(each.models[0].name, each.slots) for each in known.servers} == {("one", 1), ("other", 3)}


async def test_another_model_at_its_port_is_noticed_and_so_is_its_end(tmp_path: Path) -> None:
    need_llama()
    known = Known()

    async def noted(place: Place) -> tuple[bool, list[str]]:
        [changed] = [known.note(seen, lambda server: server) async for seen in _glances(place)]
        return changed, [model.name for server in known.servers for model in server.models]

    with llama_server(tmp_path, alias="first") as first:
        place = Place("127.0.0.1", first.port)
        assert await noted(place) == (True, ["first"])
        assert await noted(place) == (False, ["first"])
    with llama_server(tmp_path, alias="second", port=place.port):
        assert await noted(place) == (True, ["second"])
    assert await noted(place) == (False, ["second"])
    assert await noted(place) == (True, [])


async def test_it_is_seen_as_well_while_it_answers(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, slots=1, context=65536) as started:
        idle = await found(started)
        answer = asyncio.create_task(chat(started, "[loop]", max_tokens=60000))
        await busy(started)
        assert await found(started) == idle
        assert not answer.done()
        answer.cancel()
        await asyncio.wait([answer])


async def test_being_looked_at_gives_it_no_work(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path) as started:
        await found(started)
        assert await _work_of(started) == {"prompt_tokens": 0, "n_decode": 0}
        await chat(started, "Hi")
        assert all((await _work_of(started)).values())


async def _work_of(server: LlamaServer) -> dict[str, int]:
    """As its own counters have it."""
    told = (await get(server, "/metrics")).body.decode()
    counters = re.findall(r"(?m)^llamacpp:(prompt_tokens|n_decode)_total (\d+)", told)
    return {name: int(number) for name, number in counters}


async def _glances(*places: Place) -> AsyncIterator[Glance]:
    async with asking_session() as session:
        async for seen in glances(session, [(place, None) for place in places]):
            yield seen


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as listener:
            listener.bind((IPV6, 0))
    except OSError:
        return False
    return True
