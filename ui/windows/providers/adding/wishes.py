"""From what stands in the form to a wish, and what is wrong with it, field by field, in sentences."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from app.errors import UsageError
from app.providers.base_url import normalised
from app.providers.described import details_of
from app.providers.wish import KeySource, Wish, is_variable
from proxy.providers.kinds import KINDS
from proxy.secret import Secret
from ui.windows.providers.adding.choices import Choice
from ui.windows.providers.key_text import why_no_key
from ui.windows.providers.words import sentence, tr

Field = Literal["name", "address", "detail", "variable", "key"]

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
_NEEDED: Final = frozenset({"project"})
"""A region may be told by the environment instead."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The form."""

    name: str
    address: str
    source: KeySource
    variable: str
    key: Secret
    details: Mapping[str, str] = field(default_factory=dict)


def sources(choice: Choice) -> tuple[KeySource, ...]:
    """Where its key can be, the usual place first."""
    kind = KINDS[choice.kind]
    stored, variable, none = KeySource.STDIN, KeySource.ENVIRONMENT, KeySource.NONE
    if kind.is_local:
        return (none, stored, variable)
    if kind.has_chain:
        return (KeySource.UNSAID, stored, variable)
    if choice.kind in ("anthropic", "openai") and not choice.base_url:
        return (stored, variable, KeySource.CLIENT)
    return (stored, variable, none)


def problems(choice: Choice, filled: Filled, taken: Collection[str]) -> dict[Field, str]:
    """Empty where it can be tried."""
    found: dict[Field, str] = {
        "name": _of_name(filled.name, taken),
        "address": _of_address(choice, filled.address),
        "detail": _of_details(choice, filled.details),
        "variable": _of_variable(filled) if filled.source is KeySource.ENVIRONMENT else "",
        "key": why_no_key(filled.key) if filled.source is KeySource.STDIN else "",
    }
    return {name: told for name, told in found.items() if told}


def wish(choice: Choice, filled: Filled) -> Wish:
    return Wish(
        name=filled.name,
        preset=choice.preset,
        kind="" if choice.preset else choice.kind,
        base_url=filled.address,
        details={key: value for key, value in filled.details.items() if value},
        source=filled.source,
        variable=filled.variable if filled.source is KeySource.ENVIRONMENT else "",
    )


def _of_name(name: str, taken: Collection[str]) -> str:
    if not name:
        return tr("Give it a name: tiers and the record call it so.")
    if not _NAME.fullmatch(name):
        return tr("A name has small letters, digits, dots, dashes and underscores only.")
    if name in taken:
        return tr("There is a provider %1 already. Give this one another name.", name)
    return ""


def _of_address(choice: Choice, address: str) -> str:
    if not address:
        return tr("This one has an address of its own: paste it here.") if choice.needs_address else ""
    try:
        normalised(choice.kind, address)
    except UsageError as error:
        return sentence(str(error).removeprefix("--base-url:").strip())
    return ""


def _of_details(choice: Choice, details: Mapping[str, str]) -> str:
    missing = [each for each in details_of(choice.kind) if each in _NEEDED and not details.get(each)]
    return tr("It cannot be asked without its %1.", missing[0]) if missing else ""


def _of_variable(filled: Filled) -> str:
    if is_variable(filled.variable):
        return ""
    return tr("The name of the variable is wanted, such as OPENAI_API_KEY, and not the key.")
