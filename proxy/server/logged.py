"""One line in the log for each exchange: who asked, who answered, how it went. Never what was said."""

from proxy import log
from proxy.exchange import Attempt, Exchange, Outcome

_log = log.area("server")


class LogRecorder:
    """A record for eyes only; it forgets at once."""

    def record(self, exchange: Exchange) -> None:
        attempt = _told_of(exchange)
        service = "nobody" if attempt is None else attempt.service
        tries = f" after {len(exchange.attempts)} attempts" if len(exchange.attempts) > 1 else ""
        _log.info("%s -> %s%s: %s", exchange.surface, service, tries, _outcome(exchange))


def _told_of(exchange: Exchange) -> Attempt | None:
    """Whom the outcome is about: of several failures the client is told one, which need not be the last."""
    if exchange.serving is not None:
        return exchange.serving
    if exchange.outcome is Outcome.FAILED:
        return exchange.refused_by
    return exchange.attempts[-1] if exchange.attempts else None


def _outcome(exchange: Exchange) -> str:
    match exchange.outcome:
        case Outcome.ANSWERED:
            return str(exchange.status or 200)
        case Outcome.FAILED if exchange.failure is not None:
            return exchange.failure.for_log
        case _:
            return "the client hung up"
