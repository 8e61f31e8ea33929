"""`tierwise` without a command: the tray application, or the gateway alone where there is no screen."""

import argparse
import sys
from collections.abc import Callable

from app.commands.context import Context
from app.display import missing_display
from app.errors import UserError
from app.instance import AlreadyRunningError, wait_for_running
from app.program_name import program_name
from app.remote import call


class MissingFaceError(UserError):
    """Qt is not installed, or a library that it needs is missing."""

    kind = "missing_face"


class NoWindowError(UserError):
    """The running instance has no window to show."""

    kind = "no_window"


def command(start_tray: Callable[[Context], int]) -> Callable[[Context, argparse.Namespace], int]:
    """The command for when none is named; `start_tray` brings in the face."""

    def run(context: Context, _options: argparse.Namespace) -> int:
        try:
            problem = missing_display(context.environ, sys.platform)
            if problem is None:
                try:
                    return start_tray(context)
                except MissingFaceError as error:
                    problem = str(error)
            context.tell(f"No tray: {problem}. Serving without a window instead; Ctrl+C ends it.")
            return _without_face(context)
        except AlreadyRunningError:
            return _show_the_running_one(context)

    return run


def _show_the_running_one(context: Context) -> int:
    """It may have begun to start a moment before us, as after an impatient second double click."""
    running = wait_for_running(context.home)
    if call(running, "POST", "/api/show").get("shown"):
        context.answer("Tierwise already runs; its window is in front now.", {"shown": True})
        return 0
    raise NoWindowError(
        f"Tierwise already runs here without a window (process {running.pid} at {running.url}), so there is "
        f"none to show. `{program_name()} stop` ends it; then `{program_name()}` starts with the tray."
    )


def _without_face(context: Context) -> int:
    from app.headless import demo, nothing_configured, serve
    from app.settings import SettingsFile

    has_providers = bool(SettingsFile(context.home).load_at_start().settings.providers)
    if not has_providers and sys.stdin.isatty() and sys.stderr.isatty():
        context.tell(nothing_configured())
        context.tell("Start the demo now? [Y/n]")
        if sys.stdin.readline().strip().lower() in ("", "y", "yes"):
            return demo(context)
    return serve(context)
