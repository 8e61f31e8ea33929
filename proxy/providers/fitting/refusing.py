"""What a model refuses by name is taken out of the request."""

from collections.abc import Collection, Mapping
from typing import Any

from proxy.providers.facts import Facts
from proxy.providers.fitting.draft import Draft
from proxy.providers.protected import PROTECTED
from proxy.wire.format import Format

_SAYS_NOTHING: Mapping[Format, Mapping[str, Any]] = {
    Format.ANTHROPIC: {"temperature": 1},
    Format.OPENAI_CHAT: {"temperature": 1, "top_p": 1},
    Format.RESPONSES: {"temperature": 1, "top_p": 1},
}
"""Values that mean the same as silence; who refuses others takes them."""


def take_out(
    draft: Draft, format_: Format, facts: Facts, learned: Collection[str], *, inside: str | None = None
) -> None:
    """`inside` names the object that the parameters of this format stand in."""
    harmless = _SAYS_NOTHING.get(format_, {})
    for name in sorted(facts.refused_in(format_) | frozenset(learned)):
        path = (inside, name) if inside is not None else tuple(name.split(".", 1))
        if path[0] in PROTECTED or not draft.has(*path):
            continue
        if name in learned or name not in harmless or draft.get(*path) != harmless[name]:
            draft.drop(path, f"{name}: removed, because {facts.model} does not take it")
