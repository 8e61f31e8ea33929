"""`tierwise restore`: a backup takes the place of what is there."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.commands.context import Commands, Context


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    restore = commands.add_parser(
        "restore",
        parents=[common],
        help="put a backup in the place of what is there",
        description="Replaces the record and config.toml by those of a backup. What is there is backed up "
        "first. Tierwise must not run meanwhile.",
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="what `tierwise backup` has made")
    restore.add_argument("--yes", action="store_true", help="do not ask")
    restore.set_defaults(command=restore_backup)


def restore_backup(context: Context, options: argparse.Namespace) -> int:
    from app.providers.consent import check_askable, consent
    from app.record.restoring import restore

    check_askable(given=options.yes)
    file = options.file.expanduser().absolute()
    done = restore(
        context.home, file, lambda question: consent(question, given=options.yes), datetime.now(UTC)
    )
    for note in done.notes:
        context.tell(note)
    kept = f" What was there before is in {' and '.join(map(str, done.kept))}." if done.kept else ""
    context.answer(
        f"{context.home.root} is as it was on {done.manifest.created}.{kept}",
        {
            "restored": str(file),
            "created": done.manifest.created,
            "record": msgspec.to_builtins(done.manifest.record),
            "config": done.has_config,
            "kept": [str(path) for path in done.kept],
            "notes": done.notes,
        },
    )
    return 0
