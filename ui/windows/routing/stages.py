"""What each stage of a decision did: which candidates it dropped, whether it settled the matter, and why."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ui.windows.routing.words import sentence, stage_in_words, tr

Decision = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StageTold:
    """One stage, in the order in which they looked at the request."""

    name: str
    did: str
    reasons: tuple[str, ...]
    has_effect: bool


def stages_told(decision: Decision) -> list[StageTold]:
    dropped = Counter(each["dropped_by"] for each in decision["candidates"] if not each["kept"])
    return [_told(decision, stage, dropped[stage]) for stage in _names(decision)]


def _names(decision: Decision) -> list[str]:
    """Those that ran, and after them whoever else has found something."""
    found = [each["stage"] for each in decision["reasons"]]
    return list(dict.fromkeys([*decision["stages"], *found]))


def _told(decision: Decision, stage: str, dropped: int) -> StageTold:
    did = " ".join(_did(decision, stage, dropped))
    reasons = [sentence(each["text"]) for each in decision["reasons"] if each["stage"] == stage]
    if stage == "smart_routing":
        reasons += _rules(decision)
    return StageTold(
        name=stage_in_words(stage),
        did=did or tr("Changed nothing."),
        reasons=tuple(reasons),
        has_effect=bool(did),
    )


def _did(decision: Decision, stage: str, dropped: int) -> Iterator[str]:
    if dropped:
        total = len(decision["candidates"])
        yield tr("Dropped %1 of %2.").replace("%1", str(dropped)).replace("%2", str(total))
    marked = sum(1 for each in decision["candidates"] if each["kept"] and each["why"])
    if stage == "health" and marked:
        yield tr("Marked %1 as unwell.").replace("%1", str(marked))
    wanted, service = decision.get("wanted_tier"), decision["service"]
    if stage == "tier" and wanted is not None:
        yield tr("Asked for %1.").replace("%1", wanted)
    elif stage == "smart_routing" and decision["rule"] is not None:
        yield tr("Applied the rule %1.").replace("%1", decision["rule"])
    if service is None:
        return
    is_last = bool(decision["stages"]) and decision["stages"][-1] == stage
    if is_last or (stage == "affinity" and decision["source"] == stage):
        yield tr("Chose %1.").replace("%1", service)


def _rules(decision: Decision) -> Iterator[str]:
    """Each rule that was judged, and for one that does not hold, what is not so."""
    for rule in decision.get("judged", ()):
        if rule["holds"]:
            yield tr("✓ “%1” holds").replace("%1", rule["rule"])
            continue
        fails = [
            f"{step['signal']} {step['op']} {step['value']}" for step in rule["steps"] if not step["holds"]
        ]
        because = tr("✗ “%1” does not hold: it wants %2") if fails else tr("✗ “%1” does not hold")
        yield because.replace("%1", rule["rule"]).replace("%2", ", ".join(fails))
