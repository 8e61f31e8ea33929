"""`tierwise usage`: what was used, spent and saved."""

import argparse

from app.commands.context import Commands, Context
from app.commands.filtering import add_filters, filters_of


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    usage = commands.add_parser(
        "usage",
        parents=[common],
        help="tell what was used, spent and saved",
        description="Tells what was used, what it cost and what it would have cost, from the record. Works "
        "whether or not Tierwise runs.",
    )
    usage.add_argument(
        "--by",
        choices=("tier", "provider", "model", "client", "day"),
        default="model",
        help="one line for each of these (default: model); `day` is hours, weeks or months in other windows",
    )
    usage.add_argument(
        "--window", choices=("1d", "7d", "30d", "all"), default="7d", help="how far back (default: 7d)"
    )
    add_filters(usage)
    usage.set_defaults(command=_show)


def _show(context: Context, options: argparse.Namespace) -> int:
    from app.record.spending import show_usage

    return show_usage(context, options.window, options.by, filters_of(options))
