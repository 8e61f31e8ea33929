"""`tierwise` without a command: the tray application, or the gateway alone where there is no screen."""

import contextlib
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from app.commands.context import Context, WindowAtStart
from app.display import missing_display
from app.ending import End
from app.errors import UserError
from app.instance import AlreadyRunningError, is_locked, wait_for_running
from app.program_name import program_name
from app.remote import call
from app.running import left_on_signals, read_line


class MissingFaceError(UserError):
    """Qt is not installed, or a library that it needs is missing."""

    kind = "missing_face"


class NoWindowError(UserError):
    """The running instance has no window to show."""

    kind = "no_window"


class Desktop(Protocol):
    """What the floor above does for us. MissingFaceError where it is not there."""

    def run(self, context: Context, end: End) -> int:
        """The tray application, until its end."""
        ...

    def tell(self, sentence: str, end: End) -> None:
        """Bad news in a dialog, until it was read or the end is wished for."""
        ...


_AS_CONFIGURED = {
    "useful": WindowAtStart.USEFUL,
    "open": WindowAtStart.ASKED,
    "minimised": WindowAtStart.MINIMISED,
}


class Tray:
    """The command for when none is named."""

    def __init__(self, desktop: Desktop, end: End) -> None:
        self._desktop = desktop
        self._end = end

    def start(self, context: Context) -> int:
        problem = missing_display(context.environ, sys.platform)
        if problem is None:
            try:
                return self._unless_one_runs(context, lambda: self._run(context))
            except MissingFaceError as error:
                problem = str(error)
        context.tell(f"No tray: {problem}. Serving without a window instead; Ctrl+C ends it.")
        return self._without_face(context)

    def tell(self, error: UserError) -> None:
        """In a dialog too: who double-clicked sees no stderr."""
        if not error.was_read and missing_display(os.environ, sys.platform) is None:
            with contextlib.suppress(MissingFaceError):
                self._desktop.tell(str(error), self._end)

    def _run(self, context: Context) -> int:
        return self._desktop.run(_with_window_as_configured(context), self._end)

    def _unless_one_runs(self, context: Context, start: Callable[[], int]) -> int:
        """Start, or show the window of the one that runs: since long, or since a first click of two."""
        if not is_locked(context.home):
            with contextlib.suppress(AlreadyRunningError):
                return start()
        with left_on_signals(self._end):
            return _show_the_running_one(context)

    def _without_face(self, context: Context) -> int:
        from app.headless import demo, serve

        if _at_terminal() and not is_locked(context.home) and self._demo_is_wanted(context):
            return demo(context, self._end)
        return self._unless_one_runs(context, lambda: serve(context, self._end))

    def _demo_is_wanted(self, context: Context) -> bool:
        """Asked only where nothing is configured."""
        from app.headless import nothing_configured

        if _has_providers(context):
            return False
        context.tell(nothing_configured())
        context.tell("Start the demo now? [Y/n]")
        with left_on_signals(self._end):
            return read_line(sys.stdin).strip().lower() in ("", "y", "yes")


def _with_window_as_configured(context: Context) -> Context:
    """What no flag says of the window, config.toml does."""
    from app.settings import ConfigError, SettingsFile

    if context.window is not WindowAtStart.USEFUL:
        return context
    try:
        ui = SettingsFile(context.home).load().settings.ui
    except ConfigError:  # told as soon as the application starts
        return context
    return replace(context, window=_AS_CONFIGURED[ui.window_at_start])


def _show_the_running_one(context: Context) -> int:
    running = wait_for_running(context.home)
    if call(running, "POST", "/api/show").get("shown"):
        context.answer("Tierwise already runs; its window is in front now.", {"shown": True})
        return 0
    raise NoWindowError(
        f"Tierwise already runs here without a window (process {running.pid} at {running.url}), so there is "
        f"none to show. `{program_name()} stop` ends it; then `{program_name()}` starts with the tray."
    )


def _has_providers(context: Context) -> bool:
    from app.logs import Logs
    from app.settings import SettingsFile

    context.home.prepare()
    with Logs(context.home.logs, context.log_level):
        settings = SettingsFile(context.home).load_at_start().settings
    return any(provider.enabled for provider in settings.providers.values())


def _at_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
