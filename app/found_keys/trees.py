"""Finding one's way in a file that was read, whatever it holds where something else was expected."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

Path: TypeAlias = tuple[str, ...]
"""Names that lead somewhere. `*` stands for each name of a table, and for each item of a list."""

_EACH: Final = "*"


def nodes(tree: Any, path: Path) -> Iterator[tuple[str, Any]]:
    """What lies at a path, each with its own name."""
    if not path:
        yield "", tree
        return
    step, rest = path[0], path[1:]
    for name, child in _children(tree, step):
        for inner, node in nodes(child, rest):
            yield inner or name, node


def at(tree: Any, path: Path) -> Any:
    return next((node for _, node in nodes(tree, path)), None)


def text_at(tree: Any, path: Path) -> str:
    """Empty where there is none, and for an empty path."""
    found = at(tree, path) if path else None
    return found.strip() if isinstance(found, str) else ""


def _children(tree: Any, step: str) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, Mapping):
        yield from tree.items() if step == _EACH else ((step, tree[step]),) if step in tree else ()
    elif isinstance(tree, list) and step == _EACH:
        yield from (("", item) for item in tree)
