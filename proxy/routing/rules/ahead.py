"""Reads the texts that rules will look at, for whoever has the time now but not when they are judged."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from proxy.routing.rules.rule import Rule
from proxy.routing.signals import Signals

_TEXTS: Final[Mapping[str, Callable[[Signals], str]]] = {
    "system_text": lambda signals: signals.system_text,
    "user_text": lambda signals: signals.user_text,
    "latest_user_text": lambda signals: signals.latest_user_text,
}
"""The signals keep what was read once."""


def read_ahead(rules: Iterable[Rule], signals: Signals) -> None:
    """A message of some megabytes takes tens of milliseconds, which belong beside the loop."""
    for name in {name for rule in rules for name in rule.looks_at} & _TEXTS.keys():
        _TEXTS[name](signals)
