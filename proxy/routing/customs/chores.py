"""Which calls of a client are made on the side, told by the company they keep.

A client that names its sessions asks a short question for it, without tools, beside the work: in session
after session the same one. Nobody who asks a question for its own sake does that, for then the question is
all there is in its session, or it goes on. So a shape speaks for itself where it stands beside work with
tools, and against itself where it stands alone or has a history. Which session came first changes nothing.

Only what is slight can be a chore. A program that plans before it works asks without tools in every session
too, but a plan is long, and no work for the smallest model.
"""

from msgspec import Struct
from msgspec.structs import replace

from proxy.routing.customs.call import Call

ENOUGH = 3
"""Sessions. Two may be chance."""
MOST_SESSIONS = 100
MOST_SHAPES = 32
"""Of one session. Whoever asks without tools in more ways than that has no habit that could be learned."""


class _Session(Struct, frozen=True, gc=False):
    works: bool = False
    """Something was asked that offered tools."""
    single: frozenset[int] = frozenset()
    """The shapes of what was asked without tools, once and by itself."""
    grown: frozenset[int] = frozenset()
    """The shapes of what was asked without tools, and with what was said before."""
    has_more: bool = False
    """Something was asked once, by itself and without tools, that is too large for a chore."""


_NEW = _Session()


class Chores:
    """One client's."""

    def __init__(self) -> None:
        self._sessions: dict[int, _Session] = {}
        self._beside: dict[int, int] = {}
        """In how many sessions a shape stands beside work."""
        self._against: dict[int, int] = {}
        """In how many it stands alone, or with a history."""

    def __len__(self) -> int:
        """How many numbers are kept."""
        held = sum(1 + len(each.single) + len(each.grown) for each in self._sessions.values())
        return held + len(self._beside) + len(self._against)

    def holds(self, shape: int) -> bool:
        return self._beside.get(shape, 0) >= ENOUGH and shape not in self._against

    def note(self, call: Call) -> None:
        before = self._sessions.get(call.session, _NEW)
        after = _with(before, call)
        if after is before:
            return
        self._weigh(after, 1)
        self._weigh(before, -1)
        self._sessions[call.session] = after
        if len(self._sessions) > MOST_SESSIONS:
            self._weigh(self._sessions.pop(next(iter(self._sessions))), -1)

    def _weigh(self, session: _Session, step: int) -> None:
        if session.works:
            _count(self._beside, session.single, step)
        elif len(session.single) == 1 and not session.grown and not session.has_more:
            _count(self._against, session.single, step)
        _count(self._against, session.grown, step)


def _with(session: _Session, call: Call) -> _Session:
    """The session after the call; itself where the call tells nothing new."""
    if call.tools:
        return session if session.works else replace(session, works=True)
    if call.is_single and not call.is_slight:
        return session if session.has_more else replace(session, has_more=True)
    shapes = session.single if call.is_single else session.grown
    if call.shape in shapes or len(shapes) >= MOST_SHAPES:
        return session
    shapes |= {call.shape}
    return replace(session, single=shapes) if call.is_single else replace(session, grown=shapes)


def _count(counts: dict[int, int], shapes: frozenset[int], step: int) -> None:
    for shape in shapes:
        count = counts.get(shape, 0) + step
        if count:
            counts[shape] = count
        else:
            del counts[shape]
