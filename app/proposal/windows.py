"""How many tokens a local model takes, and how many an agent has for it."""

from typing import Final

from proxy.config import ProviderKind
from proxy.local.found import LocalModel

LEAST_WINDOW: Final = 8_192
"""Below it not even the title of a session can be asked for."""
USEFUL_WINDOW: Final = 16_384
WIDE_WINDOW: Final = 32_768


def window_of(model: LocalModel, kind: ProviderKind, room: int) -> int | None:
    """The tokens it takes. An Ollama that is asked in its own way makes the room that a request asks for;
    others have what they have, and so has an Ollama that is asked as if it were something else."""
    if kind != "ollama" or model.most_context is None:
        return model.context
    return max(model.context or 0, min(model.most_context, room))


def too_small(window: int, model: LocalModel) -> str:
    more = model.most_context
    can_more = more is not None and more >= USEFUL_WINDOW
    advice = (
        f"; it could take {more:,}: load it with {min(more, WIDE_WINDOW):,} at least"
        if more is not None and can_more
        else ""
    )
    return f"it takes {window:,} tokens, and a coding agent's prompt has 20,000 to 60,000{advice}"
