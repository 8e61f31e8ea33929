"""Commands with actions below them, such as `providers add`, and what several of these actions take."""

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from app.commands.context import Commands, Context

if TYPE_CHECKING:
    from app.keyring.store import Keyring

Declare: TypeAlias = Callable[[Commands, argparse.ArgumentParser], None]


def add_group(
    commands: Commands,
    common: argparse.ArgumentParser,
    name: str,
    *,
    help_text: str,
    description: str,
    actions: Sequence[Declare],
) -> None:
    group = commands.add_parser(name, parents=[common], help=help_text, description=description)
    known = group.add_subparsers(title="actions", metavar="ACTION")
    for declare in actions:
        declare(known, common)
    group.set_defaults(command=lambda _context, _options: _say_which(group, list(known.choices)))


def _say_which(group: argparse.ArgumentParser, names: Sequence[str]) -> int:
    group.error(f"say which: {', '.join(names[:-1])} or {names[-1]}")


def add_yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask")


def keyring_of(context: Context) -> "Keyring":
    """Imported when it is asked for: other actions start faster without it."""
    from app.secrets import Secrets

    return Secrets(context.home, context.environ).keyring
