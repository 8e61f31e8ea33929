"""The command line: which command is meant, and what becomes of an error.

Flags that every command understands stand before or after it. Errors of the user's kind become one
sentence on stderr (or a JSON object on stdout where JSON was asked for) and the exit code of their class.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence

from app.commands import config, serve, status, tray
from app.commands.context import LEVELS, Context, print_line
from app.errors import UserError
from app.home import find_home
from proxy.version import __version__

Command = Callable[[Context, argparse.Namespace], int]


def run(arguments: Sequence[str], tray: Callable[[Context], int]) -> int:
    """Run the command these arguments name; `tray` starts the face."""
    options = _parser(tray).parse_args(arguments)
    try:
        command: Command = options.command
        return command(_context(options), options)
    except UserError as error:
        _report(error, as_json=options.json)
        return error.exit_code
    except KeyboardInterrupt:
        return 130


def _context(options: argparse.Namespace) -> Context:
    return Context(
        home=find_home(options.home, os.environ),
        log_level=options.log_level,
        json=options.json,
        port=options.port,
        ready_token=getattr(options, "ready_token", True),
        show_window=options.show or not options.minimised,
        smoke=options.smoke,
    )


def _report(error: UserError, *, as_json: bool) -> None:
    if as_json:
        print_line(json.dumps({"error": {"type": error.kind, "message": str(error)}}))
    else:
        sys.stderr.write(f"tierwise: {error}\n")


def _parser(start_tray: Callable[[Context], int]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tierwise",
        description="Sends every turn of your coding agents to the cheapest model that does it well. "
        "Without a command the tray application starts.",
        epilog="Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration, 3 already running.",
    )
    parser.add_argument("--version", action="version", version=f"tierwise {__version__}")
    _add_common(parser)
    parser.set_defaults(command=tray.command(start_tray))
    after = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    _add_common(after)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in (serve, status, config):
        module.add(commands, after)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    common = parser.add_argument_group("flags that stand before or after the command")
    for flag, (default, help_text) in _SWITCHES.items():
        common.add_argument(flag, action="store_true", default=_default(parser, default), help=help_text)
    common.add_argument(
        "--home", metavar="DIR", default=_default(parser, None), help="keep all state here (or TIERWISE_HOME)"
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


_SWITCHES: dict[str, tuple[object, str]] = {
    "--json": (False, "answer in JSON, for programs"),
    "--show": (False, "open the window at start"),
    "--minimised": (False, "start in the tray, without a window"),
    "--smoke": (False, "start, check that all stands, and quit"),
}


def _default(parser: argparse.ArgumentParser, value: object) -> object:
    """A flag that may stand behind the command must not undo what stood before it."""
    return argparse.SUPPRESS if parser.argument_default == argparse.SUPPRESS else value


def _port(text: str) -> int:
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; 0 to 65535 are")
    return number
