"""What is told between two looks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.local.changes import Event, changes
from proxy.local.found import LocalModel, LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.place import Place


def ollama(*models: LocalModel, state: State = State.READY) -> LocalServer:
    return LocalServer(kind=ServerKind.OLLAMA, place=Place("127.0.0.1", 11434), models=models, state=state)


def has(name: str, is_loaded: bool | None = False) -> LocalModel:
    return LocalModel(name=name, is_loaded=is_loaded)


def told(before: list[LocalServer], after: list[LocalServer]) -> list[str]:
    return [f"{each.event} {each.model}".strip() for each in changes(before, after)]


VLLM = replace(ollama(), kind=ServerKind.VLLM)
EMPTY, GONE = ollama(), ollama(state=State.GONE)


@pytest.mark.parametrize(
    ("before", "after", "events"),
    [
        ([], [], []),
        ([], [EMPTY], ["started"]),
        ([], [GONE], []),
        ([GONE], [EMPTY], ["started"]),
        ([EMPTY], [GONE], ["stopped"]),
        ([EMPTY], [], ["stopped"]),
        ([GONE], [], []),
        ([EMPTY], [EMPTY], []),
        ([EMPTY], [VLLM], ["stopped", "started"]),
        ([], [ollama(state=State.LOADING)], ["started", "loading"]),
        ([], [ollama(state=State.LOCKED)], ["started", "locked"]),
        ([], [ollama(has("a", True), has("b"))], ["started", "model_loaded a"]),
        ([ollama(state=State.LOADING)], [ollama(has("a", True))], ["ready", "model_loaded a"]),
        ([ollama(has("a", True))], [ollama(state=State.LOADING)], ["loading"]),
        ([ollama(has("a"))], [ollama(has("a", True))], ["model_loaded a"]),
        ([ollama(has("a", None))], [ollama(has("a", True))], ["model_loaded a"]),
        ([ollama(has("a", True))], [ollama(has("a"))], ["model_unloaded a"]),
        ([ollama(has("a", True))], [ollama(has("a", None))], []),
        ([EMPTY], [ollama(has("a"))], ["model_added a"]),
        ([EMPTY], [ollama(has("a", True))], ["model_added a", "model_loaded a"]),
        ([ollama(has("a"))], [EMPTY], ["model_removed a"]),
        ([ollama(has("a", True))], [EMPTY], ["model_unloaded a", "model_removed a"]),
        (
            [ollama(has("a", True), has("b"))],
            [ollama(has("a"), has("b", True))],
            ["model_loaded b", "model_unloaded a"],
        ),
    ],
)
def test_each_thing_that_happened_is_told_once(
    before: list[LocalServer], after: list[LocalServer], events: list[str]
) -> None:
    assert told(before, after) == events


def test_what_is_there_at_the_beginning_was_found_and_not_started() -> None:
    assert [each.event for each in changes([], [EMPTY], Event.FOUND)] == [Event.FOUND]


def test_a_server_that_has_stopped_is_told_of_as_it_was() -> None:
    [stopped] = changes([replace(EMPTY, version="0.34.2")], [GONE])
    assert stopped.server.version == "0.34.2"


models = st.lists(
    st.builds(has, st.sampled_from("abc"), st.sampled_from([True, False, None])),
    max_size=3,
    unique_by=lambda each: each.name,
)
servers = st.lists(
    st.builds(
        lambda port, kind, state, models: LocalServer(
            kind=kind, place=Place("127.0.0.1", port), state=state, models=tuple(models)
        ),
        st.sampled_from([1, 2, 3]),
        st.sampled_from([ServerKind.OLLAMA, ServerKind.VLLM]),
        st.sampled_from(State),
        models,
    ),
    max_size=3,
    unique_by=lambda each: each.place,
)


@given(servers, servers)
def test_servers_start_and_stop_in_turn(before: list[LocalServer], after: list[LocalServer]) -> None:
    def running(some: list[LocalServer]) -> int:
        return sum(each.state is not State.GONE for each in some)

    events = [each.event for each in changes(before, after)]
    assert running(before) + events.count(Event.STARTED) - events.count(Event.STOPPED) == running(after)


@given(servers)
def test_where_nothing_has_changed_nothing_is_told(some: list[LocalServer]) -> None:
    assert list(changes(some, some)) == []
