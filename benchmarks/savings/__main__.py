"""What routing saves on recorded sessions: policies side by side, billed by content.

    python -m benchmarks.savings [--profile balanced] [--local] [--held | --tuning | --all] [--class NAME]
        [--json FILE]
    python -m benchmarks.savings --turns NAME [--policy economics]

`weak` are requests that somebody served who is below their label, and `typed` the share of typed turns of
which that is so; `strong` are those that were served above it; `low tier` counts tiers instead of models,
where one model serves two of them. Nothing is tuned on the sessions that are held back. It fails as long as
one of the bars is not met.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.savings.careful import as_careful
from benchmarks.savings.labels import labels_of
from benchmarks.savings.policies import OURS, POLICIES
from benchmarks.savings.replay import Story, replay, story
from benchmarks.savings.report import (
    Replayed,
    as_json,
    tell_careful,
    tell_classes,
    tell_goals,
    tell_policies,
    tell_turns,
)
from benchmarks.savings.session import Session, names, read
from benchmarks.savings.world import LADDERS, WITH_LOCAL, Ladder, config_of
from benchmarks.table import Table
from proxy.config import Profile

_PROFILES: Final[Sequence[Profile]] = ("save", "balanced", "quality")
_HALVES: Final[Mapping[str, Callable[[Session], bool]]] = {
    "tuning": lambda session: not session.held,
    "held": lambda session: session.held,
    "all": lambda _session: True,
}


_VALUES: Final = 90
"""The width of a row's figures."""


def main() -> int:
    chosen = _arguments()
    ladders = WITH_LOCAL if chosen.local else LADDERS
    began = time.perf_counter()
    if chosen.turns:
        policies = [chosen.policy]
        told = _with_labels(read(chosen.turns), ladders)
        tell_turns(asyncio.run(_replayed(told, policies, chosen.profile)), chosen.policy)
        return 0
    sessions = [read(name) for name in names()]
    wanted = [each for each in sessions if chosen.cls in ("", each.cls)]
    if not wanted:
        print("There are no such sessions.")
        return 1
    found = asyncio.run(_all([_with_labels(each, ladders) for each in wanted], chosen.profile))
    table = Table(_VALUES)
    for half in chosen.halves or ("tuning", "held"):
        here = [each for each in found if _HALVES[half](each.story.session)]
        if here:
            tell_policies(table, half, here)
            tell_goals(table, here)
            below = sum(line.is_below for each in here for line in each.lines[OURS])
            stories = [each.story for each in here]
            tell_careful(table, here, asyncio.run(as_careful(stories, chosen.profile, below)))
            tell_classes(table, here)
    print(f"{time.perf_counter() - began:.1f} s")
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(as_json(found), indent=1))
    return 0 if table.is_met else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--profile", choices=_PROFILES, default="balanced")
    for half in _HALVES:
        parser.add_argument(f"--{half}", dest="halves", action="append_const", const=half)
    parser.add_argument("--class", dest="cls", default="", help="only sessions of this class")
    parser.add_argument("--json", type=Path, help="also write the figures of every session")
    parser.add_argument("--local", action="store_true", help="a model on this machine does what is simple")
    parser.add_argument("--turns", metavar="NAME", help="tell one session request by request")
    parser.add_argument("--policy", choices=tuple(POLICIES), default=OURS)
    return parser.parse_args()


async def _all(stories: Sequence[Story], profile: Profile) -> list[Replayed]:
    return [await _replayed(each, tuple(POLICIES), profile) for each in stories]


async def _replayed(told: Story, policies: Sequence[str], profile: Profile) -> Replayed:
    config = config_of(told.ladder, profile)
    lines = {name: await replay(told, POLICIES[name](told, config), config) for name in policies}
    return Replayed(told, lines)


def _with_labels(session: Session, ladders: Mapping[str, Ladder]) -> Story:
    return story(session, labels_of(session), ladders[session.client])


if __name__ == "__main__":
    sys.exit(main())
