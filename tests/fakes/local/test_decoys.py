"""The decoys, as a client sees them, and what the zoo counts."""

import asyncio
import gzip
from dataclasses import replace

import aiohttp
import pytest

from proxy.local.found import LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.place import IPV4, IPV6, Place
from tests.fakes.local import decoys, sockets
from tests.fakes.local.lookalikes import FakeLiteLlm, FakeTierwise
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.sglang import FakeSglang
from tests.fakes.local.species import DECOYS, SERVERS
from tests.fakes.local.vllm import FakeVllm
from tests.fakes.local.zoo import Animal, Creature, Finding, Resident, has_ipv6, precision, recall, zoo

ENDLESS = [
    sockets.never_answers,
    sockets.answers_half,
    sockets.drips_its_body,
    sockets.drips_its_head,
    sockets.floods_its_body,
]


async def read(url: str, path: str = "/") -> bytes:
    async with aiohttp.ClientSession(auto_decompress=False) as session, session.get(url + path) as response:
        return await response.read()


@pytest.mark.parametrize("treat", ENDLESS, ids=lambda treat: treat.__name__)
async def test_there_are_some_whose_answer_never_ends(treat: sockets.Treatment) -> None:
    async with sockets.RawSocket(treat=treat).running() as server:
        reading = asyncio.create_task(read(server.url))
        await server.arrived.wait()
        done, _ = await asyncio.wait({reading}, timeout=0.2)
        reading.cancel()

    assert not done


@pytest.mark.parametrize("treat", sockets.BROKEN, ids=lambda treat: treat.__name__)
async def test_there_are_some_that_speak_no_http(treat: sockets.Treatment) -> None:
    async with sockets.RawSocket(treat=treat).running() as server:
        with pytest.raises(aiohttp.ClientError):
            await read(server.url)


async def test_an_old_one_ends_its_answer_with_the_connection() -> None:
    async with sockets.RawSocket(treat=sockets.speaks_old_http).running() as server:
        assert b"Error response" in await read(server.url)


async def test_sizes_are_awful() -> None:
    async with decoys.large().running() as large, decoys.bomb().running() as bomb:
        assert len(await read(large.url)) > 24_000_000
        packed = await read(bomb.url)

    assert len(packed) < 100_000
    assert len(gzip.decompress(packed)) > 50_000_000


async def test_it_is_known_whether_anybody_followed_a_redirect() -> None:
    async with decoys.Redirecting(elsewhere=FakeVllm()).running() as server:
        assert server.was_only_looked_at
        await read(server.url, "/version")
        assert not server.was_only_looked_at


async def test_another_tierwise_marks_its_answers() -> None:
    async with (
        FakeTierwise().running() as server,
        aiohttp.ClientSession() as session,
        session.get(f"{server.url}/v1/models") as response,
    ):
        assert "x-tierwise-request-id" in response.headers


# The zoo


VLLM = Animal(name="a vLLM", make=FakeVllm, expected=ServerKind.VLLM)
NOBODY = Animal(name="nobody", make=decoys.missing_page)


def finding(animal: Animal, kind: ServerKind | None) -> Finding:
    found = None if kind is None else LocalServer(kind=kind, place=Place(IPV4, 8000))
    return Finding(animal, found, 0.0)


COUNTED = [
    ([finding(VLLM, ServerKind.VLLM), finding(NOBODY, None)], 1.0, 1.0),
    ([finding(VLLM, ServerKind.VLLM), finding(NOBODY, ServerKind.VLLM)], 0.5, 1.0),
    ([finding(VLLM, None), finding(NOBODY, None)], 1.0, 0.0),
    ([finding(VLLM, ServerKind.OLLAMA)], 0.0, 0.0),
    ([finding(VLLM, ServerKind.VLLM), finding(VLLM, None)], 1.0, 0.5),
    ([], 1.0, 1.0),
]


@pytest.mark.parametrize(("findings", "right", "found"), COUNTED)
def test_precision_is_of_what_was_found_and_recall_of_what_was_to_be_found(
    findings: list[Finding], right: float, found: float
) -> None:
    assert (precision(findings), recall(findings)) == (right, found)


def test_a_server_that_is_taken_for_open_where_it_is_locked_is_taken_wrongly() -> None:
    locked = next(each for each in SERVERS if each.name == "vLLM with a key")

    assert not finding(locked, ServerKind.VLLM).is_right


@pytest.mark.parametrize(
    ("creature", "path"),
    [(FakeSglang(), "/health"), (FakeLiteLlm(), "/health"), (FakeTierwise(), "/")],
    ids=["SGLang", "LiteLLM", "Tierwise"],
)
async def test_the_zoo_knows_who_was_disturbed(creature: FakeSglang, path: str) -> None:
    resident = Resident(VLLM, creature)
    async with creature.running():
        assert resident.was_left_in_peace
        await read(creature.url, path)

    assert resident.was_left_in_peace == (path == "/")


async def test_whoever_loads_a_model_disturbs() -> None:
    creature = FakeOllama()
    async with creature.running(), aiohttp.ClientSession() as session:
        await session.post(f"{creature.url}/api/generate", json={"model": "qwen3:8b"})

    assert not Resident(VLLM, creature).was_left_in_peace


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no [::1]")
async def test_every_second_one_lives_at_the_other_address_unless_its_sort_never_does() -> None:
    at_home = replace(VLLM, hosts=(IPV4,))

    async with zoo([VLLM, VLLM, at_home, at_home]) as residents:
        assert [each.place.host for each in residents] == [IPV4, IPV6, IPV4, IPV4]
        assert len({each.place for each in residents}) == len(residents)


def test_no_two_of_the_zoo_have_the_same_name() -> None:
    names = [each.name for each in (*SERVERS, *DECOYS)]

    assert len(names) == len(set(names))


def test_every_kind_is_in_the_zoo() -> None:
    assert {each.expected for each in SERVERS} == set(ServerKind)


def test_decoys_are_fresh_each_time() -> None:
    creatures: list[Creature] = [each.make(host=IPV4) for each in DECOYS for _ in range(2)]

    assert len({id(each) for each in creatures}) == 2 * len(DECOYS)
