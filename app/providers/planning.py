"""From what the user wants to what is done: which keys of config.toml change, and which secret is needed.

Nothing happens here. A name that is new gets a table of its own. One that is there already gets a further
key, or with --replace another key, or a new table where the wish describes the provider anew.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from app.errors import UsageError, UserError
from app.providers.described import described
from app.providers.known import unknown
from app.providers.wish import KeySource, Wish
from app.settings import Settings
from app.toml.edits import Assign, Edit, Remove
from app.toml.layout import written_path
from proxy.config import ProviderConfig, secret_name
from proxy.providers.provider import Provider

_KINDS_FOR_CLIENTS_OWN: Final = frozenset({"anthropic", "openai"})


class ExistsError(UserError):
    """The name is taken, and the wish is neither a further key nor a replacement."""

    kind = "exists"


class KeysChangedError(UserError):
    """The provider's keys are not what they were when the wish was made; nothing was changed."""

    kind = "keys_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done for one provider."""

    wish: Wish
    name: str
    config: ProviderConfig
    """The provider as it will be."""
    edits: tuple[Edit, ...]
    stores: str = ""
    """Name of the secret to be stored; empty: none is."""
    drops: tuple[str, ...] = ()
    """Names of secrets that nothing names any more."""
    is_new: bool = False


def planned(wish: Wish, settings: Settings) -> Plan:
    """What the wish means for these settings; UsageError or ExistsError where it cannot be."""
    existing = settings.providers.get(wish.name)
    if existing is None and wish.is_there:
        raise unknown(wish.name, settings.providers)
    if existing is None or (wish.replaces and wish.describes_provider):
        plan = _table(wish, existing)
    elif wish.describes_provider:
        raise ExistsError(
            f"There is a provider {wish.name} already. --replace describes it anew; a further key (--label, "
            "--key-env) takes no other flags."
        )
    else:
        plan = _other_key(wish, existing) if wish.replaces else _further_key(wish, existing)
    _check(plan)
    return plan


def planned_anew(plan: Plan, settings: Settings) -> Plan:
    """For settings that are others by now: what somebody else put there meanwhile stays beside it."""
    now = planned(plan.wish, settings)
    if (now.stores, now.is_new) != (plan.stores, plan.is_new):
        raise KeysChangedError(f"{plan.name} was changed meanwhile, so nothing was done. Look at it again.")
    return now


def _table(wish: Wish, existing: ProviderConfig | None) -> Plan:
    table = described(wish)
    config = msgspec.convert(table, ProviderConfig)
    path = ("providers", wish.name)
    return Plan(
        wish=wish,
        name=wish.name,
        config=config,
        edits=(Assign(path, table),),
        stores=_stored(wish, table.get("key", "none")),
        drops=_dropped(wish.name, existing, config) if existing is not None else (),
        is_new=existing is None,
    )


def _further_key(wish: Wish, existing: ProviderConfig) -> Plan:
    form, forms = wish.key_form, existing.key_forms
    if wish.is_there:
        _check_free(form, wish.name, forms)
    if form in forms and _stored(wish, form):
        return Plan(wish=wish, name=wish.name, config=existing, edits=(), stores=_stored(wish, form))
    says_which = wish.label or wish.source in (KeySource.STDIN, KeySource.ENVIRONMENT)
    if form in forms or not says_which:
        raise exists(wish.name)
    return _with_keys(wish, existing, (*(each for each in forms if each != "none"), form))


def _other_key(wish: Wish, existing: ProviderConfig) -> Plan:
    form, forms = wish.key_form, existing.key_forms
    if wish.replaced and wish.replaced not in forms:
        raise KeysChangedError(f"{wish.name} no longer has the key that was to be replaced.")
    if wish.replaced and wish.replaced != form:
        _check_free(form, wish.name, forms)
        return _with_keys(wish, existing, tuple(form if each == wish.replaced else each for each in forms))
    if form in forms:
        return Plan(wish=wish, name=wish.name, config=existing, edits=(), stores=_stored(wish, form))
    return _with_keys(wish, existing, (form,))


def _check_free(form: str, name: str, forms: tuple[str, ...]) -> None:
    """One that came meanwhile is not overwritten."""
    if form in forms:
        raise KeysChangedError(f"{name} has a key of that name by now. Look at its keys again.")


def _with_keys(wish: Wish, existing: ProviderConfig, forms: tuple[str, ...]) -> Plan:
    one, several = ("providers", wish.name, "key"), ("providers", wish.name, "keys")
    if len(forms) == 1:
        config = msgspec.structs.replace(existing, key=forms[0], keys=())
        edits: tuple[Edit, ...] = (Assign(one, forms[0]), Remove(several))
    else:
        config = msgspec.structs.replace(existing, key=None, keys=forms)
        edits = (Assign(several, list(forms)), Remove(one))
    return Plan(
        wish=wish,
        name=wish.name,
        config=config,
        edits=edits,
        stores=_stored(wish, wish.key_form),
        drops=_dropped(wish.name, existing, config),
    )


def _stored(wish: Wish, form: str) -> str:
    """The name of the secret that this form needs in the keyring; empty where it needs none there."""
    return secret_name(form, wish.name) or "" if form.startswith("keyring") else ""


def _dropped(name: str, former: ProviderConfig, config: ProviderConfig) -> tuple[str, ...]:
    kept = stored_names(name, config)
    return tuple(secret for secret in stored_names(name, former) if secret not in kept)


def stored_names(name: str, config: ProviderConfig) -> tuple[str, ...]:
    """The entries of the keyring that belong to a provider."""
    return tuple(secret for secret in config.secret_names(name) if not secret.startswith("env:"))


def _check(plan: Plan) -> None:
    about_all = Settings(providers={plan.name: plan.config}).findings()
    for finding in (*about_all, *plan.config.findings()):
        if finding.severity == "error":
            raise UsageError(f"{written_path(finding.path)}: {finding.message}.")
    if "client" in plan.config.key_forms:
        _check_clients_own(plan)


def _check_clients_own(plan: Plan) -> None:
    is_official = Provider(plan.name, plan.config).is_official
    if plan.config.kind not in _KINDS_FOR_CLIENTS_OWN or not is_official:
        raise UsageError(
            "--client-key: a client's own credential goes to its vendor's own host only, so it needs kind "
            "anthropic or openai without another --base-url."
        )


def exists(name: str) -> ExistsError:
    return ExistsError(
        f"There is a provider {name} already, and it has that key. --label NAME or --key-env VARIABLE adds a "
        "further key, --replace puts another one in its place."
    )
