"""One scenario from beginning to end: scratch repository, real client, scripted model, and what was sent."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.savings.record.clients import BY_CLIENT
from benchmarks.savings.record.clock import times
from benchmarks.savings.record.hands import ClaudeHands, CodexHands, Hands
from benchmarks.savings.record.places import Places
from benchmarks.savings.record.playing import Played, Playing
from benchmarks.savings.record.project import equipped, laid_out
from benchmarks.savings.record.replacing import Ours, replaced
from benchmarks.savings.record.scenario import Scenario, Step
from benchmarks.savings.session import Answer, Called, Request, Session, written
from proxy.wire.format import Format
from tests.e2e.clients.client import Place
from tests.fakes.script import ToolResult
from tests.fakes.server import running_fake

_FORMATS = {"claude-code": Format.ANTHROPIC, "codex": Format.RESPONSES}
_HANDS: Mapping[str, Hands] = {"claude-code": ClaudeHands(), "codex": CodexHands()}
_SURFACES = {"claude-code": "messages", "codex": "responses"}
_OF_THE_CONNECTION = frozenset(
    {"authorization", "x-api-key", "host", "content-length", "connection", "cookie"}
)


def recorded(scenario: Scenario, held: bool) -> Session:  # noqa: FBT001 -- a mark on the recording
    with tempfile.TemporaryDirectory(prefix="recording-") as folder:
        home, work = Path(folder, "home"), Path(folder, "work")
        home.mkdir()
        work.mkdir()
        playing = Playing(scenario, _HANDS[scenario.client], work)
        with running_fake(_FORMATS[scenario.client], playing) as fake:
            place = Place(home, work, fake.url, "made-up")
            environment = equipped(place)
            laid_out(scenario.project, place)
            BY_CLIENT[scenario.client](scenario, place, playing, environment)
            if fake.refused or fake.broken:
                raise RuntimeError(f"{scenario.name}: {fake.refused} {fake.broken}")
        if failed := failures(playing.played[-1].asked.results):
            raise RuntimeError(f"{scenario.name}: {failed}")
        requests = _requests(scenario, playing, Places(scenario.name, place))
    return Session(scenario.name, scenario.cls, scenario.client, scenario.model, held, tuple(requests))


def failures(results: Sequence[ToolResult]) -> list[str]:
    """Of tools that a scenario wants to succeed; a command may fail as it likes, but for a patch."""
    edits = [one.text for one in results if one.is_error and one.name not in ("Bash", "Agent")]
    return edits + [one.text for one in results if "apply_patch verification failed" in one.text]


def _requests(scenario: Scenario, playing: Playing, places: Places) -> list[Request]:
    ours = Ours({places.neutral(text) for text in _texts(scenario, playing)})
    told = [
        _request(scenario, one, at, places, ours)
        for one, at in zip(playing.played, times(playing.played), strict=True)
    ]
    return sorted(told, key=lambda one: (one.at, one.call != "title", one.agent))


def _request(scenario: Scenario, one: Played, at: float, places: Places, ours: Ours) -> Request:
    asked = one.asked
    if len(written(asked.body)) != int(asked.headers["content-length"]):
        raise RuntimeError(f"{scenario.name}: the client writes JSON in another way")
    calls = tuple(Called(call.name, _neutral(call.arguments, places)) for call in one.calls)
    return Request(
        surface=_SURFACES[scenario.client],
        path=asked.path,
        headers=_headers(asked.headers, places),
        body=written(replaced(_neutral(asked.body, places), ours)),
        at=at,
        typed=one.typed,
        turn=one.turn,
        call=one.call,
        agent=one.agent,
        answer=Answer(one.output_tokens, places.neutral(one.text), calls),
    )


def _headers(headers: Mapping[str, str], places: Places) -> dict[str, str]:
    lower = {name.lower(): places.neutral(value) for name, value in headers.items()}
    return {name: value for name, value in lower.items() if name not in _OF_THE_CONNECTION}


def _neutral(value: Any, places: Places) -> Any:
    match value:
        case str():
            return places.neutral(value)
        case Mapping():
            return {name: _neutral(inner, places) for name, inner in value.items()}
        case list():
            return [_neutral(inner, places) for inner in value]
        case _:
            return value


def _texts(scenario: Scenario, playing: Playing) -> set[str]:
    """All that the scenario says, and all that was said for it."""
    typed = {turn.text for turn in scenario.turns}
    steps = [step for turn in scenario.turns for step in turn.steps]
    said = {text for one in playing.played for text in (one.text, one.thought)}
    return (typed | said | set(_asked_of_agents(steps))) - {""}


def _asked_of_agents(steps: list[Step]) -> list[str]:
    return [act.told.split(" | ", 1)[1] for step in steps for act in step.acts if act.doing == "a"]
