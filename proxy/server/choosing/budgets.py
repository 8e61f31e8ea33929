"""That a budget is used up, in a sentence for the user."""

from proxy.money.budget import BudgetState
from proxy.money.cost import NANO

_CONSEQUENCES = {
    "warn": "requests go on as before",
    "cheaper": "new turns go to the SIMPLE tier",
    "stop": "only free services are asked",
}


def over_budget(state: BudgetState) -> str:
    """Empty as long as there is room."""
    if not state.over:
        return ""
    reached = [
        f"{(spent + state.in_flight) / NANO:.2f} of {limit / NANO:.2f} dollars for the {period}"
        for period, spent, limit in (
            ("day", state.daily_spent, state.daily_limit),
            ("month", state.monthly_spent, state.monthly_limit),
        )
        if limit is not None and spent + state.in_flight >= limit
    ]
    return f"The budget is used up ({', '.join(reached)}): {_CONSEQUENCES[state.action]}{state.until}."
