"""What the stages of one selection are given, and what they find out for those that come after them."""

from collections.abc import Mapping
from random import Random

import msgspec

from proxy.config import TierName
from proxy.routing.health.standing import Standing
from proxy.routing.rules.rule import Rule
from proxy.routing.rules.situation import Step
from proxy.routing.score.judging import TextJudge
from proxy.routing.score.score import Score
from proxy.routing.selection.economics import Economics
from proxy.routing.selection.reasons import Reason
from proxy.routing.selection.route import Route
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.service import Candidate, Pool, Service
from proxy.routing.signals import SessionId, Signals

Candidates = tuple[Candidate, ...]


class RuleTrace(msgspec.Struct, frozen=True, array_like=True):
    """How one rule was judged: numbers and what the configuration says, never words of the request."""

    rule: str
    holds: bool
    steps: tuple[Step, ...] = ()


class SelectionContext(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One request at one route, in one moment. A stage that learns something hands on another context."""

    route: Route
    signals: Signals
    snapshot: Snapshot
    random: Random
    versions: Mapping[Service, str] = msgspec.field(default_factory=dict)
    """What tells that a service is configured otherwise than it was."""
    thresholds: tuple[float, ...] = (20, 50, 75)
    asked_tier: TierName | None = None
    """The tier that the request itself asks for."""
    asked_by: str = ""
    """How it does: `header`, `command`, `override` or `model`."""
    judge: TextJudge | None = None
    """What is asked how much a text needs."""

    # What health leaves behind.
    healthy: Candidates = ()
    marks: Mapping[Service, Standing] = msgspec.field(default_factory=dict)
    dropped: Mapping[Service, Reason] = msgspec.field(default_factory=dict)

    # What smart_routing leaves behind.
    rule: Rule | None = None
    matched_rule_index: int = -1
    pool: Pool | None = None
    """The services chosen among; None where the tiers are."""
    judged: tuple[RuleTrace, ...] = ()

    # What tier leaves behind.
    score: Score | None = None
    wanted: TierName | None = None
    tiers: tuple[TierName, ...] = ()
    """Those that may be used, the wanted one first."""

    # What affinity leaves behind.
    economics: Economics | None = None

    @property
    def session(self) -> SessionId:
        return self.signals.session

    @property
    def headers(self) -> Mapping[str, str]:
        return self.signals.headers

    @property
    def surface(self) -> str:
        return self.signals.surface

    @property
    def client(self) -> str:
        return self.signals.client

    @property
    def is_tool_turn(self) -> bool:
        return self.signals.is_tool_turn

    @property
    def partition(self) -> str:
        """What a session's pins are kept apart by."""
        if self.route.affinity.scope == "route" or self.rule is None:
            return ""
        return self.rule.name

    def is_marked(self, each: Candidate) -> bool:
        return each.service in self.marks

    def is_strict(self) -> bool:
        """Whether nobody outside the chosen services may answer."""
        return self.rule is not None and self.rule.strict
