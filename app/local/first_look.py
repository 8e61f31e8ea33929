"""The first look at this machine: who wants to hear of it, and what was found, in a few words."""

from collections.abc import Callable, Iterable

from app.program_name import program_name
from proxy.local.found import LocalServer, State
from proxy.local.watch import Watch


def once_looked(watch: Watch, act: Callable[[], None]) -> None:
    """Call it once, on the loop, when the watch has looked around for the first time, or now if it has."""
    if watch.has_looked:
        act()
        return

    def heard() -> None:
        if watch.has_looked:
            stop()
            act()

    stop = watch.listen(heard)


def what_was_found(servers: Iterable[LocalServer]) -> str:
    """Each server with what it has to chat with; empty where none runs."""
    return ", ".join(_in_words(each) for each in servers if each.state is not State.GONE)


def advice(servers: Iterable[LocalServer]) -> str:
    """For who has configured nothing yet."""
    proposing = f"`{program_name()} tiers propose` proposes a tier map"
    found = what_was_found(servers)
    if not found:
        return f"No model server was found on this machine. {proposing} from the keys that it finds."
    return f"Found on this machine: {found}. {proposing}."


def _in_words(server: LocalServer) -> str:
    if server.state is not State.READY:
        return server.sort.label
    count = sum(each.chats and not each.is_remote for each in server.models)
    models = {0: "no model", 1: "1 model"}.get(count, f"{count} models")
    return f"{server.sort.label} ({models})"
