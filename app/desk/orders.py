"""What windows order beside providers: switches, settings, prices, and one tier for all for a while."""

from collections.abc import Mapping
from typing import TypeVar

from app.desk.errors import DeskError, told
from app.desk.program import Program
from app.toml.edits import Edit
from proxy.config import TIER_NAMES, TierName
from proxy.config.switch import Switch, Until, What
from proxy.server.admin import Reloaded, Switched

Outcome = TypeVar("Outcome", bound=Reloaded)


class Orders:
    """Each is carried out whole and in force when it returns; a DeskError says why nothing was changed."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def ends(self) -> Mapping[What, Until]:
        """What is switched for a while, and until when."""
        return self._program.ends()

    async def switch(self, *switches: Switch) -> Switched:
        """All of these or none; `undo` of the answer are the switches that take them back."""
        with told():
            return _applied(await self._program.switch(*switches))

    async def write(self, *edits: Edit) -> None:
        """Edits of config.toml: all of them or none."""
        with told():
            _applied(await self._program.edit(*edits))

    async def set_price(self, service: str, prices: Mapping[str, float]) -> None:
        """Dollars per million tokens: input, output, cache_read, cache_write; none takes them back."""
        with told():
            _applied(await self._program.set_price(service, prices))

    async def use_local(self, url: str, name: str, model: str, tier: str) -> None:
        """Let a model of the server that was found at this address serve a tier before all others."""
        found = next((each for each in self._program.local_servers() or () if each.place.url == url), None)
        if found is None:
            raise DeskError(f"There is no model server at {url} any more.")
        with told():
            _applied(await self._program.use_local(found, name, model, _tier(tier)))

    async def set_override(self, tier: str, minutes: float | None) -> None:
        """One tier for everything, from the next typed turn on; without minutes until the program ends."""
        self._program.gateway.answers.set_override(_tier(tier), minutes)

    async def end_override(self) -> None:
        """Let every turn decide again."""
        self._program.gateway.answers.end_override()


def _tier(name: str) -> TierName:
    found = next((each for each in TIER_NAMES if each == name), None)
    if found is None:
        raise DeskError(f"There is no tier {name}; there are {', '.join(TIER_NAMES)}.")
    return found


def _applied(outcome: Outcome) -> Outcome:
    if not outcome.applied:
        raise DeskError("\n".join(outcome.problems))
    return outcome
