"""How often a tier was too low: what its turns were followed by, in the same session.

No answer is read and no prompt kept, so there is one thing that can be seen: that the next turn went to a
higher tier, or that the turn failed and was asked again. Whether a tier was too high cannot be seen at all.
"""

import sqlite3
from typing import Any

from proxy.config import TIER_NAMES
from proxy.exchange import Origin, Outcome
from proxy.ledger.store.words import NUMBER

_MOST = 20_000
"""The newest exchanges that are looked at."""
_SOON_MS = 10 * 60 * 1000

_QUESTION = f"""
with newest as (
    select session, received, seq, tier, outcome from exchanges
    where received >= ? and origin = ? and session is not null and tier is not null
    order by received desc limit {_MOST}
), followed as (
    select tier, outcome,
        lead(tier) over turns as next_tier,
        lead(received) over turns - received as pause
    from newest window turns as (partition by session order by received, seq)
)
select tier, count(*),
    sum(case when pause <= {_SOON_MS} and next_tier > tier then 1 else 0 end),
    sum(case when pause <= {_SOON_MS} and outcome != {NUMBER[Outcome.ANSWERED]} then 1 else 0 end)
from followed group by tier
"""  # noqa: S608 -- constants; the tiers' numbers ascend as they do


def accuracy(connection: sqlite3.Connection, since: int, origin: str = Origin.CLIENT) -> dict[str, Any]:
    tiers = {name: {"requests": 0, "escalated": 0, "asked_again": 0} for name in TIER_NAMES}
    by_number = {NUMBER[name]: name for name in TIER_NAMES}
    for number, requests, escalated, asked_again in connection.execute(_QUESTION, (since, NUMBER[origin])):
        tiers[by_number[number]] = {
            "requests": requests,
            "escalated": escalated,
            "asked_again": asked_again,
        }
    total = sum(each["requests"] for each in tiers.values())
    low = sum(each["escalated"] for name, each in tiers.items() if name != TIER_NAMES[-1])
    return {
        "tiers": tiers,
        "totalRequests": total,
        "underProvisioned": low if total else None,
        "underProvisionedPct": round(100 * low / total, 1) if total else None,
        "overProvisioned": None,
        "overProvisionedPct": None,
    }
