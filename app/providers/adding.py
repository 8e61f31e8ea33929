"""`providers add`: asks, takes in the key, and writes the provider's table."""

from typing import Final

from app.commands.context import Context
from app.keyring.store import Keyring
from app.providers.carrying_out import carry_out
from app.providers.consent import check_askable, consent
from app.providers.entering import check_terminal, piped, typed
from app.providers.key_state import KeyStates
from app.providers.listing import Row
from app.providers.planning import ExistsError, Plan, exists, planned
from app.providers.reloading import reload_running
from app.providers.storing import stored_already
from app.providers.wish import KeySource, Wish, check
from app.settings import Loaded, SettingsFile
from app.toml.layout import written_path
from proxy.providers.presets import Preset, preset
from proxy.secret import Secret

_TERMS: Final = (
    "The client's own credential, such as the login of a subscription, would be passed on to its vendor. "
    "Vendors' terms of use may forbid using a subscription through another program, and an account can be "
    "closed for that. Read the terms first: it is your account."
)


def add_provider(context: Context, wish: Wish, keyring: Keyring, *, yes: bool) -> int:
    check(wish, context.environ)
    check_askable(given=yes)
    file = SettingsFile(context.home)
    plan = planned(wish, file.load().settings)
    wants_key = _wants_key(plan, wish, keyring)
    if wish.source is KeySource.CLIENT:
        context.tell(_TERMS)
    consent(_question(plan, wants_key=wants_key), given=yes)
    key = _key(plan, wish, context) if wants_key else None
    loaded = carry_out(plan, key, file, keyring)
    _answer(
        context,
        plan,
        wish,
        loaded,
        Row.of(
            plan.name,
            loaded.settings.providers[plan.name],
            KeyStates(keyring.get_blocking, context.environ),
        ),
    )
    return 0


def _wants_key(plan: Plan, wish: Wish, keyring: Keyring) -> bool:
    """Whether the user has to give a key. One that the keyring holds is used, unless it is to be replaced."""
    if not plan.stores:
        return False
    if wish.replaces or stored_already(plan.stores, keyring) is None:
        return True
    if not plan.edits:
        raise exists(plan.name)
    if wish.source is KeySource.STDIN:
        raise ExistsError(
            f"The keyring holds a key as {plan.stores} already. --replace puts yours in its place; without "
            "--key-stdin the one that is there is used."
        )
    return False


def _question(plan: Plan, *, wants_key: bool) -> str:
    if not plan.edits:
        return f"Store a key of {plan.name} in the keyring?"
    verb = "Add" if plan.is_new else "Change"
    where = "on this machine" if plan.config.is_on_this_machine else "in the cloud"
    key = (
        "with a key that you give, in the keyring"
        if wants_key
        else f"key: {', '.join(plan.config.key_forms)}"
    )
    return f"{verb} provider {plan.name} (kind {plan.config.kind}, {where}, {key})?"


def _key(plan: Plan, wish: Wish, context: Context) -> Secret:
    if wish.source is KeySource.STDIN:
        return piped()
    check_terminal()
    known = _preset_of(plan, wish)
    if known is not None:
        _tell_where_keys_are(known, context)
    return typed(f"Key for {plan.name} (not shown while you type or paste it): ")


def _tell_where_keys_are(known: Preset, context: Context) -> None:
    variable = known.key_variable
    if known.keys_at:
        context.tell(f"Keys of {known.label}: {known.keys_at}")
    if variable in context.environ:
        context.tell(f"{variable} is set in the environment; --key-env {variable} would use it from there.")


def _preset_of(plan: Plan, wish: Wish) -> Preset | None:
    """The preset that this provider was made from, or could have been."""
    found = preset(wish.preset or wish.name)
    return found if found is not None and found.kind == plan.config.kind else None


def _answer(context: Context, plan: Plan, wish: Wish, loaded: Loaded, row: Row) -> None:
    notices = _about(plan.name, loaded)
    is_reloaded = reload_running(context)
    if not context.json:
        for notice in notices:
            context.tell(notice)
    context.answer(
        _written(plan, wish, row),
        {"provider": row.as_json(), "added": plan.is_new, "reloaded": is_reloaded, "notices": notices},
    )


def _written(plan: Plan, wish: Wish, row: Row) -> str:
    verb = "added" if plan.is_new else "changed"
    known = _preset_of(plan, wish)
    example = f", such as {plan.name}/{known.models[0]}" if known is not None and known.models else ""
    next_step = row.missing or f"Its models are called {plan.name}/MODEL{example}."
    return f"{plan.name} is {verb} ({row.kind}, {row.where}; key: {row.key_words}). {next_step}"


def _about(name: str, loaded: Loaded) -> list[str]:
    """What the configuration has to remark about this provider."""
    table = written_path(("providers", name))
    return [str(each) for each in loaded.notices if each.key == table or each.key.startswith(f"{table}.")]
