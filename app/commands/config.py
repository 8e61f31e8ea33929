"""`tierwise config`: where the configuration is, and what is wrong with it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.context import Commands, Context
from app.commands.group import add_group

if TYPE_CHECKING:
    from app.configuration.problem import Problem


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    add_group(
        commands,
        common,
        "config",
        help_text="find or check the configuration",
        description="Finds or checks it.",
        actions=(_declare_check, _declare_path),
    )


def _declare_check(actions: Commands, common: argparse.ArgumentParser) -> None:
    check = actions.add_parser(
        "check",
        parents=[common],
        help="list everything that is wrong",
        description="Lists everything that is wrong with the configuration. Exit code 2: something is.",
    )
    check.set_defaults(command=_check)


def _declare_path(actions: Commands, common: argparse.ArgumentParser) -> None:
    path = actions.add_parser(
        "path", parents=[common], help="tell where it is", description="Tells where it is."
    )
    path.set_defaults(command=_path)


def _path(context: Context, _options: argparse.Namespace) -> int:
    file = context.home.config
    context.answer(str(file), {"path": str(file), "exists": file.is_file()})
    return 0


def _check(context: Context, _options: argparse.Namespace) -> int:
    from app.configuration.problem import ConfigError
    from app.settings import SettingsFile

    file = context.home.config
    try:
        loaded = SettingsFile(context.home).load()
    except ConfigError as error:
        if context.json:
            found = [_as_json(problem) for problem in error.problems]
            context.answer("", {"ok": False, "path": str(file), "problems": found, "notices": []})
        else:
            context.tell(str(error))
        return error.exit_code
    for notice in loaded.notices:
        if not context.json:
            context.tell(f"{notice}")
    notices = [_as_json(notice) for notice in loaded.notices]
    text = _verdict(file, len(notices))
    context.answer(text, {"ok": True, "path": str(file), "problems": [], "notices": notices})
    return 0


def _verdict(file: Path, remarks: int) -> str:
    if not file.exists():
        return f"{file} does not exist; every key has its default."
    if not remarks:
        return f"{file} is fine."
    return f"{file} can be used, with {remarks} {'remark' if remarks == 1 else 'remarks'}."


def _as_json(problem: "Problem") -> dict[str, object]:
    return {
        "file": str(problem.file),
        "line": problem.line,
        "column": problem.column,
        "key": problem.key,
        "message": problem.message,
    }
