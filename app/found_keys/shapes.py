"""How keys lie in a file, as data: by the names of environment variables, or in entries for each vendor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.found_keys.owners import Owner, host_elsewhere, owner
from app.found_keys.plausible import is_key, shown
from app.found_keys.trees import Path, at, nodes, text_at
from app.found_keys.vendors import ADDRESSES, preset_called, variables
from proxy.secret import Secret

Said: TypeAlias = tuple[Path, tuple[str, ...]]
"""A place in a file, and the words that may stand there; the empty one: it may be missing."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A key in a place that is being looked through."""

    owner: Owner
    secret: Secret
    name: str
    """What it is called there: the variable, or the entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """A table whose names are those of environment variables."""

    at: Path = ()
    only: Said | None = None
    """What the file must say if its user has a key of their own, and no login."""
    unless: Path = ()
    """What is there if its user is logged in."""
    addressed: tuple[str, ...] = ()
    """Vendors whose keys the client sends to somebody else unless it is told an address."""

    def keys(self, tree: Any) -> Iterator[Lying]:
        if not _says(tree, self.only) or (self.unless and at(tree, self.unless)):
            return
        for table in self._tables(tree):
            for name, preset in variables().items():
                secret, address = _secret(table.get(name)), _address(table, preset)
                if secret is None or (preset in self.addressed and not address):
                    continue
                if (found := owner(preset, address, secret)) is not None:
                    yield Lying(found, secret, name)

    def elsewhere(self, tree: Any) -> Iterator[tuple[str, str]]:
        """Vendors that are spoken to at another host, with keys that lie elsewhere, and these hosts."""
        for table in self._tables(tree):
            with_key = {preset for name, preset in variables().items() if _secret(table.get(name))}
            for preset in ADDRESSES.keys() - with_key:
                if host := host_elsewhere(preset, _address(table, preset)):
                    yield preset, host

    def _tables(self, tree: Any) -> Iterator[Mapping[str, Any]]:
        yield from (table for _, table in nodes(tree, self.at) if isinstance(table, Mapping))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Tables or list items, one for each vendor."""

    at: Path
    key: Path
    address: Path = ()
    provider: Path = ()
    """Where the vendor is named; else the entry's own name is believed."""
    only: Said | None = None
    """What an entry must say to hold a key, and not a login."""
    addressed: tuple[str, ...] = ()
    """As with variables."""

    def keys(self, tree: Any) -> Iterator[Lying]:
        for name, entry in nodes(tree, self.at):
            secret, address, named = self._in(name, entry)
            if secret is None or not _says(entry, self.only) or (named in self.addressed and not address):
                continue
            if (found := owner(named, address, secret)) is not None:
                yield Lying(found, secret, shown(name or text_at(entry, self.provider)))

    def elsewhere(self, tree: Any) -> Iterator[tuple[str, str]]:
        for name, entry in nodes(tree, self.at):
            secret, address, named = self._in(name, entry)
            if secret is None and (host := host_elsewhere(named, address)):
                yield named, host

    def _in(self, name: str, entry: Any) -> tuple[Secret | None, str, str]:
        """Key, address and vendor of one entry."""
        called = text_at(entry, self.provider) if self.provider else name
        return _secret(at(entry, self.key)), text_at(entry, self.address), preset_called(called)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointers:
    """Entries that hold no key: they say which variable holds it, and to which address it goes."""

    address: Path
    at: Path = ()
    variable: Path = ()
    usual: str = ""
    """The variable where none is said."""

    def keys(self, _tree: Any) -> Iterator[Lying]:
        yield from ()

    def elsewhere(self, tree: Any) -> Iterator[tuple[str, str]]:
        for _, entry in nodes(tree, self.at):
            named = variables().get(text_at(entry, self.variable) or self.usual, "")
            if host := host_elsewhere(named, text_at(entry, self.address)):
                yield named, host


Shape: TypeAlias = Variables | Entries | Pointers


def _says(tree: Any, said: Said | None) -> bool:
    return said is None or text_at(tree, said[0]) in said[1]


def _address(table: Mapping[str, Any], preset: str) -> str:
    """Where the keys of a vendor go, by the variables beside them."""
    return next((found for each in ADDRESSES.get(preset, ()) if (found := text_at(table, (each,)))), "")


def _secret(value: Any) -> Secret | None:
    if not isinstance(value, str) or not is_key(value.strip()):
        return None
    return Secret(value.strip())
