"""What can be added with one click: keys in the environment, by their names, and model servers here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.found_keys.search import is_configured
from app.found_keys.shapes import Variables
from app.proposal.servers import new_provider
from app.providers.wish import KeySource, Wish
from app.settings import Settings
from proxy.local.found import LocalServer, State
from proxy.local.naming import configured_names, names
from proxy.providers.presets import preset
from ui.windows.providers.words import several, tr

_VARIABLES = Variables()
_USABLE = (State.READY, State.LOADING)


@dataclass(frozen=True, slots=True)
class Offer:
    """One of them. Nothing in it is secret."""

    sentence: str
    label: str
    """What would be added."""
    wish: Wish


def offers(settings: Settings, environ: Mapping[str, str], servers: Sequence[LocalServer]) -> list[Offer]:
    return [*_servers(settings, servers), *_keys(settings, environ)]


def _servers(settings: Settings, servers: Sequence[LocalServer]) -> Iterator[Offer]:
    called, configured = names(servers, settings), configured_names(settings)
    for server in servers:
        if server.place in configured or server.state not in _USABLE:
            continue
        name, label = called[server.place], server.sort.label
        config = new_provider(server, name).config
        runs = tr("%1 runs on this computer", label)
        models = several(len(server.models), "with %1 model.", "with %1 models.")
        yield Offer(
            f"{runs}, {models}",
            label,
            Wish(
                name=name,
                kind=config.kind,
                base_url=config.base_url,
                source=KeySource.NONE if config.key == "none" else KeySource.UNSAID,
            ),
        )


def _keys(settings: Settings, environ: Mapping[str, str]) -> Iterator[Offer]:
    """Of vendors who are not configured yet, and whose key is not on its way to somebody else."""
    seen: set[str] = set()
    for found in _VARIABLES.keys(environ):
        known = preset(found.owner.provider)
        if (
            known is None
            or found.owner.sent_to
            or known.id in seen
            or is_configured(known.id, settings.providers)
        ):
            continue
        seen.add(known.id)
        yield Offer(
            tr("A key of %1 is in the environment variable %2.", known.label, found.name),
            known.label,
            Wish(name=known.id, preset=known.id, source=KeySource.ENVIRONMENT, variable=found.name),
        )
