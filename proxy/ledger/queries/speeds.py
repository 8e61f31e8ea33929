"""How fast services write, by what was measured of their answers."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping

from proxy.ledger.latencies import Measure, percentiles
from proxy.ledger.store.schema import HOUR_MS
from proxy.ledger.store.words import all_words
from proxy.routing.service import Service

_DAYS = 7
_HOURS_A_DAY = 24


def speeds(connection: sqlite3.Connection, now: float) -> Mapping[Service, float]:
    """Tokens of output per second, in the middle of a week's answers; a twentieth off at most."""
    words = all_words(connection)
    hour = int(now * 1000) // HOUR_MS
    counts: dict[Service, Counter[int]] = defaultdict(Counter)
    question = """
        select provider, model, bucket, sum(n) from latencies where measure = ? and hour > ?
        group by provider, model, bucket
    """
    for provider, model, bucket, n in connection.execute(
        question, (Measure.SPEED, hour - _DAYS * _HOURS_A_DAY)
    ):
        counts[Service(words[provider], words[model])][bucket] += n
    middles = ((service, percentiles(found, [0.5])[0]) for service, found in counts.items())
    return {service: round(middle, 1) for service, middle in middles if middle is not None}
