"""A proposal as a whole: what it would change, as edits of config.toml and as JSON. It holds found keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.proposal.pieces import LeftOut, NewProvider, ProposedTier
from app.toml.edits import Assign, Edit
from proxy.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What would be added. Nothing that is configured is ever taken away by it."""

    providers: tuple[NewProvider, ...] = ()
    tiers: tuple[ProposedTier, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    advice: str = ""
    """What to do next, where there is nothing to propose."""

    @property
    def is_new(self) -> bool:
        """Whether it would change anything."""
        return bool(self.providers) or any(tier.is_changed for tier in self.tiers)

    @property
    def secrets(self) -> tuple[tuple[str, Secret], ...]:
        """What has to be in the keyring before the edits are made, by name."""
        return tuple(stored for each in self.providers if (stored := each.to_store) is not None)

    def edits(self, tree: Mapping[str, Any] | None = None) -> list[Edit]:
        """What to change in config.toml. `tree` is what it says now, so that services stay as written."""
        changed = [tier for tier in self.tiers if tier.is_changed]
        return [
            *(Assign(("providers", each.name), each.table) for each in self.providers),
            *(
                Assign(("tiers", tier.name, "services"), tier.services(services_as_written(tree, tier.name)))
                for tier in changed
            ),
        ]

    def as_json(self) -> dict[str, Any]:
        return {
            "new": self.is_new,
            "providers": [each.as_json() for each in self.providers],
            "tiers": [tier.as_json() for tier in self.tiers],
            "left_out": [each.as_json() for each in self.left_out],
            "advice": self.advice or None,
        }


def services_as_written(tree: Mapping[str, Any] | None, tier: str) -> dict[str, Any]:
    """The services of a tier as the file writes them, by name."""
    listed = _table(_table(_table(tree, "tiers"), tier), "services")
    entries: Sequence[Any] = listed if isinstance(listed, list) else ()
    return {_name(entry): entry for entry in entries}


def _table(tree: Any, name: str) -> Any:
    return tree.get(name) if isinstance(tree, Mapping) else None


def _name(entry: Any) -> str:
    return f"{entry.get('provider')}/{entry.get('model')}" if isinstance(entry, Mapping) else str(entry)
