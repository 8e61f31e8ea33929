"""Long secrets in a keyring whose entries are short.

The Windows Credential Locker takes 2,560 bytes per entry, and an OAuth token can be longer. A long
secret becomes pieces in entries of their own, and the entry of its name becomes a head that says how
many there are, in which of two generations (`a`, `b`), and their digest:

    provider/x      "tierwise-pieces:1:b:3:<sha256>"
    provider/x#b0   first piece      provider/x#b1 ...

A write fills the generation that the head does not name, then replaces the head in one step, then
removes the other generation. A crash before that step leaves the old value, a crash after it the new
one. What a crash leaves over is found again: the entries of a generation are always numbered without
a gap, because they are written upwards and removed downwards.

Pieces are base64, so that no backend's idea of text (UTF-16 halves, byte order marks, NUL) can alter
them. Short secrets stay as they are, readable in the system's own password application.
"""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode

from app.keyring.entries import Entries
from app.keyring.state import UnusableSecretError
from proxy.secret import Secret

_HEAD = re.compile(r"tierwise-pieces:1:(?P<generation>[ab]):(?P<count>\d+):(?P<digest>[0-9a-f]{64})")
_MARK = "tierwise-pieces:"
_GENERATIONS = ("a", "b")
_READS = 3


class SplitEntries:
    """Secrets of any length over entries of at most `limit` UTF-16 units."""

    def __init__(self, entries: Entries, limit: int) -> None:
        self._entries = entries
        self._limit = limit

    def read(self, name: str) -> Secret | None:
        # A writer in another process may replace the pieces between our reading of head and pieces.
        for _ in range(_READS):
            head = self._entries.read(name)
            if head is None or not head.reveal().startswith(_MARK):
                return head
            secret = self._joined(name, head)
            if secret is not None:
                return secret
        raise UnusableSecretError(f"The keyring entry {name} is damaged. Enter the secret again.")

    def write(self, name: str, secret: Secret) -> None:
        current = self._generation(self._entries.read(name))
        if self._fits(secret.reveal()):
            self._entries.write(name, secret)
            kept = 0
        else:
            current = "b" if current == "a" else "a"
            kept = self._write_pieces(name, current, secret)
        for generation in _GENERATIONS:
            self._remove_pieces(name, generation, first=kept if generation == current else 0)

    def remove(self, name: str) -> None:
        self._entries.remove(name)
        for generation in _GENERATIONS:
            self._remove_pieces(name, generation, first=0)

    def _fits(self, text: str) -> bool:
        # An empty entry, one that begins with a byte order mark and one that looks like a head would
        # not come back as they went in.
        plain = bool(text) and text[0] not in "\ufeff\ufffe" and not text.startswith(_MARK)
        return plain and len(text.encode("utf-16-le")) <= 2 * self._limit

    def _write_pieces(self, name: str, generation: str, secret: Secret) -> int:
        pieces = self._pieces(secret)
        for number, piece in enumerate(pieces):
            self._entries.write(f"{name}#{generation}{number}", piece)
        self._entries.write(name, Secret(f"{_MARK}1:{generation}:{len(pieces)}:{_digest(secret)}"))
        return len(pieces)

    def _pieces(self, secret: Secret) -> list[Secret]:
        coded = b64encode(secret.reveal().encode()).decode("ascii")
        return [Secret(coded[start : start + self._limit]) for start in range(0, len(coded), self._limit)]

    def _joined(self, name: str, head: Secret) -> Secret | None:
        match = _HEAD.fullmatch(head.reveal())
        if match is None:
            return None
        pieces = []
        for number in range(int(match["count"])):
            piece = self._entries.read(f"{name}#{match['generation']}{number}")
            if piece is None:
                return None
            pieces.append(piece)
        secret = _decoded(pieces)
        whole = secret is not None and hmac.compare_digest(_digest(secret), match["digest"])
        return secret if whole else None

    def _remove_pieces(self, name: str, generation: str, *, first: int) -> None:
        end = first
        while self._entries.read(f"{name}#{generation}{end}") is not None:
            end += 1
        for number in reversed(range(first, end)):
            self._entries.remove(f"{name}#{generation}{number}")

    @staticmethod
    def _generation(head: Secret | None) -> str | None:
        match = _HEAD.fullmatch(head.reveal()) if head is not None else None
        return match["generation"] if match else None


def _digest(secret: Secret) -> str:
    return hashlib.sha256(secret.reveal().encode()).hexdigest()


def _decoded(pieces: list[Secret]) -> Secret | None:
    try:
        return Secret(b64decode("".join(piece.reveal() for piece in pieces), validate=True).decode())
    except ValueError:  # not base64, or not UTF-8: another program wrote here
        return None
