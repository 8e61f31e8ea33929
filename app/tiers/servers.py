"""The model servers of this machine, for the commands that look at tiers."""

import sys
from collections.abc import Mapping, Sequence

from app.commands.context import Context
from proxy.local.found import LocalServer


def servers_of(context: Context) -> Sequence[LocalServer]:
    """As a running Tierwise knows them, else as they answer now."""
    return servers_and_speeds(context)[0]


def servers_and_speeds(context: Context) -> tuple[Sequence[LocalServer], Mapping[str, float]]:
    """And the tokens a second that services were seen to write, as a running Tierwise has measured them."""
    from app.local.here import as_servers, told_here  # loaded only where servers are looked for
    from app.local.waiting import said_while_waiting

    with said_while_waiting("Looking for model servers ...", sys.stderr):
        told = told_here(context)
    models = (model for server in told.servers for model in server.models)
    speeds = {each.service: each.tokens_per_second for each in models if each.tokens_per_second is not None}
    return as_servers(told), speeds
