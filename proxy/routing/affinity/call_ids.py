"""Who issued a tool call, by the call's id: its result goes back there, whatever else is known of the thread.

Ids are kept for a client's session. Requests that tell no session share one room for each client, so only ids
that no other conversation can have are kept there: some providers count their calls, or name them after the
tool, and what two of them have issued under one id is nobody's.

Only digests are kept, the oldest go first, and nothing survives a restart.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from proxy.config import TierName
from proxy.routing.affinity.threads import digest
from proxy.routing.service import Service

_MOST = 20_000

_COUNTED = re.compile(r"(?:.*[^A-Za-z0-9])?\d{1,4}", re.DOTALL)
"""`call_0`, `functions.read_file:12`."""
_NAME = re.compile(r"[a-z]+(?:[_.:-][a-z]+)*")
"""`read_file`"""


@dataclass(frozen=True, slots=True)
class CallIssuer:
    """Who called a tool, and for which of the route's rules."""

    service: Service
    tier: TierName | None = None
    rule: str = ""


class CallIds:
    """Remembers who issued each call."""

    def __init__(self, most: int = _MOST) -> None:
        self._issuers: OrderedDict[bytes, CallIssuer | None] = OrderedDict()
        """None: more than one, and none of them can be told to be meant."""
        self._most = most

    def __len__(self) -> int:
        return len(self._issuers)

    def remember(self, client: str, session: str, ids: Iterable[str], issuer: CallIssuer) -> None:
        """The session is empty for requests that tell none. In a session the last to issue an id counts."""
        for id_ in ids:
            if session:
                self._keep(digest(client, session, id_), issuer)
            elif is_unique(id_):
                self._keep_shared(digest(client, "", id_), issuer)
        while len(self._issuers) > self._most:
            self._issuers.popitem(last=False)

    def issuer(self, client: str, session: str, ids: Iterable[str]) -> CallIssuer | None:
        """Of the first of them that is known."""
        found = (self._issuers.get(digest(client, session, id_)) for id_ in ids)
        return next((issuer for issuer in found if issuer is not None), None)

    def release(self, fits: Callable[[CallIssuer], bool]) -> None:
        """Forget the issuers that fit."""
        gone = [key for key, issuer in self._issuers.items() if issuer is not None and fits(issuer)]
        for key in gone:
            del self._issuers[key]

    def _keep(self, key: bytes, issuer: CallIssuer | None) -> None:
        self._issuers[key] = issuer
        self._issuers.move_to_end(key)

    def _keep_shared(self, key: bytes, issuer: CallIssuer) -> None:
        is_other = key in self._issuers and self._issuers[key] != issuer
        self._keep(key, None if is_other else issuer)


def is_unique(id_: str) -> bool:
    """Whether it looks like chance made it."""
    return bool(id_) and not (_COUNTED.fullmatch(id_) or _NAME.fullmatch(id_))
