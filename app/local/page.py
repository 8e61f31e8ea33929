"""What was found on this machine, in words."""

from collections.abc import Iterator, Sequence

from app.program_name import program_name
from app.table import table
from proxy.local.kinds import SORTS, ServerKind
from proxy.server.local_told import ToldModel, ToldServer, ToldServers

_UNKNOWN = "unknown"
_NOTHING = (
    "No model server was found on this machine. Ollama, LM Studio, llama.cpp and their like are "
    "found by themselves when they run; others by [[local.servers]] in config.toml."
)
_NOT_LOOKING = (
    "Tierwise itself does not look for model servers, because [local] in config.toml says `enabled = false`."
)
_STATES = {
    "ready": "ready",
    "loading": "loading its model",
    "locked": "wants a key",
    "gone": "does not answer",
}
_HEAD = ("model", "loaded", "context", "can", "size", "speed", "tiers")
_GIGABYTE = 1_000_000_000
_MEGABYTE = 1_000_000


def page_of(told: ToldServers) -> str:
    blocks = ["\n".join(_server(each)) for each in told.servers] or [_NOTHING]
    remarks = [*_next_step(told.servers), *([] if told.enabled else [_NOT_LOOKING])]
    return "\n\n".join([*blocks, *remarks])


def _server(server: ToldServer) -> Iterator[str]:
    yield _head(server)
    if server.models:
        rows = [_HEAD, *(_row(model) for model in server.models)]
        yield from (f"    {line}" for line in table(rows, names=len(_HEAD)))
    elif server.state == "locked" and server.enabled:
        yield f"    {_behind_its_key(server)}"
    elif server.state == "ready":
        yield "    no models"


def _head(server: ToldServer) -> str:
    title = f"{server.label} {server.version}".rstrip()
    facts = [
        _STATES.get(server.state, server.state),
        f"{server.slots} at a time" if server.slots else "",
        f"provider {server.name}" if server.configured else f"not configured yet, {server.name} by name",
        "" if server.enabled else "switched off",
    ]
    exposed = "; other machines can reach it" if server.exposed else ""
    return f"{title} at {server.url}: {', '.join(filter(None, facts))}{exposed}"


def _behind_its_key(server: ToldServer) -> str:
    """Who looks shows no key, not even one that is configured."""
    if server.configured:
        return f"its models are told only to who has a key: `{program_name()} providers test {server.name}`"
    known = server.kind in frozenset(ServerKind)
    sort = SORTS[ServerKind(server.kind) if known else ServerKind.OPENAI_COMPATIBLE]
    adding = f"providers add {server.name} --kind {sort.provider} --base-url {server.url}{sort.api}"
    return f"`{program_name()} {adding}` asks for its key"


def _row(model: ToldModel) -> tuple[str, ...]:
    speed = model.tokens_per_second
    return (
        model.name,
        {True: "yes", False: "no", None: _UNKNOWN}[model.loaded] if model.local else "in the cloud",
        _context(model),
        _abilities(model),
        _size(model),
        _UNKNOWN if speed is None else f"{speed:g} tokens/s",
        ", ".join(model.tiers) or "-",
    )


def _context(model: ToldModel) -> str:
    now, most = model.context, model.most_context
    if now is None:
        return _UNKNOWN if most is None else f"up to {most:,}"
    return f"{now:,}" if most in (None, now) else f"{now:,} of {most:,}"


def _abilities(model: ToldModel) -> str:
    """What it can, and what nobody knows; what it cannot is left out."""
    if not model.chats:
        return "no chat"
    abilities = {"tools": model.tools, "vision": model.vision, "thinking": model.thinking}
    can = [name for name, has in abilities.items() if has]
    doubtful = [f"{name}?" for name, has in abilities.items() if has is None]
    return ", ".join([*can, *doubtful]) or "chat"


def _size(model: ToldModel) -> str:
    weight = "" if model.size is None else _bytes(model.size)
    return " ".join(filter(None, (model.parameters, model.quantisation, weight))) or _UNKNOWN


def _bytes(size: int) -> str:
    return f"{size / _GIGABYTE:.1f} GB" if size >= _GIGABYTE else f"{size / _MEGABYTE:.1f} MB"


def _next_step(servers: Sequence[ToldServer]) -> list[str]:
    """One example of what can be done, as long as nothing of what was found serves anything."""
    models = [model for server in servers if server.enabled for model in server.models]
    unused = next((each.service for each in models if each.chats and each.local), "")
    if not unused or any(model.tiers for model in models):
        return []
    name = program_name()
    proposing = f"`{name} tiers propose` proposes which model serves which turns"
    return [f"{proposing}; `{name} detect --use {unused} --tier SIMPLE` uses this one."]
