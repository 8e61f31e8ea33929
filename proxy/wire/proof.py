"""Which headers may prove who somebody is: nobody compares, shows or keeps what they say."""

import re
from functools import lru_cache
from typing import Final

_PROOF: Final = re.compile(
    r"auth(?!ors?\b)|bearer|cookie|credential|jwt|key|passw|secret|signature|token", re.IGNORECASE
)
"""Somewhere in the name. Gateways and proxies call theirs as they like, so rather one too many."""


@lru_cache(maxsize=1024)
def may_prove(name: str) -> bool:
    """Whether a header of this name may; programs send the same ones all the time."""
    return _PROOF.search(name) is not None
