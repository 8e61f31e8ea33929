"""`detect --watch`: a line for each thing that happens to the model servers here, until Ctrl+C."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from app.commands.context import Context
from app.local.changes import Change, Event, changes
from app.local.here import surroundings
from app.record.amounts import local_time
from app.settings import SettingsFile
from app.table import GAP
from proxy.config import Config
from proxy.local.found import State
from proxy.local.naming import configured_names
from proxy.local.pace import USUAL_PACE, Pace
from proxy.local.watch import Watch

_WORDS = {
    Event.FOUND: "is there",
    Event.GONE: "does not answer",
    Event.STARTED: "has started",
    Event.STOPPED: "has stopped",
    Event.LOADING: "is loading its model",
    Event.READY: "is ready",
    Event.LOCKED: "wants a key",
    Event.MODEL_LOADED: "has {} in memory",
    Event.MODEL_UNLOADED: "has unloaded {}",
    Event.MODEL_ADDED: "has {} now",
    Event.MODEL_REMOVED: "has {} no more",
}


def follow(context: Context) -> int:
    """As JSON it is one object a line."""
    settings = SettingsFile(context.home).load().settings

    def tell(change: Change) -> None:
        moment = time.time_ns() // 1_000_000
        context.answer(line(change, moment), as_json(change, moment, settings))

    def tell_of_nothing() -> None:
        if not context.json:
            context.tell("No model server is there yet. Waiting ...")

    with suppress(KeyboardInterrupt):
        asyncio.run(followed(settings, context.environ, tell, tell_of_nothing))
    return 0


async def followed(
    config: Config,
    environ: Mapping[str, str],
    tell: Callable[[Change], None],
    tell_of_nothing: Callable[[], None] = lambda: None,
    pace: Pace = USUAL_PACE,
) -> None:
    """Until it is cancelled. What is there at the beginning is told first."""
    watch = Watch(config, surroundings(environ), is_asked_for=True, pace=pace)
    woken = asyncio.Event()
    watch.listen(woken.set)
    watch.start()
    try:
        with watch.watched():
            await _each_change(watch, woken, tell, tell_of_nothing)
    finally:
        await watch.stop()


async def _each_change(
    watch: Watch,
    woken: asyncio.Event,
    tell: Callable[[Change], None],
    tell_of_nothing: Callable[[], None],
) -> None:
    known, is_beginning = watch.servers, True
    while True:
        await woken.wait()
        woken.clear()
        before, known = known, watch.servers
        for change in changes(before, known, Event.FOUND if is_beginning else Event.STARTED):
            tell(change)
        if is_beginning and watch.has_looked:
            is_beginning = False
            gone = [each for each in known if each.state is State.GONE]
            for each in gone:
                tell(Change(Event.GONE, each))
            if len(gone) == len(known):
                tell_of_nothing()


def line(change: Change, moment: int) -> str:
    server = change.server
    title = f"{server.sort.label} {server.version}".rstrip()
    said = _WORDS[change.event].format(change.model)
    return f"{local_time(moment)}{GAP}{title} at {server.place.url} {said}"


def as_json(change: Change, moment: int, config: Config) -> dict[str, Any]:
    """`time` is in milliseconds since 1970."""
    server = change.server
    return {
        "time": moment,
        "event": change.event.value,
        "provider": configured_names(config).get(server.place),
        "kind": server.kind.value,
        "label": server.sort.label,
        "url": server.place.url,
        "version": server.version,
        "state": server.state.value,
        "model": change.model or None,
    }
