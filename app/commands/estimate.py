"""`tierwise estimate`: what the last days cost at list prices, by the clients' own session logs."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.commands.context import Commands, Context

_DAYS = 30
_MOST_DAYS = 3650


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    estimate = commands.add_parser(
        "estimate",
        parents=[common],
        help="tell what your clients used so far, at list prices",
        description="Reads the session logs that Claude Code and Codex keep on this machine, and tells what "
        "their requests cost at list prices. Nothing is written, and nothing leaves the machine.",
    )
    estimate.add_argument(
        "--days",
        type=_days,
        metavar="N",
        default=_DAYS,
        help=f"so many days, today among them (otherwise {_DAYS})",
    )
    estimate.set_defaults(command=show_estimate)


def show_estimate(context: Context, options: argparse.Namespace) -> int:
    from app.estimate.estimate import PriceList, estimate_of
    from app.estimate.places import find_places
    from app.estimate.pricing import at_list_prices, shipped_catalogue
    from app.estimate.progress import progress_on
    from app.estimate.reading import read_logs
    from app.estimate.told import told
    from app.estimate.window import Window

    window = Window.ending(datetime.now(UTC).astimezone(), options.days)
    places = find_places(context.environ, Path.home())
    with progress_on(sys.stderr) as progress:
        findings = read_logs(places, window, progress)
    catalogue = shipped_catalogue()
    prices = PriceList(date=catalogue.date, source=catalogue.origin)
    estimate = estimate_of(findings, at_list_prices(catalogue), prices, window, places)
    context.answer(told(estimate), estimate.as_json())
    return 0


def _days(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days; 1 to {_MOST_DAYS} are")
    return number
