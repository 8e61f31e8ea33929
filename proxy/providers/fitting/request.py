"""One request on its way to one service: what it says, and all that decides what of it must change."""

from dataclasses import dataclass

from proxy.providers.facts import Facts
from proxy.providers.fitting.draft import Draft
from proxy.providers.params import Wishes


@dataclass(frozen=True, slots=True)
class Request:
    draft: Draft
    facts: Facts
    """With what was learned."""
    wishes: Wishes
    learned: frozenset[str]
    streamed: bool
