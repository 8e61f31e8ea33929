"""`tierwise backup`: one file of the record and the configuration."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.commands.context import Commands, Context


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    backup = commands.add_parser(
        "backup",
        parents=[common],
        help="make one file of the record and the configuration",
        description="Makes one file of the record and config.toml, also while Tierwise runs. API keys are "
        "not in it; they stay in the keyring.",
    )
    backup.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="the file, or a folder for it (otherwise a new one in the folder backups of the home)",
    )
    backup.set_defaults(command=make_backup)


def make_backup(context: Context, options: argparse.Namespace) -> int:
    from app.record.backing_up import back_up
    from app.record.contents import size_told, told

    named = None if options.file is None else options.file.expanduser().absolute()
    made = back_up(context.home, named, datetime.now(UTC))
    record = made.manifest.record
    held = [f"the record with {told(record)}"] if record is not None else []
    held += ["config.toml"] if made.has_config else []
    context.answer(
        f"{made.file} holds {' and '.join(held)} ({size_told(made.size)}). "
        "API keys are not in it; they stay in the keyring.",
        {
            "file": str(made.file),
            "bytes": made.size,
            "created": made.manifest.created,
            "version": made.manifest.version,
            "record": msgspec.to_builtins(record),
            "config": made.has_config,
        },
    )
    return 0
