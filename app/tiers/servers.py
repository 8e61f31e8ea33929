"""The model servers of this machine, for the commands that look at tiers."""

import sys
from collections.abc import Mapping, Sequence

import msgspec

from app.commands.context import Context
from app.instance import find_running
from app.remote import RefusedError, UnreachableError, call
from proxy.local.found import LocalServer
from proxy.server.local_told import ToldServers


def servers_of(context: Context) -> Sequence[LocalServer]:
    """As a running Tierwise knows them, else as they answer now."""
    from app.local.here import servers_here  # what looks for them is loaded only where they are looked for
    from app.local.waiting import said_while_waiting

    with said_while_waiting("Looking for model servers ...", sys.stderr):
        return servers_here(context)


def speeds_of(context: Context) -> Mapping[str, float]:
    """The tokens a second that services were seen to write, as a running Tierwise has measured them."""
    running = find_running(context.home)
    if running is None:
        return {}
    try:
        told = msgspec.convert(call(running, "GET", "/api/local"), ToldServers)
    except (UnreachableError, RefusedError, msgspec.ValidationError):
        return {}
    models = (model for server in told.servers for model in server.models)
    return {each.service: each.tokens_per_second for each in models if each.tokens_per_second is not None}
