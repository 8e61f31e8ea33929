"""`detect --use`: a model that was found serves a tier, in one step."""

import sys

from app.commands.context import Context
from app.errors import UsageError, UserError
from app.local.here import servers_here
from app.local.using import use_edits
from app.local.waiting import said_while_waiting
from app.providers.consent import check_askable, consent
from app.providers.reloading import reload_running
from app.settings import Settings, SettingsFile
from app.tiers.lists import tree_of
from app.tiers.naming import tier_of
from app.toml.edits import Edit
from proxy.config import ServiceEntry, TierName, did_you_mean
from proxy.local.found import LocalServer, State
from proxy.local.naming import names


class NotFoundError(UserError):
    """No such server was found, or it has no such model."""

    kind = "not_found"


def take_into_use(context: Context, typed: str, tier_typed: str, *, yes: bool) -> int:
    check_askable(given=yes)
    tier, wanted = tier_of(tier_typed), _named(typed)
    file = SettingsFile(context.home)
    settings = file.load().settings
    with said_while_waiting("Looking for model servers ...", sys.stderr):
        servers = servers_here(context)
    server = _server_with(wanted, servers, settings)
    is_reloaded, is_changed = False, bool(_edits(server, wanted, tier, file))
    if is_changed:
        consent(f"Let {wanted.name} serve {tier} before all others?{_warning(server, wanted)}", given=yes)
        # The file may have changed while the question stood: a list made before would lose that.
        file.edit(*_edits(server, wanted, tier, file))
        is_reloaded = reload_running(context)
    context.answer(
        f"{tier} asks {wanted.name} first{'.' if is_changed else ' already.'}",
        {"tier": tier, "service": wanted.name, "changed": is_changed, "reloaded": is_reloaded},
    )
    return 0


def _edits(server: LocalServer, wanted: ServiceEntry, tier: TierName, file: SettingsFile) -> list[Edit]:
    settings = file.load().settings
    return use_edits(server, wanted.provider, wanted.model, tier, settings, tree_of(file))


def _named(typed: str) -> ServiceEntry:
    try:
        return ServiceEntry.from_text(typed)
    except ValueError as error:
        raise UsageError(f"--use names a server and a model of it: {error}.") from error


def _server_with(wanted: ServiceEntry, servers: list[LocalServer], settings: Settings) -> LocalServer:
    called = names(servers, settings)
    there = [each for each in servers if called[each.place] == wanted.provider]
    server = min(there, key=lambda each: each.state is State.GONE, default=None)
    if server is None:
        meant = did_you_mean(wanted.provider, called.values()) or "; `detect` shows all that were."
        raise NotFoundError(f'No model server called "{wanted.provider}" was found on this machine{meant}')
    if server.model(wanted.model) is None:
        meant = did_you_mean(wanted.model, (each.name for each in server.models)) or "."
        raise NotFoundError(
            f'{server.sort.label} at {server.place.url} has no model "{wanted.model}" now{meant}'
        )
    return server


def _warning(server: LocalServer, wanted: ServiceEntry) -> str:
    model = server.model(wanted.model)
    if model is not None and model.is_remote:
        return " It is no local model: what it is asked leaves this machine."
    return ""
