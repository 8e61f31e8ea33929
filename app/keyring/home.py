"""What one home keeps in the keyring for itself.

The keyring is the user's, and every home of theirs shares it. Provider keys are meant to be shared;
tokens and the before-values of client settings belong to one home, and carry its mark in their names.
"""

from collections.abc import Callable

from app.home import Home
from app.keyring.store import READ_TIMEOUT, WRITE_TIMEOUT, Keyring
from proxy.secret import Secret


class HomeKeyring:
    """The keyring, seen from one home. `answered` is called whenever the keyring did what it was asked."""

    def __init__(self, keyring: Keyring, home: Home, answered: Callable[[], None]) -> None:
        self._keyring = keyring
        self._mark = f"home-{home.mark}/" if home.mark else ""
        self._answered = answered

    async def get(self, name: str, timeout: float = READ_TIMEOUT) -> Secret | None:
        secret = await self._keyring.get(self._mark + name, timeout)
        self._answered()
        return secret

    async def put(self, name: str, secret: Secret, timeout: float = WRITE_TIMEOUT) -> None:
        await self._keyring.put(self._mark + name, secret, timeout)
        self._answered()

    async def delete(self, name: str, timeout: float = WRITE_TIMEOUT) -> None:
        await self._keyring.delete(self._mark + name, timeout)
        self._answered()
