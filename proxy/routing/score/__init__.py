"""How much a turn needs: from 0 to 100, as a sum of contributions that a window can list."""

from proxy.routing.score.score import Contribution, Score
from proxy.routing.score.scoring import scored

__all__ = ["Contribution", "Score", "scored"]
