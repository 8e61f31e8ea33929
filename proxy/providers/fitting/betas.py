"""The betas of an Anthropic request that the model or its host takes."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from proxy.providers.facts import Facts


def anthropic_betas(values: Iterable[str], facts: Facts) -> list[str]:
    """Those that are taken, in their order. A host refuses the whole request for one beta too many."""
    return [value for value in values if _is_taken(value, facts)]


def _is_taken(value: str, facts: Facts) -> bool:
    if any(fnmatchcase(value, pattern) for pattern in facts.refuses_betas):
        return False
    return facts.takes_betas is None or any(fnmatchcase(value, pattern) for pattern in facts.takes_betas)
