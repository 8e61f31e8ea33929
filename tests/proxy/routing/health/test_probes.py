"""Whatever happens in whatever order: the board's breaker does as the plainest one, and no probe is lost."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from proxy.config import HealthConfig
from proxy.routing.health.board import Board
from proxy.routing.health.breaker import State
from proxy.routing.health.effects import COUNTED, CRASHES
from proxy.routing.health.key import Key
from proxy.routing.health.standing import BreakerView
from proxy.wire.failure import FailureKind
from tests.proxy.routing.health.bench import HAIKU, HOME, WORK, Clock, failing
from tests.proxy.routing.health.reference import Reference

_CONFIGS = [
    HealthConfig(failures=2, open_seconds=12),
    HealthConfig(failures=100, error_share=0.25, window=8, open_seconds=6, successes=1),
    HealthConfig(failures=3, error_share=1, open_seconds=18, successes=3),
]
_KEYS = st.sampled_from([WORK, HOME])
_WHICH = st.integers(0, 9)


class Probes(RuleBasedStateMachine):
    """Requests ask to be admitted, or ask the service although they were not, and end in any way."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.board = Board(_CONFIGS[0], self.clock)
        self.reference = Reference(_CONFIGS[0])
        self.asked = 0
        self.under_way: list[str] = []

    @rule()
    def asks_to_be_admitted(self) -> None:
        self.admitted(self.another())

    @precondition(lambda self: self.under_way)
    @rule(which=_WHICH)
    def asks_again(self, which: int) -> None:
        self.admitted(self.under_way.pop(which % len(self.under_way)))

    @rule()
    def asks_without(self) -> None:
        self.under_way.append(self.another())

    @precondition(lambda self: self.under_way)
    @rule(which=_WHICH)
    def one_is_answered(self, which: int) -> None:
        asker = self.under_way[which % len(self.under_way)]
        self.board.begun(HAIKU, asker=asker)
        self.reference.begun(asker, self.clock())

    @precondition(lambda self: self.under_way)
    @rule(which=_WHICH, key=_KEYS)
    def one_succeeds(self, which: int, key: Key) -> None:
        self.ended(which)
        self.board.succeeded(HAIKU, key)
        self.reference.succeeded(self.clock())

    @precondition(lambda self: self.under_way)
    @rule(which=_WHICH, key=_KEYS, kind=st.sampled_from(FailureKind), is_local=st.booleans())
    def one_fails(self, which: int, key: Key, kind: FailureKind, is_local: bool) -> None:
        asker = self.ended(which)
        self.board.failed(HAIKU, key, failing(kind), asker=asker, is_local=is_local)
        if kind not in COUNTED:
            self.reference.released(asker)
        elif is_local and kind in CRASHES:
            self.reference.crashed(self.clock())
        else:
            self.reference.failed(self.clock())

    @rule(outcomes=st.lists(st.booleans(), min_size=5, max_size=12))
    def many_end_at_once(self, outcomes: list[bool]) -> None:
        for good in outcomes:
            if good:
                self.board.succeeded(HAIKU, WORK)
                self.reference.succeeded(self.clock())
            else:
                self.board.failed(HAIKU, WORK, failing(FailureKind.SERVER), asker=self.another())
                self.reference.failed(self.clock())

    @precondition(lambda self: self.under_way)
    @rule(which=_WHICH)
    def one_is_cancelled(self, which: int) -> None:
        asker = self.ended(which)
        self.board.cancelled(HAIKU, WORK, asker=asker)
        self.reference.released(asker)

    @precondition(lambda self: self.under_way)
    @rule(which=_WHICH)
    def one_is_never_made(self, which: int) -> None:
        asker = self.ended(which)
        self.board.released(HAIKU, asker)
        self.reference.released(asker)

    @rule(seconds=st.sampled_from([0.5, 1, 5, 12, 300]))
    def time_passes(self, seconds: float) -> None:
        self.clock.pass_by(seconds)

    @rule(config=st.sampled_from(_CONFIGS))
    def the_configuration_changes(self, config: HealthConfig) -> None:
        self.board.reconfigured(config)
        self.reference.config = config

    @invariant()
    def the_board_shows_the_breaker_as_it_is(self) -> None:
        now = self.clock()
        view = self.view()
        state = State.CLOSED if view is None else view.state
        assert state is self.reference.state(now)
        assert (view is not None and view.is_probed) == self.reference.is_probed(now)
        assert self.board.is_open(HAIKU) == (state is State.OPEN)
        if view is not None and view.opens_until is not None:
            assert view.opens_until == pytest.approx(self.reference.half_open_from)

    def teardown(self) -> None:
        """When all is over and time has passed, the next request is let through."""
        while self.under_way:
            self.board.cancelled(HAIKU, WORK, asker=self.ended(0))
        self.clock.pass_by(18)
        assert self.board.admit(HAIKU, self.another())

    def admitted(self, asker: str) -> None:
        admitted = self.board.admit(HAIKU, asker)
        assert admitted == self.reference.admits(asker, self.clock())
        if admitted:
            self.under_way.append(asker)

    def another(self) -> str:
        self.asked += 1
        return str(self.asked)

    def ended(self, which: int) -> str:
        return self.under_way.pop(which % len(self.under_way))

    def view(self) -> BreakerView | None:
        views = self.board.snapshot().breakers
        return views[0] if views else None


Probes.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestProbes = Probes.TestCase
