"""Every name in the record is kept once, and rows hold its number."""

import sqlite3
from collections.abc import Iterable

from proxy.config import TIER_NAMES
from proxy.exchange import Origin, Outcome, Purpose, Surface

_LONGEST = 200

FIXED: tuple[str, ...] = (*Origin, *Outcome, *Purpose, *Surface, *TIER_NAMES)
"""The words of closed sets, numbered from 1 by their place. Only a migration adds one to an older file."""

NUMBER = {word: number for number, word in enumerate(dict.fromkeys(FIXED), start=1)}
NOBODY = 0
"""Stands where a summary has no name: an exchange that nobody served, or that no tier was chosen for."""


class Words(dict[str | None, int | None]):
    """The numbers of words, for the one thread that writes: `words[word]`, and None for no word.

    A new word is added to the table, so after a transaction that was undone they must be loaded again.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection
        self.load()

    def load(self) -> None:
        self.clear()
        self[None] = None
        self.update(self._connection.execute("select word, id from words"))

    def __missing__(self, word: str) -> int:
        stored = _storable(word)
        known = self.get(stored)
        if known is None:
            cursor = self._connection.execute("insert into words (word) values (?)", (stored,))
            known = self[stored] = int(cursor.lastrowid or 0)
        return known


def _storable(word: str) -> str:
    """Clients may name any model; what of it no database can hold is replaced, and so is what is too long."""
    return word[:_LONGEST].encode("utf-8", "replace").decode()


def all_words(connection: sqlite3.Connection) -> dict[int, str]:
    return dict(connection.execute("select id, word from words"))


def numbers_of(connection: sqlite3.Connection, words: Iterable[str]) -> dict[str, int]:
    """Of those that are known; nothing in the record has another one."""
    stored = {word: _storable(word) for word in words}
    marks = ", ".join("?" * len(stored))
    question = f"select word, id from words where word in ({marks})"  # noqa: S608 -- only marks are put in
    found = dict(connection.execute(question, list(stored.values())))
    return {word: found[as_stored] for word, as_stored in stored.items() if as_stored in found}
