"""Which names mean a model, as the catalogue says it.

A clause is a text whose first character says how the rest is compared with a name: `=` it is the name, `^`
the name begins with it, `$` ends with it, `*` contains it, `~` the rest is a regular expression found in the
name. One of several clauses is enough; a list within a list is clauses that must all hold. Names are in lower
case.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

Clause = str | tuple[str, ...]


def is_meant(clauses: Sequence[Clause], name: str) -> bool:
    """Whether a name, in lower case, satisfies at least one of the clauses."""
    return any(
        _holds(clause, name) if isinstance(clause, str) else all(_holds(part, name) for part in clause)
        for clause in clauses
    )


def _holds(clause: str, name: str) -> bool:
    return _COMPARISONS[clause[0]](name, clause[1:])


def _equals(name: str, text: str) -> bool:
    return name == text


def _contains(name: str, text: str) -> bool:
    return text in name


def _found(name: str, pattern: str) -> bool:
    return _compiled(pattern).search(name) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_COMPARISONS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "=": _equals,
    "^": str.startswith,
    "$": str.endswith,
    "*": _contains,
    "~": _found,
}
