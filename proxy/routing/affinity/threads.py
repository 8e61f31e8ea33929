"""What a pin belongs to: one line of talk within a client's session."""

from dataclasses import dataclass
from hashlib import blake2b

_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Thread:
    """The client's session, and within it one of its agents."""

    route: str
    client: str
    session: str
    """Empty where nothing tells conversations apart; such a thread is never remembered."""
    agent: str = "main"

    @property
    def key(self) -> bytes:
        """It stands for the thread wherever something is kept, so that no session's id is."""
        return digest(self.route, self.client, self.session, self.agent)


def digest(*words: str) -> bytes:
    """Of words of any content: no other list of words has this one, wherever its words are cut."""
    hashed = blake2b(digest_size=_DIGEST_BYTES)
    for word in words:
        spelled = word.encode("utf-8", "surrogatepass")
        hashed.update(len(spelled).to_bytes(8, "big") + spelled)
    return hashed.digest()
