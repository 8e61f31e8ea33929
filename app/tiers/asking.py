"""Which of the keys that were found may be used, and from where."""

import sys
from collections.abc import Callable, Iterable
from enum import Enum
from typing import TypeAlias

from app import speech
from app.found_keys.found_key import FoundKey
from proxy.providers.presets import preset

_YES = frozenset({"y", "yes"})
_NO = frozenset({"n", "no"})
_KEYRING = frozenset({"k", "keyring"})


class KeyUse(Enum):
    """What the flags say of keys."""

    ASK = "ask"
    WHERE_THEY_ARE = "where they are"
    """Those of the environment stay there; others would have to be copied, and are not used."""
    IMPORT = "import"
    NONE = "none"


Obstacle: TypeAlias = Callable[[], str]
"""Why nothing can be copied into the keyring; empty: it can."""


def usable(keys: Iterable[FoundKey], use: KeyUse) -> list[FoundKey]:
    """The keys that may be used, each as it will be; without a word about any."""
    match use:
        case KeyUse.IMPORT:
            return [key.in_keyring() for key in keys]
        case KeyUse.NONE:
            return []
        case KeyUse.WHERE_THEY_ARE:
            return [key for key in keys if key.variable]
        case KeyUse.ASK:
            return list(keys)


def asked(keys: Iterable[FoundKey], obstacle: Obstacle) -> list[FoundKey]:
    """The keys that somebody at the terminal wants used."""
    return [wanted for key in keys if (wanted := _asked(key, obstacle)) is not None]


def _asked(key: FoundKey, obstacle: Obstacle) -> FoundKey | None:
    known = preset(key.provider)
    label = known.label if known is not None else key.provider
    if not key.variable:
        speech.remark(f"\nCopy the key of {label} ({key.where}) into the keyring and use it? [y/N]")
        return _copied(key, None, obstacle) if _answer() in _YES else None
    speech.remark(
        f"\nUse the key of {label} from {key.where}? It stays there, where Tierwise has to find it whenever "
        "it starts; k copies it into the keyring. [Y/n/k]"
    )
    answer = _answer()
    if answer in _KEYRING:
        return _copied(key, key, obstacle)
    return None if answer in _NO else key


def _copied(key: FoundKey, otherwise: FoundKey | None, obstacle: Obstacle) -> FoundKey | None:
    """Told at once where it cannot be, and not after all other questions."""
    why_not = obstacle()
    if not why_not:
        return key.in_keyring()
    so = "it is used from where it is" if otherwise is not None else "it is not used"
    speech.remark(f"{why_not} So {so}.")
    return otherwise


def _answer() -> str:
    line = sys.stdin.readline()
    return line.strip().casefold() if line else "n"
