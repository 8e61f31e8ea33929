"""The guide to rules names what there is, and its examples work."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from proxy.config import RuleConfig
from proxy.routing.rules import compiled, rule_findings
from proxy.routing.rules.vocabulary import SIGNALS, ops_of
from proxy.routing.signals import Kind

GUIDE = (Path(__file__).parents[4] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
FAMILIES = {
    "numbers": {"ge", "gt", "le", "lt", "equals", "between"},
    "figures": {"ge", "gt", "le", "lt", "max_le", "max_ge"},
}


def rows() -> dict[str, set[str]]:
    table = GUIDE.split("## Signals", 1)[1].split("## Ops", 1)[0]
    cells = [line.split(" | ") for line in table.splitlines() if line.startswith("| `")]
    return {
        signal.strip("|` "): FAMILIES.get(ops.strip()) or set(re.findall(r"`(\w+)`", ops))
        for signal, _, ops, _ in cells
    }


def test_every_signal_is_told_with_all_its_ops() -> None:
    known = {signal: set(ops) for signal, ops in SIGNALS.items()}

    assert rows() == {**known, "header:NAME": set(ops_of("header:NAME"))}


def test_every_kind_of_call_is_told() -> None:
    assert ", ".join(Kind) in GUIDE


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_sound(text: str) -> None:
    for index, table in enumerate(tomllib.loads(text)["rules"]):
        services = table.pop("services", ())
        rule = msgspec.convert({**table, "tier": table.get("tier", "SIMPLE")}, RuleConfig)

        assert services or "tier" in table
        assert list(rule_findings(rule)) == []
        assert compiled(rule, index, ()).broken == ""


def test_the_guide_has_examples() -> None:
    assert len(EXAMPLES) >= 4
