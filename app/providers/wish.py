"""What the user wants added, as the command line says it, checked for what can be judged from it alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from app.errors import UsageError

_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LABEL: Final = re.compile(r"[^\s/:][^/:\n]*")
_LIKELY_A_KEY: Final = re.compile(r"(?=.*[a-z])(?=.*[0-9]).{20,}|.{40,}")
"""Letters and digits as keys have them: names of variables are short, or all in capitals."""


class KeySource(Enum):
    """Where the key comes from."""

    UNSAID = "unsaid"
    STDIN = "stdin"
    ENVIRONMENT = "environment"
    NONE = "none"
    CLIENT = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One call of `providers add`."""

    name: str
    kind: str = ""
    preset: str = ""
    base_url: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    """region, project and the like: keys of the table that only some kinds have."""
    source: KeySource = KeySource.UNSAID
    variable: str = ""
    label: str = ""
    replaces: bool = False
    replaced: str = ""
    """The key, as config.toml names it, in whose place this one comes; empty: in the place of all."""
    is_there: bool = False
    """Whether the provider is meant to be there. If it is not any more, none is made of its name."""

    @property
    def describes_provider(self) -> bool:
        """Whether it says more than where a key is."""
        return bool(self.kind or self.preset or self.base_url or self.details)

    @property
    def key_form(self) -> str:
        """The key as config.toml names it."""
        match self.source:
            case KeySource.ENVIRONMENT:
                return f"env:{self.variable}"
            case KeySource.NONE:
                return "none"
            case KeySource.CLIENT:
                return "client"
            case _:
                return f"keyring:{self.label}" if self.label else "keyring"


def check(wish: Wish, environ: Mapping[str, str]) -> None:
    """UsageError where a part of the wish makes no sense. What may be a key is never repeated."""
    if wish.label and not (_LABEL.fullmatch(wish.label) and wish.label.isprintable()):
        raise UsageError("--label: a label contains no slash and no colon, and does not begin with a space.")
    if wish.label and wish.source not in (KeySource.UNSAID, KeySource.STDIN):
        raise UsageError("--label names a key in the keyring, and this one would not be there; leave it out.")
    if wish.source is KeySource.ENVIRONMENT:
        _check_variable(wish.variable, environ)


def is_variable(name: str) -> bool:
    """Whether an environment variable can be called so."""
    return _VARIABLE.fullmatch(name) is not None


def _check_variable(variable: str, environ: Mapping[str, str]) -> None:
    may_be_a_key = variable not in environ and _LIKELY_A_KEY.fullmatch(variable)
    if may_be_a_key or not is_variable(variable):
        raise UsageError(
            "--key-env wants the name of an environment variable, such as ANTHROPIC_API_KEY, and not a key. "
            "If it was one: it may be in the history of your shell now, so better make a new one."
        )
