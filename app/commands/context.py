"""What every command is given: one call of the program, as its flags describe it."""

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from app import speech
from app.home import Home

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 -- argparse has no public name for it

LEVELS = ("debug", "info", "warning", "error")


class WindowAtStart(StrEnum):
    """Whether the window opens with the program. Without a tray it always does: it is the only way in."""

    ASKED = "asked"
    """By all means."""
    USEFUL = "useful"
    """While nothing is configured, so that the first start leads on."""
    MINIMISED = "minimised"
    """Not now."""


@dataclass(frozen=True, slots=True)
class Context:
    """One call of the program."""

    home: Home
    log_level: str = "info"
    json: bool = False
    port: int | None = None
    ready_token: bool = True
    window: WindowAtStart = WindowAtStart.USEFUL
    smoke: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def answer(self, text: str, data: Mapping[str, Any]) -> None:
        """The answer of a command: a sentence for people, or the same as JSON where that was asked for."""
        speech.answer(json.dumps(data) if self.json else text)

    def tell(self, text: str) -> None:
        """A remark beside the answer."""
        speech.remark(text)
