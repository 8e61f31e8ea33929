"""Takes a provider away: asks first, says what still names it, and can put its table back."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from app.desk.desk import Desk
from app.providers.coming_back import come_back, table_of
from app.providers.mentions import mentions
from app.toml.layout import written_path
from proxy.config import ProviderConfig
from ui.frame.page import Host, Undo
from ui.windows.providers.words import gone, several, tr

_MOST_NAMED = 5


async def removed(desk: Desk, host: Host, name: str) -> bool:
    """Whether it is gone."""
    config = desk.settings.providers.get(name)
    if config is None:
        host.say(gone(name))
        return False
    named_by = [written_path(path) for path in mentions(desk.settings, name)]
    question = tr("Remove %1?", name)
    if not await host.confirmed(question, consequence(config, named_by), tr("Remove")):
        return False
    table = await asyncio.to_thread(table_of, name, desk.program.file)
    outcome = await desk.providers.remove(name)
    done = _done(name, config, outcome.still_named_by)
    host.say(done, None if table is None else _undo(desk, host, name, table, config))
    return True


def consequence(config: ProviderConfig, named_by: Sequence[str]) -> str:
    """What follows from it, in sentences."""
    told = [tr("Its table is taken out of config.toml.")]
    if has_stored_keys(config):
        told.append(tr("Its keys are taken out of the keyring, and cannot be brought back from here."))
    if named_by:
        told.append(tr("These still name it, and go without it: %1.", _listed(named_by)))
    return " ".join(told)


def has_stored_keys(config: ProviderConfig) -> bool:
    return any(form.partition(":")[0] == "keyring" for form in config.key_forms)


def _done(name: str, config: ProviderConfig, left: Sequence[str]) -> str:
    told = [tr("%1 is removed.", name)]
    if has_stored_keys(config):
        told.append(tr("Its keys are gone from the keyring: to use it again, paste them anew."))
    if left:
        told.append(
            several(len(left), "%1 place still names it: %2.", "%1 places still name it: %2.", _listed(left))
        )
    return " ".join(told)


def _listed(paths: Sequence[str]) -> str:
    shown = ", ".join(paths[:_MOST_NAMED])
    more = len(paths) - _MOST_NAMED
    return shown if more <= 0 else tr("%1 and %2 more", shown, str(more))


def _undo(desk: Desk, host: Host, name: str, table: Mapping[str, Any], config: ProviderConfig) -> Undo:
    async def undo() -> None:
        await asyncio.to_thread(come_back, name, table, desk.program.file)
        await desk.write()  # nothing more; what the file says now is in force then
        told = [tr("%1 is there again.", name)]
        if has_stored_keys(config):
            told.append(tr("Its keys are gone from the keyring: paste them anew."))
        host.say(" ".join(told))

    return undo
