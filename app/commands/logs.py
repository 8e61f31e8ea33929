"""`tierwise logs`: the newest requests, one with all that is known of it, or new ones as they come."""

import argparse

from app.commands.context import Commands, Context
from app.commands.filtering import add_filters, filters_of

_MOST = 10_000


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    logs = commands.add_parser(
        "logs",
        parents=[common],
        help="show the newest requests",
        description="Shows requests from the record, the newest last, with who answered and what it cost. "
        "With an ID it shows one of them with its attempts and the reasons.",
    )
    logs.add_argument("id", metavar="ID", nargs="?", help="show this one, as x-tierwise-request-id names it")
    logs.add_argument("--limit", type=_count, default=20, metavar="N", help="how many (default: 20)")
    logs.add_argument("--since", metavar="WHEN", help="an ISO date or time, or 24h, 7d")
    logs.add_argument("--errors", action="store_true", help="only those that failed")
    logs.add_argument("--follow", "-f", action="store_true", help="go on with new ones until Ctrl+C")
    logs.add_argument(
        "--bodies", action="store_true", help="with an ID: what was said, where keep_bodies_days keeps it"
    )
    add_filters(logs)
    logs.set_defaults(command=_show)


def _show(context: Context, options: argparse.Namespace) -> int:
    from app.record.requests import follow, show_one, show_page

    if options.id:
        return show_one(context, options.id, with_bodies=options.bodies)
    filters, since = filters_of(options), options.since or ""
    if options.follow:
        return follow(context, filters, since, options.limit, errors_only=options.errors)
    return show_page(context, filters, since, options.limit, errors_only=options.errors)


def _count(text: str) -> int:
    try:
        count = int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from error
    if not 1 <= count <= _MOST:
        raise argparse.ArgumentTypeError(f"a number from 1 to {_MOST} is wanted")
    return count
