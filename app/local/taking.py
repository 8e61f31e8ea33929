"""`detect --use`: a model that was found serves a tier, in one step."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.commands.context import Context
from app.errors import UserError
from app.local.using import use_edits
from app.proposal.servers import adding_by_hand
from app.providers.consent import check_askable, consent
from app.providers.reloading import reload_running
from app.settings import Settings, SettingsFile
from app.tiers.lists import sharing, tree_of
from app.tiers.naming import service_of, tier_of
from app.tiers.servers import servers_of
from app.toml.edits import Edit
from proxy.config import ServiceEntry, TierName, did_you_mean
from proxy.local.found import LocalServer, State
from proxy.local.naming import names


class NotFoundError(UserError):
    """No such server was found, or it has no such model."""

    kind = "not_found"


class NotReadyError(UserError):
    """The server cannot tell which models it has."""

    kind = "not_ready"


def take_into_use(context: Context, typed: str, tier_typed: str, *, yes: bool) -> int:
    tier, wanted = tier_of(tier_typed), service_of(typed)
    check_askable(given=yes)
    file = SettingsFile(context.home)
    settings = file.load().settings
    server, shared = _server_with(wanted, tier, servers_of(context), settings), sharing(settings, tier)

    def edits(settings: Settings, tree: Mapping[str, Any]) -> list[Edit]:
        return use_edits(server, wanted.provider, wanted.model, tier, settings, tree)

    is_reloaded, is_changed = False, bool(edits(settings, tree_of(file)))
    if is_changed:
        asked = [f"Let {wanted.name} serve {tier} before all others?", shared, _warning(server, wanted)]
        consent(" ".join(filter(None, asked)), given=yes)
        # The file may have changed while the question stood: a list made before would lose that.
        file.edit_by(edits)
        is_reloaded = reload_running(context)
    context.answer(
        _answer(tier, wanted, shared, is_changed=is_changed),
        {"tier": tier, "service": wanted.name, "changed": is_changed, "reloaded": is_reloaded},
    )
    return 0


def _answer(tier: TierName, wanted: ServiceEntry, shared: str, *, is_changed: bool) -> str:
    done = "" if is_changed else " already"
    return (
        f"{tier} asks {wanted.name}{done}. {shared}" if shared else f"{tier} asks {wanted.name} first{done}."
    )


def _server_with(
    wanted: ServiceEntry, tier: TierName, servers: Sequence[LocalServer], settings: Settings
) -> LocalServer:
    called = names(servers, settings)
    there = [each for each in servers if called[each.place] == wanted.provider]
    server = min(there, key=lambda each: each.state is State.GONE, default=None)
    if server is None:
        meant = did_you_mean(wanted.provider, called.values()) or "; `detect` shows all that were."
        raise NotFoundError(f'No model server called "{wanted.provider}" was found on this machine{meant}')
    if server.state is not State.READY:
        raise NotReadyError(
            _not_ready(server, wanted, tier, is_configured=wanted.provider in settings.providers)
        )
    if server.model(wanted.model) is None:
        meant = did_you_mean(wanted.model, (each.name for each in server.models)) or "."
        raise NotFoundError(
            f'{server.sort.label} at {server.place.url} has no model "{wanted.model}" now{meant}'
        )
    return server


def _not_ready(server: LocalServer, wanted: ServiceEntry, tier: TierName, *, is_configured: bool) -> str:
    called = f"{server.sort.label} at {server.place.url}"
    anyway = f"`tiers set {tier} {wanted.name} --first` takes it into use without asking the server"
    if server.state is State.LOADING:
        return f"{called} is loading a model and tells of none yet: ask again when it is ready."
    if server.state is State.GONE:
        return f"{called} does not answer now: start it and ask again, or {anyway}."
    if is_configured:
        return f"{called} shows its models only to who has its key: {anyway}."
    return f"{called} wants a key: `{adding_by_hand(server, wanted.provider)}` asks for it."


def _warning(server: LocalServer, wanted: ServiceEntry) -> str:
    model = server.model(wanted.model)
    if model is not None and model.is_remote:
        return "It is no local model: what it is asked leaves this machine."
    return ""
