"""Which model servers are here: as a running Tierwise knows them, else as they answer now."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import msgspec

from app.commands.context import Context
from app.instance import Instance, find_running
from app.proposal.here import user_folder
from app.remote import RefusedError, UnreachableError, lines
from app.settings import SettingsFile
from proxy.config import Config
from proxy.local.found import LocalModel, LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.pace import Pace
from proxy.local.place import Place
from proxy.local.surroundings import Surroundings
from proxy.local.watch import Watch
from proxy.server.local_told import ToldModel, ToldServer, ToldServers

_PATIENCE_SECONDS = 3.0
"""For a running Tierwise that looks around: a server that hangs is asked twice, a second each time."""
_SHORT_PATIENCE_SECONDS = 1.0
"""For one that only tells what it knows; after that, what is here is found without it."""
_HURRY = Pace(doubt=0.1)
"""Somebody waits."""
_KINDS, _STATES = frozenset(ServerKind), frozenset(State)


def told_here(context: Context) -> ToldServers:
    """As /api/local tells it, with what a running Tierwise has measured.

    Takes two seconds and a half at most, and four more where a running Tierwise does not answer.
    """
    told = _told_by_the_running(context)
    if told is not None:
        return told
    settings = SettingsFile(context.home).load().settings
    servers = asyncio.run(look(settings, context.environ))
    return ToldServers.of(servers, settings, lambda _service: None)


async def look(config: Config, environ: Mapping[str, str]) -> list[LocalServer]:
    """Look around once. What the user has switched off in [local] may still be asked for by hand."""
    watch = Watch(config, surroundings(environ), is_asked_for=True, pace=_HURRY)
    watch.apply(config)  # so that what is configured and does not run is told of, too
    try:
        return list(await watch.look())
    finally:
        await watch.stop()


def surroundings(environ: Mapping[str, str]) -> Surroundings:
    folder: Path = user_folder(environ)
    return Surroundings(environ=environ, home=folder)


def _told_by_the_running(context: Context) -> ToldServers | None:
    """None where none runs, or it does not look, or is of a version that tells it in another way."""
    running = find_running(context.home)
    if running is None:
        return None
    try:
        told = _newest(running)
    except (UnreachableError, RefusedError, msgspec.ValidationError):
        return None
    return told if told.enabled and told.looked else None


def _newest(running: Instance) -> ToldServers:
    """What it finds now; where that takes long, what it knows."""
    try:
        return _asked(running, "POST", "/api/local/look", _PATIENCE_SECONDS)
    except UnreachableError as error:
        if not isinstance(error.__cause__, TimeoutError):
            raise
    return _asked(running, "GET", "/api/local", _SHORT_PATIENCE_SECONDS)


def _asked(running: Instance, method: str, path: str, patience: float) -> ToldServers:
    return msgspec.convert(next(lines(running, method, path, patience), None), ToldServers)


def as_servers(told: ToldServers) -> list[LocalServer]:
    return [server for each in told.servers if (server := _as_server(each)) is not None]


def _as_server(told: ToldServer) -> LocalServer | None:
    """None for a sort that only another version knows."""
    place = Place.from_url(told.url)
    if place is None or told.kind not in _KINDS or told.state not in _STATES:
        return None
    return LocalServer(
        kind=ServerKind(told.kind),
        place=place,
        version=told.version,
        state=State(told.state),
        models=tuple(_as_model(each) for each in told.models),
        slots=told.slots,
        is_exposed=told.exposed,
    )


def _as_model(told: ToldModel) -> LocalModel:
    return LocalModel(
        name=told.name,
        is_loaded=told.loaded,
        context=told.context,
        most_context=told.most_context,
        chats=told.chats,
        tools=told.tools,
        vision=told.vision,
        thinking=told.thinking,
        size=told.size,
        parameters=told.parameters,
        quantisation=told.quantisation,
        is_remote=not told.local,
    )
