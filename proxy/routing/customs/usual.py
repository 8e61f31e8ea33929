"""Which tools a client brings with it, told by what it offered in its last sessions.

Every session counts once, however long it is. What nearly all of them offer is usual. Where the last three
agree they are believed at once, for a client that was updated offers its new tools from then on, and never
again those it lost. The tools of an MCP server are the user's own addition, and three sessions in one project
do not make them the client's.
"""

from itertools import islice

from proxy.routing.customs.call import Call

ENOUGH = 3
MOST_SESSIONS = 50
MOST_NAMES = 512
"""Of one session. What offers more is no client's habit, and is not learned from."""

_FOUR_OF_FIVE = 0.8
_ADDED = ("mcp_", "mcp-", "mcp.")
"""How clients mark what comes from a server of the user's."""


class UsualTools:
    """One client's. `names` is None until enough is known, and replaced as a whole."""

    def __init__(self) -> None:
        self.names: frozenset[str] | None = None
        self._sessions: dict[int, frozenset[str]] = {}
        """The names that each session offered, in the order in which the sessions began."""
        self._counts: dict[str, int] = {}

    def __len__(self) -> int:
        """How many names are kept, those of sessions that offer the same ones once."""
        distinct = {id(names): len(names) for names in self._sessions.values()}
        return sum(distinct.values()) + len(self._counts)

    def note(self, call: Call) -> None:
        before = self._sessions.get(call.session, frozenset())
        if call.tools <= before:
            return
        names = before | call.tools
        if len(names) > MOST_NAMES:
            return
        self._count(names - before, 1)
        alike = (each for each in self._sessions.values() if each == names)
        self._sessions[call.session] = next(alike, names)
        if len(self._sessions) > MOST_SESSIONS:
            self._count(self._sessions.pop(next(iter(self._sessions))), -1)
        self.names = self._usual()

    def _count(self, names: frozenset[str], step: int) -> None:
        for name in names:
            count = self._counts.get(name, 0) + step
            if count:
                self._counts[name] = count
            else:
                del self._counts[name]

    def _usual(self) -> frozenset[str] | None:
        last = list(islice(reversed(self._sessions.values()), ENOUGH))
        if len(last) < ENOUGH:
            return None
        least = _FOUR_OF_FIVE * len(self._sessions)
        agreed = {name for name in frozenset.intersection(*last) if not name.startswith(_ADDED)}
        often = {name for name in frozenset.union(*last) if self._counts[name] >= least}
        return frozenset(agreed | often)
