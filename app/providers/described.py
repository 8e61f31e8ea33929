"""The table of a new provider, from a preset or a kind and what the user said beside it."""

from collections.abc import Mapping
from typing import Any, Final

from app.errors import UsageError
from app.providers.base_url import normalised
from app.providers.wish import KeySource, Wish
from proxy.config import PROVIDER_KINDS, did_you_mean
from proxy.providers.kinds import KINDS
from proxy.providers.presets import Preset, preset, presets

_DETAILS: Final[Mapping[str, frozenset[str]]] = {
    "region": frozenset({"bedrock"}),
    "project": frozenset({"vertex"}),
    "location": frozenset({"vertex"}),
    "api_version": frozenset({"azure-openai", "azure-anthropic"}),
}
"""Keys of the table that only some kinds understand."""


def details_of(kind: str) -> tuple[str, ...]:
    """What providers of this kind can be told, and most others cannot."""
    return tuple(key for key, kinds in _DETAILS.items() if kind in kinds)


def described(wish: Wish) -> dict[str, Any]:
    """The table as it will stand in the file, without what is so by default."""
    base = None if wish.kind else _preset(wish)
    kind = base.kind if base is not None else wish.kind
    _check_details(kind, wish.details)
    address = normalised(kind, wish.base_url) if wish.base_url else base.base_url if base is not None else ""
    if KINDS[kind].needs_address and not address:
        hint = f" {base.label}: {base.about}" if base is not None else ""
        raise UsageError(
            f"Providers of kind {kind} have no common address: name yours with --base-url.{hint}"
        )
    table: dict[str, Any] = {"kind": kind}
    if address:
        table["base_url"] = address
    if wish.source is not KeySource.UNSAID or wish.label or KINDS[kind].needs_key:
        table["key"] = wish.key_form
    return {**table, **wish.details}


def _preset(wish: Wish) -> Preset:
    called = wish.preset or wish.name
    found = preset(called)
    if found is None:
        meant = did_you_mean(called, [each.id for each in presets()])
        raise UsageError(
            f'There is no preset "{called}"{meant or "."} `providers list --presets` shows all of them; for '
            f"another provider say its kind: --kind with one of {', '.join(PROVIDER_KINDS)}."
        )
    return found


def _check_details(kind: str, details: Mapping[str, str]) -> None:
    for key in details:
        if kind not in _DETAILS[key]:
            kinds = " and ".join(sorted(_DETAILS[key]))
            raise UsageError(f"--{key.replace('_', '-')} means nothing to kind {kind}, only to {kinds}.")
