"""What it would cost to move a session to a smaller tier, as people read it."""

from collections.abc import Iterator, Mapping
from typing import Any

_VERDICTS = {
    "cold": "nothing of the session is cached any more, so going costs nothing",
    "restarted": "the prompt begins anew, so going costs nothing",
    "free": "both cost nothing",
    "budget": "the budget is used up",
    "local": "both cost nothing, but one of them would have to read all of it again",
    "unpriced": "what one of them costs is not known",
    "pays": "going pays",
    "stays": "going does not pay",
}


def weighing(found: Mapping[str, Any] | None) -> Iterator[str]:
    """Nothing where there was nothing to weigh."""
    if found is None:
        return
    yield f"{found['from']} against {found['to']}: {_VERDICTS.get(found['verdict'], found['verdict'])}"
    if found["warm_prefix_tokens"]:
        yield f"  {found['warm_prefix_tokens']:,} tokens are believed to be cached at {found['from']}"
    if found["stay_usd"] is None:
        return
    turns = f"{found['expected_turns']:.3g} turns, this one included,"
    yield f"  over {turns} staying costs {_usd(found['stay_usd'])}"
    yield f"  going costs {_usd(found['switch_usd'])}; once it costs {_usd(found['switch_once_usd'])} more"
    after = found["break_even_turns"]
    yield "  it never pays" if after < 0 else f"  it pays after {after:.2g} turns"


def _usd(amount: float) -> str:
    return f"-${-amount:,.4f}" if amount < 0 else f"${amount:,.4f}"
