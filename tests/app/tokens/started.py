"""Tokens of a home on a keyring of one's choice."""

import asyncio

from app.home import Home
from app.keyring.store import Keyring
from app.secrets import Secrets
from app.tokens.issued import Tokens
from app.tokens.written import Pause


def tokens_on(
    home: Home, keyring: Keyring, environ: dict[str, str] | None = None, pause: Pause = asyncio.sleep
) -> Tokens:
    environ = environ or {}
    return Tokens(home, Secrets(home, environ, keyring), environ, pause=pause)


def started(home: Home, keyring: Keyring, environ: dict[str, str] | None = None) -> Tokens:
    tokens = tokens_on(home, keyring, environ)
    asyncio.run(tokens.start())
    return tokens
