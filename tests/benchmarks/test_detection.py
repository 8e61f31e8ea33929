"""What the benchmark of detection judges, and that it really looks at another process."""

import asyncio

import pytest

from benchmarks.detection import (
    ORDINARY,
    ORDINARY_BAR_SECONDS,
    SWEEP_BAR_SECONDS,
    disturbed,
    kept,
    swept,
    tell_figures,
    tell_findings,
    vacant,
)
from benchmarks.table import Table
from proxy.local.found import LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.place import IPV4, Place
from tests.fakes.local.decoys import missing_page
from tests.fakes.local.sglang import FakeSglang
from tests.fakes.local.vllm import FakeVllm
from tests.fakes.local.zoo import Animal, Finding, Resident, everyone

VLLM = Animal(name="a vLLM", make=FakeVllm, expected=ServerKind.VLLM)
NOBODY = Animal(name="nobody", make=missing_page)
RIGHT = [
    Finding(VLLM, LocalServer(kind=ServerKind.VLLM, place=Place(IPV4, 8000)), 0.1),
    Finding(NOBODY, None, 0.1),
]
WRONG = [Finding(VLLM, None, 0.1)]
TAKEN = [Finding(NOBODY, LocalServer(kind=ServerKind.JAN, place=Place(IPV4, 8000)), 0.1)]
QUICK = [0.1, 0.2]

JUDGED = [
    ((RIGHT, QUICK, QUICK, 0), True),
    ((WRONG, QUICK, QUICK, 0), False),
    ((TAKEN, QUICK, QUICK, 0), False),
    ((RIGHT, [0.1, SWEEP_BAR_SECONDS + 0.1], QUICK, 0), False),
    ((RIGHT, QUICK, [0.1, ORDINARY_BAR_SECONDS + 0.1], 0), False),
    ((RIGHT, QUICK, QUICK, 1), False),
]


@pytest.mark.parametrize(("told", "is_met"), JUDGED)
def test_one_miss_one_mistake_one_disturbance_or_one_slow_sweep_is_too_much(
    told: tuple[list[Finding], list[float], list[float], int], is_met: bool
) -> None:
    table = Table(width=28)

    tell_figures(table, *told)

    assert table.is_met is is_met


def test_what_was_taken_wrongly_once_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    tell_findings([RIGHT, [*WRONG, RIGHT[1]]])

    _, vllm, nobody = capsys.readouterr().out.splitlines()
    assert vllm.endswith("WRONG")
    assert "- or vllm" in vllm
    assert not nobody.endswith("WRONG")


def test_the_ordinary_machine_is_made_of_animals_of_the_zoo() -> None:
    assert set(ORDINARY) <= {each.name for each in everyone()}


def test_whoever_was_woken_is_told_by_name() -> None:
    woken = FakeSglang(woken=["/health"])

    assert disturbed([Resident(VLLM, woken), Resident(NOBODY, FakeSglang())]) == ["a vLLM"]


async def test_a_port_is_vacant_where_nobody_listens() -> None:
    async with FakeVllm().running() as server:
        taken = vacant([server.port])
    left = vacant([server.port])

    assert Place(IPV4, server.port) not in taken
    assert Place(IPV4, server.port) in left


async def test_the_zoo_of_the_other_process_is_swept_and_asked_whom_that_disturbed() -> None:
    with kept() as (addresses, keeper):
        ordinary = [each.place for each in addresses if each.animal.name in ORDINARY]
        seconds = await asyncio.wait_for(swept(ordinary), 30)
        keeper.send("who was disturbed?")

        assert keeper.recv() == []

    assert [each.animal.name for each in addresses] == [each.name for each in everyone()]
    assert len({each.place for each in addresses}) == len(addresses)
    assert seconds > 0
