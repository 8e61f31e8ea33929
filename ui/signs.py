"""How well something is: a level has a sign, so that it is told without its colour."""

from collections.abc import Mapping
from typing import Final, Literal

Level = Literal["good", "warn", "bad", "muted"]

SIGNS: Final[Mapping[Level, str]] = {"good": "●", "warn": "▲", "bad": "✕", "muted": "○"}
