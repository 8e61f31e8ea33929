"""A board with a clock to turn by hand, and the few names the tests share."""

from proxy.config import HealthConfig
from proxy.routing.health.board import Board
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.secret import Secret
from proxy.wire.failure import Failure, FailureKind

HAIKU = Service("anthropic", "haiku")
OPUS = Service("anthropic", "opus")
ELSEWHERE = Service("openai", "mini")

WORK = Key("anthropic", "work", Secret("one"))
HOME = Key("anthropic", "home", Secret("two"))
UNSEEN = Key("anthropic", "credential chain")


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


def a_board(**settings: float) -> tuple[Board, Clock]:
    clock = Clock()
    return Board(HealthConfig(**settings), clock), clock  # type: ignore[arg-type] # whole numbers are whole


def failing(kind: FailureKind, retry_after: float | None = None) -> Failure:
    return Failure(kind, "It went wrong.", retry_after=retry_after)
