"""A proposal for this machine and this moment. It reads files, so it is nothing for the gateway's loop."""

import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import psutil

from app.found_keys.found_key import FoundKey
from app.found_keys.search import found_keys
from app.home import Home
from app.instance import find_running
from app.proposal.making import proposal
from app.proposal.prices import ListPrices
from app.proposal.proposal import Proposal
from app.settings import Settings
from proxy.local.found import LocalServer
from proxy.local.place import Place
from proxy.money.catalogue import FILE, Catalogue
from resources import resource


def proposal_here(
    home: Home,
    settings: Settings,
    servers: Sequence[LocalServer],
    environ: Mapping[str, str],
    speeds: Mapping[str, float] | None = None,
) -> Proposal:
    """With all keys that lie on this machine, and the tokens a second that services were seen to write."""
    return proposal_with(keys_here(settings, environ), home, settings, servers, speeds)


def keys_here(settings: Settings, environ: Mapping[str, str]) -> tuple[FoundKey, ...]:
    return found_keys(settings, environ, user_folder(environ))


def proposal_with(
    keys: Sequence[FoundKey],
    home: Home,
    settings: Settings,
    servers: Sequence[LocalServer],
    speeds: Mapping[str, float] | None = None,
) -> Proposal:
    """The same with the keys that may be used."""
    return proposal(
        _others(servers, home),
        keys,
        settings,
        shipped_prices(time.time()),
        memory=psutil.virtual_memory().total,
        speeds=speeds,
    )


def _others(servers: Sequence[LocalServer], home: Home) -> list[LocalServer]:
    """Without the Tierwise of this home, which lists models as well and may have taken any port."""
    running = find_running(home)
    own = Place.from_url(running.url) if running is not None else None
    return [server for server in servers if own is None or server.place.socket != own.socket]


def user_folder(environ: Mapping[str, str]) -> Path:
    """The user's home, which other programs keep their settings below."""
    named = environ.get("HOME") or environ.get("USERPROFILE")
    return Path(named) if named else Path.home()


def shipped_prices(at: float) -> ListPrices:
    """The prices that came with the program, at a moment."""
    return ListPrices(_catalogue(), at)


@cache
def _catalogue() -> Catalogue:
    return Catalogue(resource(FILE).read_bytes())
