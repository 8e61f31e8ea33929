"""What counts as a perturbed turn, and which bars it has to stay below."""

import pytest

from benchmarks.robustness.__main__ import GROUPS, PERTURBATIONS, Told, measured, tell
from benchmarks.table import Table
from tests.benchmarks.savings.made import Talk

NEVER_CHANGED = {name: Told(turns=100) for name in PERTURBATIONS}


def test_each_perturbation_belongs_to_one_group() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(PERTURBATIONS)


async def test_a_turn_that_stays_as_it_was_is_not_counted() -> None:
    told = await measured([Talk().typed("please fix the bug").typed("Qwxz do not.").session()])
    counted = {name: each.turns for name, each in told.items()}
    assert counted["small letters"] == 1
    assert counted["no full stop at the end"] == 1
    assert counted["contractions"] == 1
    assert counted["synonyms"] == 1
    assert counted["half of the tools"] == 0
    assert counted["please"] == counted["capital letters"] == counted["40 messages before it"] == 2


def judged(found: dict[str, Told], capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What is said of each group, and whether all bars are met."""
    table = Table(72)
    tell(table, found, examples=0)
    lines = capsys.readouterr().out.splitlines()
    said = {group: line for line in lines for group in GROUPS if line.startswith(group)}
    return {**said, "": str(table.is_met)}


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_has_a_bar_that_no_other_group_makes_up_for(
    group: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = {name: Told(turns=100, changed=5) for name in GROUPS[group]}
    said = judged({**NEVER_CHANGED, **changed}, capsys)
    assert {name for name in GROUPS if "NOT met" in said[name]} == {group}
    assert said[""] == "False"


@pytest.mark.parametrize("group", GROUPS)
def test_below_its_bar_a_group_is_met(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    changed = {name: Told(turns=100, changed=4) for name in GROUPS[group]}
    said = judged({**NEVER_CHANGED, **changed}, capsys)
    assert "  4.0 % of" in said[group]
    assert said[""] == "True"


def test_a_group_is_judged_over_all_of_its_turns(capsys: pytest.CaptureFixture[str]) -> None:
    rare = {"contractions": Told(turns=10, changed=5), "synonyms": Told(turns=90, changed=5)}
    said = judged({**NEVER_CHANGED, **rare}, capsys)
    assert "  3.3 % of  300" in said["paraphrase"]


def test_what_stands_around_a_text_must_not_move_its_part_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    said = judged({**NEVER_CHANGED, "12 more tools": Told(turns=100, text_shift=0.001)}, capsys)
    assert said[""] == "False"
