"""Providers to choose from when one is added: what they are called, where they are, where a key comes from.

A list without an order of merit: it is sorted by label, and nobody pays to stand in it.
"""

import tomllib
from functools import lru_cache

import msgspec
from msgspec import Struct

from proxy.config import KINDS_OF_LOCAL_SERVERS, ProviderKind
from resources import resource

_TABLE = "presets.toml"


class Preset(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One provider as a form is filled in with it."""

    id: str
    label: str
    kind: ProviderKind
    base_url: str = ""
    """Empty: the kind's own, or the account's, which only its owner knows."""
    keys_at: str = ""
    """The vendor's page about keys, or about the server where it needs none."""
    key_variable: str = ""
    """The environment variable that a key is usually kept in."""
    models: tuple[str, ...] = ()
    """A few to begin with; the first is good for a try."""
    about: str

    @property
    def is_local(self) -> bool:
        """Whether it is a server on this machine, unless its address says otherwise."""
        return self.kind in KINDS_OF_LOCAL_SERVERS


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    preset: tuple[Preset, ...]


@lru_cache(maxsize=1)
def presets() -> tuple[Preset, ...]:
    table = tomllib.loads(resource(_TABLE).read_text(encoding="utf-8"))
    return tuple(sorted(msgspec.convert(table, _Table).preset, key=lambda preset: preset.label.casefold()))


def preset(id: str) -> Preset | None:  # noqa: A002 -- the word of the domain
    return next((each for each in presets() if each.id == id), None)
