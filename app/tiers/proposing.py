"""`tiers propose`: shows what fits this machine, and writes it if that is wanted, all of it in one step."""

from collections.abc import Callable, Sequence
from functools import cache

from app.commands.context import Context
from app.found_keys.found_key import FoundKey
from app.keyring.state import KeyringUnavailableError
from app.keyring.store import Keyring
from app.proposal.here import keys_here, proposal_with
from app.proposal.proposal import Proposal
from app.proposal.written import in_words
from app.providers.carrying_out import drop
from app.providers.consent import consent, somebody_is_there
from app.providers.reloading import reload_running
from app.settings import SettingsFile
from app.tiers.asking import KeyUse, asked, usable
from app.tiers.servers import servers_and_speeds
from app.tiers.telling import how_to_go_on, shown, told_as_written, with_unused
from app.tiers.undoing import Before
from app.tiers.writing import written

_PROBE = "probe"
"""No secret has that name: reading it tells whether the keyring answers."""


def propose(context: Context, use: KeyUse, keyring: Keyring, *, yes: bool) -> int:
    file = SettingsFile(context.home)
    loaded = file.load()
    servers, speeds = servers_and_speeds(context)
    found = keys_here(loaded.settings, context.environ)

    def proposed(keys: Sequence[FoundKey]) -> Proposal:
        return proposal_with(keys, context.home, loaded.settings, servers, speeds)

    made = first = proposed(usable(found, use))
    if use is KeyUse.WHERE_THEY_ARE:
        made = with_unused(made, proposed(usable(found, KeyUse.IMPORT)))
    if not yes and not context.json and somebody_is_there():
        made = _talked_over(context, made, use, keyring, proposed)
    elif not yes:
        return shown(context, made, how_to_go_on(made, use))
    if not made.is_new:
        return shown(context, made, "Nothing was changed." if first.is_new else in_words(made))
    consent("\nWrite this to config.toml?", given=yes)
    outcome = written(made, loaded, file, context.home, keyring)
    told_as_written(context, made, outcome, reload_running(context))
    return 0


def undo(context: Context, keyring: Keyring, *, yes: bool) -> int:
    before = Before(context.home)
    names = before.check()
    keys = " and take its keys out of the keyring" if names else ""
    consent(f"Put config.toml back as it was before the proposal{keys}?", given=yes)
    before.put_back()
    is_reloaded = reload_running(context)
    drop("the proposal", names, keyring)
    context.answer("config.toml is as it was before the proposal.", {"undone": True, "reloaded": is_reloaded})
    return 0


def _talked_over(
    context: Context,
    made: Proposal,
    use: KeyUse,
    keyring: Keyring,
    proposed: Callable[[Sequence[FoundKey]], Proposal],
) -> Proposal:
    """The proposal with those of its keys that may be used; others are not asked about."""
    if made.is_new:
        context.tell(in_words(made))
    if use is not KeyUse.ASK:
        return made
    used = [new.key for new in made.providers if new.key is not None]
    other = proposed(asked(used, cache(lambda: _obstacle(keyring))))
    if other.is_new and in_words(other) != in_words(made):
        context.tell(f"\nSo it would be\n\n{in_words(other)}")
    return other


def _obstacle(keyring: Keyring) -> str:
    """Why the keyring takes nothing; empty: it may."""
    try:
        keyring.get_blocking(_PROBE)
    except KeyringUnavailableError as error:
        return str(error)
    return ""
