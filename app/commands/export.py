"""`tierwise export`: the exchanges of the record, for spreadsheets and other programs."""

import argparse
import time
from pathlib import Path

from app.commands.context import Commands, Context
from app.errors import UsageError
from app.record.moments import FORMS, moment

ORIGINS = ("client", "demo", "probe", "test")
_ALL = "all"


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    export = commands.add_parser(
        "export",
        parents=[common],
        help="write the exchanges of the record as CSV or JSON",
        description="Writes one row for each exchange, the newest last: as CSV, or with --json as one JSON "
        'document {"exchanges": [...]}. Unknown is empty in CSV and null in JSON, never 0. Tierwise may run '
        "meanwhile.",
    )
    export.add_argument("--csv", action="store_true", help="as CSV, which it is without --json")
    export.add_argument("--since", metavar="WHEN", help=f"received then or later: {FORMS}")
    export.add_argument("--until", metavar="WHEN", help="received before then")
    export.add_argument(
        "--origin",
        choices=(*ORIGINS, _ALL),
        default=ORIGINS[0],
        help="only these (otherwise those of clients, which are the ones that count)",
    )
    export.add_argument("--output", type=Path, metavar="FILE", help="into this file instead of stdout")
    export.set_defaults(command=write_rows)


def write_rows(context: Context, options: argparse.Namespace) -> int:
    from app.record.errors import each_read_from, read_from
    from app.record.forms import as_csv, as_json
    from app.record.outlet import pour_into, pour_out
    from proxy.ledger.exporting import Wanted, exported
    from proxy.ledger.store.database import Database

    if options.csv and context.json:
        raise UsageError("choose one of --csv and --json")
    now = time.time()
    wanted = Wanted(
        since=_moment(options.since, now),
        until=_moment(options.until, now),
        origin=None if options.origin == _ALL else options.origin,
    )
    file = context.home.database
    with read_from(file):
        pages = each_read_from(file, exported(Database(file), wanted))
    pieces = as_json(pages) if context.json else as_csv(pages)
    if options.output is None:
        pour_out(pieces)
        return 0
    output = options.output.expanduser().absolute()
    pour_into(output, pieces)
    context.answer(f"The exchanges are in {output}.", {"file": str(output)})
    return 0


def _moment(text: str | None, now: float) -> int | None:
    if text is None:
        return None
    try:
        return moment(text, now)
    except ValueError as error:
        raise UsageError(str(error)) from error
