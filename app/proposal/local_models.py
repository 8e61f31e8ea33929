"""What a model of a local server is good for, judged by its size, its window and its tools.

An agent's prompt has twenty to sixty thousand tokens before anybody has typed a word, and every turn offers
tools. So a window below that is worth little, and one that is cut in silence is worse than a refusal. Unknown
is not no: such a model gets less, and the reason says what was not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from app.proposal.doubts import doubt_about
from app.proposal.memory import too_big
from app.proposal.parameters import billions, written
from app.proposal.windows import LEAST_WINDOW, USEFUL_WINDOW, WIDE_WINDOW, too_small, window_of
from proxy.config import ProviderKind
from proxy.config.address import is_loopback
from proxy.local.found import LocalModel, LocalServer
from proxy.providers.facts import facts
from proxy.providers.model_name import bare_name

_LEAST_BILLIONS: Final = 3.0
_USEFUL_BILLIONS: Final = 6.5
"""Those that are called 7B have a little less."""
_STRONG_CODER_BILLIONS: Final = 23.0
_STRONG_BILLIONS: Final = 29.0

_MADE_FOR_CODE: Final = ("code", "devstral")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What is known of the computer that the servers are on."""

    memory: int | None = None
    """Bytes."""
    room: int = 65_536
    """Tokens that an Ollama is told to make room for at most."""
    speeds: Mapping[str, float] = field(default_factory=dict)
    """Tokens a second that services were seen to write."""


class Level(IntEnum):
    """How far up a local model may stand."""

    SPARE = 0
    """Better than nothing, where there is nothing else."""
    SIMPLE = 1
    MEDIUM = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A local model that can be proposed."""

    model: LocalModel
    level: Level
    billions: float | None
    why: str
    doubt: str = ""
    """What keeps it down, if that may be another thing tomorrow."""

    @property
    def rank(self) -> tuple[Level, bool, float]:
        """The better it is the higher; one in memory before one that would have to be loaded first."""
        return self.level, self.model.is_loaded is True, self.billions or 0.0


def judged(
    model: LocalModel, server: LocalServer, machine: Machine, service: str, kind: ProviderKind
) -> Judged | str:
    """What a model may do as the service of that name, of a provider of that kind, or why it is left out."""
    count = billions(model.parameters, model.name, model.size)
    if reason := _unfit(model, count) or too_big(model, server, machine.memory):
        return reason
    window, speed = window_of(model, kind, machine.room), machine.speeds.get(service)
    if window is not None and window < LEAST_WINDOW:
        return too_small(window, model)
    tools = model.tools if model.tools is not None else facts(kind, model.name).tools
    doubt = doubt_about(model, server, window, speed, machine.memory)
    level = min(
        _level_by_weights(model, count),
        _level_by_window(window, server),
        _level_by_tools(count, tools=tools),
        Level.SPARE if doubt else Level.MEDIUM,
    )
    said = (
        _how(model, count, window),
        "whether it takes tools is not known" if tools is None else "takes tools",
        f"{speed:.0f} tokens a second" if speed is not None else "",
    )
    why = f"{_where(server)}: {', '.join(part for part in said if part)}"
    return Judged(
        model=model, level=level, billions=count, why=f"{why}; {doubt}" if doubt else why, doubt=doubt
    )


def _unfit(model: LocalModel, count: float | None) -> str:
    if not model.chats:
        return "it does not answer in words: it embeds, transcribes or draws"
    if model.is_remote:
        return (
            "it is no local model: the server passes on what it is asked to its vendor's machines, at that "
            "account's price. Add it with `tiers set`, if you want that"
        )
    if model.tools is False:
        return "it takes no tools, and every turn of a coding agent offers some"
    if count is not None and count < _LEAST_BILLIONS:
        return f"{written(count)} parameters are too few for any turn of a coding agent"
    return ""


def _level_by_weights(model: LocalModel, count: float | None) -> Level:
    if count is None:
        return Level.SIMPLE
    if count < _USEFUL_BILLIONS:
        return Level.SPARE
    strong = _STRONG_CODER_BILLIONS if is_made_for_code(model.name) else _STRONG_BILLIONS
    return Level.MEDIUM if count >= strong else Level.SIMPLE


def _level_by_window(window: int | None, server: LocalServer) -> Level:
    if window is None:
        return Level.SPARE if server.sort.cuts_prompts else Level.SIMPLE
    if window < USEFUL_WINDOW:
        return Level.SPARE
    return Level.MEDIUM if window >= WIDE_WINDOW else Level.SIMPLE


def _level_by_tools(count: float | None, *, tools: bool | None) -> Level:
    if tools:
        return Level.MEDIUM
    return Level.SPARE if count is None else Level.SIMPLE


def is_made_for_code(name: str) -> bool:
    bare = bare_name(name)
    return any(word in bare for word in _MADE_FOR_CODE)


def _how(model: LocalModel, count: float | None, window: int | None) -> str:
    said = (
        "loaded" if model.is_loaded else "",
        "size not known" if count is None else f"{written(count)} parameters",
        "for code" if is_made_for_code(model.name) else "",
        "its window is not known" if window is None else f"takes {window:,} tokens",
    )
    return ", ".join(part for part in said if part)


def _where(server: LocalServer) -> str:
    host = server.place.host
    return "on this machine and free" if is_loopback(host) else f"at {host}"
