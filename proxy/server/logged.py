"""One line in the log for each exchange: who asked, who answered, how it went. Never what was said."""

from proxy import log
from proxy.exchange import Exchange, Outcome

_log = log.area("server")


class LogRecorder:
    """A record for eyes only; it forgets at once."""

    def record(self, exchange: Exchange) -> None:
        served = exchange.served or (exchange.attempts[-1].service if exchange.attempts else "nobody")
        tries = f" after {len(exchange.attempts)} attempts" if len(exchange.attempts) > 1 else ""
        _log.info("%s -> %s%s: %s", exchange.surface, served, tries, _outcome(exchange))


def _outcome(exchange: Exchange) -> str:
    match exchange.outcome:
        case Outcome.ANSWERED:
            return str(exchange.status or 200)
        case Outcome.FAILED if exchange.failure is not None:
            return exchange.failure.for_log
        case _:
            return "the client hung up"
