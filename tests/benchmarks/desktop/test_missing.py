"""Whatever part of the program does not do what it is asked: the table says so, and no bar is met by that."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.desktop import at_rest, one_thread, painting, scenes
from benchmarks.desktop.at_rest import tell_idle, tell_memory
from benchmarks.desktop.children import Child
from benchmarks.desktop.lengths import Lengths
from benchmarks.desktop.one_thread import tell_slices
from benchmarks.desktop.readings import Traffic
from benchmarks.desktop.scenes import Scene, following_log, overview, scrolling_log
from benchmarks.desktop.screen import OFFSCREEN
from benchmarks.desktop.streaming import tell_streams
from benchmarks.desktop.surroundings import Held, Surroundings
from benchmarks.table import NotMeasuredError, Table

LENGTHS = Lengths(at_rest=0, idle=0.001, slices=0, stream=0, rounds=2, processes=1, windows=1, screens=1)
WHOLE = Traffic(streams=1, asked=1, tokens=1, delays=[1.0])
OFTEN = {"times": 99, "seconds": 1}
COUNTED = {"seen": 9, "slices": []}


class Played(Child):
    """A process that answers as it is told to, and cannot do what it is told not to."""

    def __init__(self, answers: dict[str, Any], *, cannot: tuple[str, ...] = ()) -> None:
        self.pid = 1
        self.hello = {"url": "http://program"}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._answers = answers
        self._cannot = cannot

    def ask(self, what: str, **how: Any) -> dict[str, Any]:
        self.asked.append((what, how))
        if f"{what} {how.get('page', '')}".strip() in self._cannot:
            raise NotMeasuredError(f"it cannot {what}")
        answer: dict[str, Any] = self._answers.get(what, {})
        return answer


def program(*cannot: str) -> Played:
    return Played({"counted": COUNTED, "looked": OFTEN, "stand": OFTEN}, cannot=cannot)


def clients(traffic: Traffic = WHOLE) -> Played:
    return Played({"ask": traffic.told(), "stream": traffic.told()})


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has to settle, and every process holds and burns the same."""
    for module in (at_rest, one_thread, painting, scenes):
        monkeypatch.setattr(module, "SETTLED_SECONDS", 0)
    monkeypatch.setattr(at_rest, "_CLOSED_SECONDS", 0)
    monkeypatch.setattr(at_rest, "STARTED_SECONDS", 0)
    monkeypatch.setattr(at_rest, "held", lambda pid: Held(100.0, 100.0))
    monkeypatch.setattr(at_rest, "cpu_seconds", lambda pid: 1.0)


def slices(driven: Played, traffic: Played) -> Table:
    table = Table(52)
    tell_slices(table, driven, traffic, 0)
    return table


def streams(driven: Played, traffic: Played, tmp_path: Path) -> Table:
    table = Table(52)
    around = Surroundings(tmp_path, tmp_path, "http://provider", traffic)
    tell_streams(table, OFFSCREEN, driven, around, LENGTHS)
    return table


def memory(driven: Played) -> Table:
    table = Table(52)
    tell_memory(table, driven, 1)
    return table


def missing(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The figures that were not measured."""
    lines = capsys.readouterr().out.splitlines()
    return [line.partition("NOT measured")[0].strip() for line in lines if "NOT measured" in line]


def test_slices_of_what_did_not_open_are_not_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert slices(program(), clients()).is_met
    assert missing(capsys) == []
    assert not slices(program("open usage"), clients()).is_met
    assert missing(capsys) == ["slices, usage opens"]
    assert not slices(program("open_menu"), clients()).is_met
    assert missing(capsys) == ["slices, menu open, 20 requests/s"]


def test_slices_under_traffic_that_failed_are_not_measured(capsys: pytest.CaptureFixture[str]) -> None:
    failed = Traffic(requests=9, faults={"requests answered with HTTP 500": 9})
    assert not slices(program(), clients(failed)).is_met
    scenes_with_traffic = ("Overview at 4 Hz", "Logs follows", "Logs scrolls", "menu open")
    assert missing(capsys) == [f"slices, {each}, 20 requests/s" for each in scenes_with_traffic]


def test_a_page_that_is_skipped_is_a_memory_that_is_not_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert memory(program()).is_met
    assert missing(capsys) == []
    assert not memory(program("open tiers")).is_met
    assert missing(capsys) == ["page tiers"]


def test_idle_beside_a_window_that_did_not_open_is_not_measured() -> None:
    table = Table(52)
    tell_idle(table, 1, program(), 0.001)
    assert table.is_met
    with pytest.raises(NotMeasuredError):
        tell_idle(table, 1, program("open overview"), 0.001)


def test_streams_beside_what_did_not_open_are_not_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert streams(program(), clients(), tmp_path).is_met
    assert missing(capsys) == []
    assert not streams(program("open logs"), clients(), tmp_path).is_met
    assert missing(capsys) == ["token delay, offscreen, Logs scrolls"]
    assert not streams(program("open overview"), clients(), tmp_path).is_met
    assert missing(capsys) == ["token delay, offscreen, Overview at 4 Hz"]


def test_direct_streams_take_turns_with_those_through_the_program_and_all_else_is_alike(
    tmp_path: Path,
) -> None:
    traffic = clients()
    streams(program(), traffic, tmp_path)
    asked = [how for _, how in traffic.asked]
    urls = [how.pop("url").removeprefix("http://") for how in asked]
    assert urls == ["provider", "program"] * 3 + ["program", "provider"] * 3
    models = {how.pop("model") for how in asked}
    assert models == {"m", "paced/m"}
    assert all(how == asked[0] for how in asked)
    assert asked[0]["rows_url"] == "http://program"


@pytest.mark.parametrize(
    ("scene", "told", "enough"),
    [(scrolling_log, "stand", 50), (overview, "looked", 20), (following_log, "looked", 20)],
)
def test_a_scene_in_which_hardly_anything_happens_is_not_measured(
    scene: Scene, told: str, enough: int
) -> None:
    def play(times: int) -> None:
        with scene(Played({told: {"times": times, "seconds": 10}})):
            pass

    play(enough)
    with pytest.raises(NotMeasuredError, match=rf"{enough - 1} times only, in 10.0 s"):
        play(enough - 1)
