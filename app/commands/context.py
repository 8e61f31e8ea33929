"""What every command is given, and how it speaks: answers on stdout, everything else on stderr."""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from app.home import Home

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 -- argparse has no public name for it

LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Context:
    """One call of the program."""

    home: Home
    log_level: str = "info"
    json: bool = False
    port: int | None = None
    ready_token: bool = True
    show_window: bool = True
    smoke: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def answer(self, text: str, data: Mapping[str, Any]) -> None:
        """The answer of a command: a sentence for people, or the same as JSON where that was asked for."""
        print_line(json.dumps(data) if self.json else text)

    def tell(self, text: str) -> None:
        """A remark beside the answer."""
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def print_line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
