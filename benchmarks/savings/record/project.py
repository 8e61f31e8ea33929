"""Scratch repositories: small programs of our own, each told in one text file, laid out with one commit."""

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.savings.record.growing import grown
from tests.e2e.clients.client import Place

PROJECTS = Path(__file__).with_name("projects")
_FILE = "=== "
_GROWN = " <- grown "
_MOMENT = "2026-03-02T09:00:00+00:00"
_DEV = {"NAME": "Dev", "EMAIL": "dev@example.org", "DATE": _MOMENT}
_GIT = {f"GIT_{who}_{what}": told for who in ("AUTHOR", "COMMITTER") for what, told in _DEV.items()}


def laid_out(project: str, place: Place) -> None:
    for name, text in files(project).items():
        file = place.work / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(place.home), **_GIT}
    for words in ("init -q -b main", "add -A", "commit -q -m Start"):
        subprocess.run(["git", *words.split()], cwd=place.work, env=environment, check=True)


def files(project: str) -> Mapping[str, str]:
    """Each with its text; one that is grown is named with a seed and a number of functions."""
    told: dict[str, str] = {}
    for part in (PROJECTS / f"{project}.txt").read_text(encoding="utf-8").split(f"\n{_FILE}")[1:]:
        name, _, text = part.partition("\n")
        name, _, growth = name.partition(_GROWN)
        told[name] = grown(*growth.split(" ", 1)) if growth else text.strip("\n") + "\n"
    return told


def equipped(place: Place) -> dict[str, str]:
    """What its programs are found by: an interpreter that can test, and nothing of this machine beside it."""
    programs = place.home / "bin"
    programs.mkdir()
    for name, words in (("python", ""), ("python3", ""), ("pytest", "-m pytest")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {words} "$@"\n')
        program.chmod(0o755)
    path = f"{programs}:/usr/bin:/bin"
    for name in (".bashrc", ".bash_profile", ".profile"):
        (place.home / name).write_text(f"export PATH={path}\n")
    quiet = {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PAGER": "cat"}
    return {
        "PATH": path,
        **_GIT,
        **quiet,
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
        "PYTHONPATH": str(place.work),
    }
