"""What has happened since the start, counted in memory, so that it is there without any database."""

from collections import Counter

from proxy.exchange import Exchange, Origin, Outcome

Labels = tuple[str, str, str]
"""Provider, tier and outcome of an exchange."""


class Counters:
    """Counts the exchanges of one origin."""

    def __init__(self, origin: Origin) -> None:
        self.requests: Counter[Labels] = Counter()
        self.tokens: Counter[tuple[str, str]] = Counter()
        """By provider and kind of token."""
        self.attempts: Counter[tuple[str, str]] = Counter()
        """By provider and outcome, or the kind of failure."""
        self._origin = origin

    def record(self, exchange: Exchange) -> None:
        if exchange.origin is not self._origin:
            return
        serving = exchange.serving
        provider = serving.service.provider if serving is not None else "none"
        tier = (serving.tier if serving is not None else None) or "none"
        self.requests[provider, tier, exchange.outcome or Outcome.CANCELLED] += 1
        for attempt in exchange.attempts:
            told = attempt.failure.kind if attempt.failure is not None else attempt.outcome
            self.attempts[attempt.service.provider, told or Outcome.CANCELLED] += 1
        if serving is None:
            return
        usage = serving.usage
        for kind, count in (
            ("input", usage.input),
            ("cache_read", usage.cache_read),
            ("cache_write", usage.cache_write),
            ("output", usage.output),
        ):
            if count:
                self.tokens[provider, kind] += count

    @property
    def total(self) -> int:
        return self.requests.total()

    def ended(self, outcome: Outcome) -> int:
        return sum(n for (_, _, one), n in self.requests.items() if one == outcome)
