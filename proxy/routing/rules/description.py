"""Saying a rule in one English sentence."""

from collections.abc import Mapping
from typing import Final

from proxy.config import Condition, RuleConfig
from proxy.routing.rules.check import shown
from proxy.routing.rules.conditions import DEEPEST

PHRASES: Final[Mapping[str, str]] = {
    "contains": 'contains "{}"',
    "equals": "is {}",
    "has": "has {}",
    "in": "is one of {}",
    "glob": 'matches "{}"',
    "regex": "matches the pattern {}",
    "present": "is present",
    "absent": "is absent",
    "enabled": "enabled",
    "disabled": "disabled",
    "ge": "at least {}",
    "gt": "above {}",
    "le": "at most {}",
    "lt": "below {}",
    "between": "from {}",
    "max_le": "(99th percentile) at most {}",
    "max_ge": "(99th percentile) at least {}",
}
"""By op."""

_UNITS: Final[Mapping[str, str]] = {
    "session_age": " s",
    "latency": " ms",
    "first_byte": " ms",
    "capacity_use": " %",
    "spend_today": " USD",
}


def described(rule: RuleConfig) -> str:
    """When a rule holds: "tokens at least 60000 and kind is subagent"."""
    return " and ".join(_said(condition, 1) for condition in rule.when) or "always"


def _said(condition: Condition, depth: int) -> str:
    if depth > DEEPEST:
        return "..."
    if condition.negated is not None:
        return f"not ({_said(condition.negated, depth + 1)})"
    if condition.any_of:
        return _joined(condition.any_of, " or ", depth)
    if condition.all_of:
        return _joined(condition.all_of, " and ", depth)
    return _test(condition)


def _joined(group: tuple[Condition, ...], word: str, depth: int) -> str:
    said = word.join(_said(each, depth + 1) for each in group)
    return said if len(group) == 1 else f"({said})"


def _test(condition: Condition) -> str:
    signal = (
        condition.signal if condition.signal.startswith("header:") else condition.signal.replace("_", " ")
    )
    phrase = PHRASES.get(condition.op, condition.op.replace("{", "{{").replace("}", "}}") + " {}")
    said = f"{signal.replace(':', ' ', 1)} {phrase.format(_value(condition))}".rstrip()
    return f"{said}, in any case" if condition.ignore_case else said


def _value(condition: Condition) -> str:
    value, unit = condition.value, _UNITS.get(condition.signal, "")
    if condition.op == "between" and isinstance(value, tuple) and len(value) == 2:
        return f"{shown(value[0])} up to {shown(value[1])}{unit}"
    return f"{shown(value)}{unit}"
