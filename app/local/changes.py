"""What has happened to the servers of this machine between one look and the next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from proxy.local.found import LocalModel, LocalServer, State


class Event(StrEnum):
    """What can happen, as programs are told of it."""

    FOUND = "found"
    """It was there when the looking began."""
    GONE = "gone"
    """It is configured, and did not answer when the looking began."""
    STARTED = "started"
    STOPPED = "stopped"
    LOADING = "loading"
    READY = "ready"
    LOCKED = "locked"
    MODEL_LOADED = "model_loaded"
    MODEL_UNLOADED = "model_unloaded"
    MODEL_ADDED = "model_added"
    MODEL_REMOVED = "model_removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to one server."""

    event: Event
    server: LocalServer
    model: str = ""


_BECAME = {State.LOADING: Event.LOADING, State.READY: Event.READY, State.LOCKED: Event.LOCKED}


def changes(
    before: Sequence[LocalServer], after: Sequence[LocalServer], new: Event = Event.STARTED
) -> Iterator[Change]:
    """`new` is what is said of a server that was not there before."""
    was, now = _running(before), _running(after)
    for place, server in was.items():
        if place not in now or now[place].kind is not server.kind:
            yield Change(Event.STOPPED, server)
    for place, server in now.items():
        old = was.get(place)
        if old is None or old.kind is not server.kind:
            yield from _of_new(server, new)
        else:
            yield from _of_known(old, server)


def _running(servers: Sequence[LocalServer]) -> dict[object, LocalServer]:
    return {each.place: each for each in servers if each.state is not State.GONE}


def _of_new(server: LocalServer, event: Event) -> Iterator[Change]:
    yield Change(event, server)
    if server.state is not State.READY:
        yield Change(_BECAME[server.state], server)
    yield from (Change(Event.MODEL_LOADED, server, each.name) for each in server.models if each.is_loaded)


def _of_known(old: LocalServer, server: LocalServer) -> Iterator[Change]:
    if server.state is not old.state:
        yield Change(_BECAME[server.state], server)
    if server.state is not State.READY:
        return  # it cannot tell of its models, so nothing is known of them
    was, now = _by_name(old), _by_name(server)
    if old.state is State.READY:
        yield from (Change(Event.MODEL_ADDED, server, name) for name in now if name not in was)
    yield from (
        Change(Event.MODEL_LOADED, server, name)
        for name, model in now.items()
        if model.is_loaded and not (name in was and was[name].is_loaded)
    )
    yield from (
        Change(Event.MODEL_UNLOADED, server, name)
        for name, model in was.items()
        if model.is_loaded and (name not in now or now[name].is_loaded is False)
    )
    if old.state is State.READY:
        yield from (Change(Event.MODEL_REMOVED, server, name) for name in was if name not in now)


def _by_name(server: LocalServer) -> dict[str, LocalModel]:
    return {each.name: each for each in server.models}
