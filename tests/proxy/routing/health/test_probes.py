"""Whatever happens in whatever order: at most one probe at a time, and none that is lost."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from proxy.config import HealthConfig
from proxy.routing.health.board import Board
from proxy.routing.health.breaker import State
from proxy.routing.health.key import Key
from proxy.wire.failure import FailureKind
from tests.proxy.routing.health.bench import HAIKU, HOME, WORK, Clock, failing

_OPEN_SECONDS = 10.0
_KEYS = st.sampled_from([WORK, HOME])


class Probes(RuleBasedStateMachine):
    """Requests ask to be admitted, or ask the service although they were not, and end in any way."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.board = Board(HealthConfig(failures=2, open_seconds=_OPEN_SECONDS), self.clock)
        self.under_way = 0
        self.is_probed = False

    @rule()
    def asks_to_be_admitted(self) -> None:
        state = self.state()
        admitted = self.board.admit(HAIKU)
        assert admitted == (state is State.CLOSED or (state is State.HALF_OPEN and not self.is_probed))
        self.under_way += admitted
        self.is_probed = self.is_probed or (admitted and state is State.HALF_OPEN)

    @rule()
    def asks_without(self) -> None:
        self.under_way += 1

    @rule(key=_KEYS)
    def one_succeeds(self, key: Key) -> None:
        if self.ended():
            self.board.succeeded(HAIKU, key)

    @rule(key=_KEYS, kind=st.sampled_from(FailureKind), is_local=st.booleans())
    def one_fails(self, key: Key, kind: FailureKind, is_local: bool) -> None:
        if self.ended():
            self.board.failed(HAIKU, key, failing(kind), is_local=is_local)

    @rule()
    def one_is_cancelled(self) -> None:
        if self.ended():
            self.board.cancelled(HAIKU, WORK)

    @rule()
    def one_is_never_made(self) -> None:
        if self.ended():
            self.board.released(HAIKU)

    @rule(seconds=st.sampled_from([0.1, 1, 5, _OPEN_SECONDS]))
    def time_passes(self, seconds: float) -> None:
        self.clock.pass_by(seconds)

    @rule(open_seconds=st.sampled_from([_OPEN_SECONDS, 1.0]))
    def the_configuration_changes(self, open_seconds: float) -> None:
        self.board.reconfigured(HealthConfig(failures=2, open_seconds=open_seconds))

    @invariant()
    def the_board_knows_of_the_probe(self) -> None:
        views = self.board.snapshot().breakers
        assert any(view.is_probed for view in views) == self.is_probed

    def teardown(self) -> None:
        """When all is over and time has passed, the next request is let through."""
        while self.ended():
            self.board.cancelled(HAIKU, WORK)
        self.clock.pass_by(_OPEN_SECONDS)
        assert self.board.admit(HAIKU)

    def ended(self) -> bool:
        if self.under_way == 0:
            return False
        self.under_way -= 1
        self.is_probed = False
        return True

    def state(self) -> State:
        views = self.board.snapshot().breakers
        return views[0].state if views else State.CLOSED


Probes.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestProbes = Probes.TestCase
