"""Whatever happens in whatever order: at most one probe at a time, and none that is lost."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from proxy.config import HealthConfig
from proxy.routing.health.board import Board
from proxy.routing.health.breaker import State
from proxy.routing.health.effects import COUNTED
from proxy.routing.health.key import Key
from proxy.wire.failure import FailureKind
from tests.proxy.routing.health.bench import HAIKU, HOME, WORK, Clock, failing

_OPEN_SECONDS = 10.0
_KEYS = st.sampled_from([WORK, HOME])
_WHICH = st.integers(0, 9)


class Probes(RuleBasedStateMachine):
    """Requests ask to be admitted, or ask the service although they were not, and end in any way."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.board = Board(HealthConfig(failures=2, open_seconds=_OPEN_SECONDS), self.clock)
        self.asked = 0
        self.under_way: list[str] = []
        self.prober: str | None = None

    @rule()
    def asks_to_be_admitted(self) -> None:
        state, asker = self.state(), self.another()
        admitted = self.board.admit(HAIKU, asker)
        assert admitted == (state is State.CLOSED or (state is State.HALF_OPEN and self.prober is None))
        if admitted:
            self.under_way.append(asker)
            self.prober = asker if state is State.HALF_OPEN else self.prober

    @rule()
    def asks_without(self) -> None:
        self.under_way.append(self.another())

    @precondition(lambda self: self.under_way)
    @rule(which=_WHICH, key=_KEYS)
    def one_succeeds(self, which: int, key: Key) -> None:
        self.ended(which)
        self.prober = None
        self.board.succeeded(HAIKU, key)

    @precondition(lambda self: self.under_way)
    @rule(which=_WHICH, key=_KEYS, kind=st.sampled_from(FailureKind), is_local=st.booleans())
    def one_fails(self, which: int, key: Key, kind: FailureKind, is_local: bool) -> None:
        asker = self.ended(which)
        self.prober = None if kind in COUNTED else self.prober
        self.board.failed(HAIKU, key, failing(kind), asker=asker, is_local=is_local)

    @precondition(lambda self: self.under_way)
    @rule(which=_WHICH)
    def one_is_cancelled(self, which: int) -> None:
        self.board.cancelled(HAIKU, WORK, asker=self.ended(which))

    @precondition(lambda self: self.under_way)
    @rule(which=_WHICH)
    def one_is_never_made(self, which: int) -> None:
        self.board.released(HAIKU, self.ended(which))

    @rule(seconds=st.sampled_from([0.1, 1, 5, _OPEN_SECONDS]))
    def time_passes(self, seconds: float) -> None:
        self.clock.pass_by(seconds)

    @rule(open_seconds=st.sampled_from([_OPEN_SECONDS, 1.0]))
    def the_configuration_changes(self, open_seconds: float) -> None:
        self.board.reconfigured(HealthConfig(failures=2, open_seconds=open_seconds))

    @invariant()
    def the_board_knows_of_the_probe(self) -> None:
        views = self.board.snapshot().breakers
        assert any(view.is_probed for view in views) == (self.prober is not None)

    def teardown(self) -> None:
        """When all is over and time has passed, the next request is let through."""
        while self.under_way:
            self.board.cancelled(HAIKU, WORK, asker=self.ended(0))
        self.clock.pass_by(_OPEN_SECONDS)
        assert self.board.admit(HAIKU, self.another())

    def another(self) -> str:
        self.asked += 1
        return str(self.asked)

    def ended(self, which: int) -> str:
        asker = self.under_way.pop(which % len(self.under_way))
        if asker == self.prober:
            self.prober = None
        return asker

    def state(self) -> State:
        views = self.board.snapshot().breakers
        return views[0].state if views else State.CLOSED


Probes.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestProbes = Probes.TestCase
