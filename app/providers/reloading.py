"""Telling a running Tierwise that something changed, so that it acts at once."""

from app.commands.context import Context
from app.instance import find_running
from app.remote import RefusedError, UnreachableError, call


def reload_running(context: Context) -> bool:
    """Whether one runs and has taken up the change. It looks at config.toml by itself, too."""
    running = find_running(context.home)
    if running is None:
        return False
    try:
        answer = call(running, "POST", "/api/reload")
    except (UnreachableError, RefusedError) as error:
        context.tell(f"The running Tierwise was not told, and will notice by itself: {error}")
        return False
    if not answer.get("applied"):
        context.tell("The running Tierwise does not apply config.toml; `config check` says why.")
        return False
    return True
