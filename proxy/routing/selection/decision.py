"""What a selection comes to: whom to ask, in which order, and everything that led there."""

from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import replace

from proxy.config import TierName
from proxy.routing.affinity.threads import Thread
from proxy.routing.score.score import Score
from proxy.routing.selection.context import RuleTrace
from proxy.routing.selection.economics import Economics
from proxy.routing.selection.effects import Effect
from proxy.routing.selection.reasons import Reason
from proxy.routing.selection.stage import Refusal
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Kind, SessionId

NO_RULE = -1
NO_SESSION = SessionId(None, "none")


class SelectionResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the stages of a pipeline came to."""

    service: Service | None = None
    source: str = ""
    """The stage that found it, or what stood before all stages."""
    evaluated_stages: tuple[str, ...] = ()
    matched_rule_index: int = NO_RULE
    left: Mapping[str, tuple[Service, ...]] = msgspec.field(default_factory=dict)
    """For each stage that filtered, the services it left."""
    reasons: tuple[Reason, ...] = ()

    @property
    def provider(self) -> str | None:
        return None if self.service is None else self.service.provider


class Verdict(msgspec.Struct, frozen=True):
    """What became of one candidate."""

    service: Service
    dropped_by: str | None = None
    """The stage that dropped it; None for one that would be asked."""
    reason: Reason | None = None

    @property
    def why(self) -> str:
        return "" if self.reason is None else self.reason.text


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Serialisable but for its candidates' parameters; the gateway carries it out, windows show it."""

    result: SelectionResult
    candidates: tuple[Candidate, ...] = ()
    """Who is asked, in this order, each once, until one answers."""
    refusal: Refusal | None = None
    """Why there are none."""
    route: str = ""
    rule: str | None = None
    of_rule: tuple[Service, ...] = ()
    """The services that the rule means."""
    tier: TierName | None = None
    """The tier of the service that was picked."""
    wanted: TierName | None = None
    """The tier that the turn needs."""
    score: Score | None = None
    economics: Economics | None = None
    """Whether it would have paid, or does pay, to move the session to a smaller tier."""
    judged: tuple[RuleTrace, ...] = ()
    """How the route's rules were judged."""
    verdicts: tuple[Verdict, ...] = ()
    comparison: Reason | None = None
    """What the pick costs beside the one that would have come next, where that is known."""
    session: SessionId = NO_SESSION
    thread: Thread | None = None
    """Whose pin may be written; None for requests that neither read nor write one."""
    partition: str = ""
    agent: str = "main"
    kind: Kind = Kind.MAIN
    is_tool_turn: bool = False
    turn_mark: int = 0
    """Tells a typed turn from the others of its session, as long as the program runs."""
    tokens: int = 0
    """Of the prompt, as they were estimated."""
    is_explored: bool = False
    deadline: float = 600.0
    config_version: str = ""
    versions: Mapping[Service, str] = msgspec.field(default_factory=dict)
    """What tells that a service is configured otherwise than it was for this decision."""
    effects: tuple[Effect, ...] = ()

    @property
    def service(self) -> Service | None:
        return self.result.service

    @property
    def source(self) -> str:
        return self.result.source

    @property
    def stages(self) -> tuple[str, ...]:
        return self.result.evaluated_stages

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.result.reasons


def refused(decision: Decision, refusal: Refusal) -> Decision:
    """The same, but that nobody may be asked."""
    nobody = replace(decision.result, service=None)
    return replace(decision, result=nobody, candidates=(), tier=None, verdicts=(), refusal=refusal)


def narrowed(decision: Decision, may_be_asked: Callable[[Service], bool], refusal: Refusal) -> Decision:
    """With those of its services that may be asked; the refusal where none of them may."""
    left = tuple([each for each in decision.candidates if may_be_asked(each.service)])
    if len(left) == len(decision.candidates):
        return decision
    if not left:
        return refused(decision, refusal)
    found = replace(decision.result, service=left[0].service)
    asked = tuple([Verdict(each.service) for each in left])
    return replace(decision, result=found, candidates=left, tier=left[0].tier, verdicts=asked)
