"""How far the search for an answer has come."""

from dataclasses import dataclass, field

from proxy.config import Config
from proxy.providers.facts import facts
from proxy.routing.service import Candidate, Service
from proxy.upstream.asked import Asked
from proxy.upstream.deadline import Deadline
from proxy.upstream.judging import Failed
from proxy.upstream.nearby import Nearby
from proxy.wire.failure import FailureKind


@dataclass(slots=True)
class Search:
    """One exchange's, until somebody answers."""

    asked: Asked
    config: Config
    deadline: Deadline
    nearby: Nearby
    has_others: bool = False
    """Whether somebody is left who might well answer in the place of the one who is asked now."""
    begun: set[Service] = field(default_factory=set)
    """Those whose turn has come."""
    failures: list[Failed] = field(default_factory=list)
    counted: dict[Service, int] = field(default_factory=dict)
    """How many tokens the prompt has, or has at least, as those say who refused it for that."""
    _too_small: int | None = None
    """A context window of this size did not hold the prompt."""

    @property
    def is_over(self) -> bool:
        return self.deadline.left <= 0

    def note(self, failed: Failed) -> None:
        self.failures.append(failed)
        if failed.failure.kind is FailureKind.CONTEXT_OVERFLOW:
            window = self._window(failed.candidate)
            self._too_small = max(self._too_small or 0, failed.failure.maximum or window or 0)

    def may_hold(self, candidate: Candidate) -> bool:
        """Whether a prompt that was too long elsewhere may fit there; where it is not known it may."""
        window = None if self._too_small is None else self._window(candidate)
        return window is None or self._too_small is None or window > self._too_small

    def _window(self, candidate: Candidate) -> int | None:
        near = self.nearby.window(candidate, self.config)
        if near is not None:
            return near
        provider = self.config.providers[candidate.service.provider]
        return facts(provider.kind, candidate.service.model).context
