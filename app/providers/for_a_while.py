"""What a running Tierwise has otherwise than config.toml for a while; a command is the last word on it."""

from urllib.parse import quote

from app.commands.context import Context
from app.instance import find_running
from app.remote import RefusedError, UnreachableError, call


def is_otherwise(context: Context, page: str, name: str, *, enabled: bool) -> bool:
    """Whether it has a tier or provider the other way; `page` is which of these, as addresses name them."""
    running = find_running(context.home)
    if running is None:
        return False
    try:
        told = call(running, "GET", f"/api/{page}").get(page, [])
    except (UnreachableError, RefusedError):
        return False
    return any(name in (each.get("tier"), each.get("name")) and each["enabled"] != enabled for each in told)


def switched(context: Context, page: str, name: str, *, enabled: bool) -> bool:
    """Whether it has it so now, and for good."""
    running = find_running(context.home)
    if running is None:
        return False
    try:
        call(running, "PUT", f"/api/{page}/{quote(name, safe='')}/enabled", {"enabled": enabled})
    except (UnreachableError, RefusedError) as error:
        context.tell(f"The running Tierwise goes on as it is for a while: {error}")
        return False
    return True
