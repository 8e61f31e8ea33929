"""The one type that carries a secret, and the one way the gateway asks for one.

A `Secret` shows a mask wherever Python or a library would show a value: repr, str, format, logging,
the locals of a traceback. What would carry the value away unseen (pickle, JSON, msgspec) fails
instead. `reveal()` is the only way out, so a search for it finds every place where a secret leaves.
Reveal inside the call that needs the value and never into a variable: a variable is in every
traceback that prints locals.
"""

import hmac
from typing import NoReturn, Protocol, Self, SupportsIndex

_MASK = "<secret>"


class Secret:
    """A text that is never shown by accident.

    Compared in constant time and only with another secret. Not hashable: a hash is a fingerprint of
    the value, and it would turn up as a dictionary key or in a set. False when the text is empty.
    """

    __slots__ = ("__value",)
    __value: str

    def __init__(self, value: str) -> None:
        object.__setattr__(self, "_Secret__value", value)

    def reveal(self) -> str:
        """The value itself, for the call that needs it."""
        return self.__value

    def __repr__(self) -> str:
        return _MASK

    def __format__(self, spec: str) -> str:
        return _MASK

    def __bool__(self) -> bool:
        return self.__value != ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_encoded(self.__value), _encoded(other.__value))

    __hash__ = None  # type: ignore[assignment] # the way Python spells "not hashable"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Secret does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Secret does not change")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self

    def __getstate__(self) -> NoReturn:
        raise TypeError("a Secret is never serialised")

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a Secret is never serialised")


def _encoded(value: str) -> bytes:
    # A value from the environment may hold lone surrogates, which plain UTF-8 refuses.
    return value.encode("utf-8", "surrogatepass")


class SecretUnavailableError(Exception):
    """The store cannot be asked now: locked, hung, refused or absent.

    The message is a sentence the user can act on. A secret that merely is not there is None instead.
    """


class SecretSource(Protocol):
    """Where the gateway gets its secrets.

    `env:NAME` reads the environment variable NAME. Every other name is an entry of the system
    keyring, such as `provider/anthropic` or, with several keys, `provider/anthropic/work`.
    """

    async def get(self, name: str) -> Secret | None:
        """The secret of that name, None when there is none; SecretUnavailableError when nobody can tell."""
        ...
