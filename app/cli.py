"""The command line: which command is meant, and what becomes of an error.

Flags that every command understands stand before or after it. Errors of the user's kind become one
sentence on stderr (or a JSON object on stdout where JSON was asked for) and the exit code of their class;
who started the tray application is told in a dialog as well.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from typing import NoReturn

from app import speech
from app.commands import (
    backup,
    config,
    detect,
    estimate,
    explain,
    export,
    logs,
    providers,
    quota,
    restore,
    serve,
    status,
    tiers,
    usage,
)
from app.commands.context import LEVELS, Context, WindowAtStart
from app.commands.tray import Desktop, Tray
from app.errors import UsageError, UserError
from app.home import find_home
from app.running import ending_on_signals
from proxy.version import __version__

Command = Callable[[Context, argparse.Namespace], int]

_COMMANDS = (
    serve,
    status,
    explain,
    usage,
    logs,
    quota,
    estimate,
    detect,
    providers,
    tiers,
    config,
    export,
    backup,
    restore,
)
"""In the order in which the help lists them."""


def run(arguments: Sequence[str], desktop: Desktop) -> int:
    """Run the command these arguments name, and flush what it said."""
    try:
        return _run(arguments, desktop)
    except KeyboardInterrupt:
        return 130
    finally:
        speech.fall_silent()


def _run(arguments: Sequence[str], desktop: Desktop) -> int:
    try:
        options = _parser().parse_args(arguments)
    except UsageError as error:
        speech.report(error, as_json="--json" in arguments)
        return error.exit_code
    if options.command is None:
        return _start_tray(options, desktop)
    return _run_command(options.command, options)


def _run_command(command: Command, options: argparse.Namespace) -> int:
    try:
        return command(_context(options), options)
    except UserError as error:
        speech.report(error, as_json=options.json)
        return error.exit_code


def _start_tray(options: argparse.Namespace, desktop: Desktop) -> int:
    with ending_on_signals() as end:
        tray = Tray(desktop, end)
        try:
            return tray.start(_context(options))
        except UserError as error:
            speech.report(error, as_json=options.json)
            if not options.smoke:
                tray.tell(error)
            return 0 if end.is_wished else error.exit_code


def _context(options: argparse.Namespace) -> Context:
    return Context(
        home=find_home(options.home, os.environ),
        log_level=options.log_level,
        json=options.json,
        port=options.port,
        ready_token=getattr(options, "ready_token", True),
        window=options.window,
        smoke=options.smoke,
    )


class _Parser(argparse.ArgumentParser):
    """Wrong usage is an error like any other, and flags have one spelling each."""

    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, allow_abbrev=False, **more)  # type: ignore[arg-type,misc] # passed on

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, usage=self.format_usage())


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tierwise",
        description="Sends every turn of your coding agents to the cheapest model that does it well. "
        "Without a command the tray application starts.",
        epilog="Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration, 3 already running.",
    )
    parser.add_argument("--version", action="version", version=f"tierwise {__version__}")
    _add_common(parser)
    parser.set_defaults(command=None)
    after = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    _add_common(after)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in _COMMANDS:
        module.add(commands, after)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    common = parser.add_argument_group("flags that stand before or after the command")
    for flag, help_text in _SWITCHES.items():
        common.add_argument(flag, action="store_true", default=_default(parser, value=False), help=help_text)
    for flag, (wish, help_text) in _WINDOW.items():
        common.add_argument(
            flag,
            dest="window",
            action="store_const",
            const=wish,
            default=_default(parser, WindowAtStart.USEFUL),
            help=help_text,
        )
    common.add_argument(
        "--home",
        type=_folder,
        metavar="DIR",
        default=_default(parser, None),
        help="keep all state here (or TIERWISE_HOME)",
    )
    common.add_argument(
        "--log-level", choices=LEVELS, default=_default(parser, "info"), help="how much is logged"
    )
    common.add_argument(
        "--port",
        type=_port,
        metavar="N",
        default=_default(parser, None),
        help="listen here instead of the configured port; 0 takes a free one",
    )


_SWITCHES = {
    "--json": "answer in JSON, for programs",
    "--smoke": "start, check that all stands, and quit",
}

# The later one holds, so that a launcher's flag can be overruled.
_WINDOW = {
    "--show": (WindowAtStart.ASKED, "open the window at start"),
    "--minimised": (WindowAtStart.MINIMISED, "start in the tray, without a window"),
}


def _default(parser: argparse.ArgumentParser, value: object) -> object:
    """A flag that may stand behind the command must not undo what stood before it."""
    return argparse.SUPPRESS if parser.argument_default == argparse.SUPPRESS else value


def _folder(text: str) -> str:
    """An empty name is a shell variable that is not set, and never meant the usual home."""
    if not text:
        raise argparse.ArgumentTypeError("the name of the folder is empty")
    return text


def _port(text: str) -> int:
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; 0 to 65535 are")
    return number
