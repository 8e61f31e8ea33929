"""How hard the requests were: how many had which score, so that thresholds can be laid where they fit."""

import sqlite3

from proxy.ledger.queries.usage import Filters

PER_POINT = 10
"""Scores are told apart to a tenth."""


def scores(connection: sqlite3.Connection, since: int, filters: Filters) -> list[tuple[float, int]]:
    """Scores in ascending order, each with its requests; those that were never scored are in none."""
    condition, values = filters.condition(connection, "coalesce({}, 0)")
    question = (
        f"select cast(score * {PER_POINT} as integer) as mark, count(*) from exchanges "  # noqa: S608 -- names of columns and marks
        f"where received >= ? and score is not null and {condition} group by mark order by mark"
    )
    return [(mark / PER_POINT, count) for mark, count in connection.execute(question, [since, *values])]
