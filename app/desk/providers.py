"""What windows do with providers and their keys: the same steps as the commands take, off the loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from app.desk.errors import DeskError, told
from app.desk.program import Program
from app.keyring.state import KeyringState
from app.providers.carrying_out import carry_out, drop, take_out
from app.providers.entering import pasted
from app.providers.key_state import KeyStates
from app.providers.listing import Row, preset_as_json
from app.providers.mentions import mentions
from app.providers.planning import planned
from app.providers.wish import Wish, check
from app.tiers.listing import tier_rows
from app.toml.layout import written_path
from proxy.providers.presets import presets
from proxy.secret import Secret

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Removed:
    """What became of a provider that is gone."""

    name: str
    still_named_by: tuple[str, ...]
    """Keys of config.toml that name it without effect."""


class ProviderDesk:
    """Everything raises a DeskError with a sentence where it cannot be done. No key is ever told."""

    def __init__(self, program: Program, *, is_live: bool) -> None:
        self._program = program
        self._is_live = is_live
        self._file = program.file
        self._begun: set[asyncio.Task[Any]] = set()

    async def rows(self) -> list[Row]:
        """The configured providers with the state of their keys. A keyring that hangs takes 5 s to say so."""
        return await _aside(self._rows)

    async def tiers(self) -> list[dict[str, Any]]:
        """[{tier, enabled, tactic, services: [{service, weight, priority, active, capacity, params,
        can_be_asked, missing}], answered_by}], as `tiers list --json` tells them."""
        return await _aside(
            lambda: tier_rows(self._program.loaded.settings, {row.name: row for row in self._rows()})
        )

    async def presets(self) -> list[dict[str, Any]]:
        """[{id, label, kind, where, base_url, key_variable, keys_at, models, about, added}]."""
        configured = self._program.loaded.settings.providers
        return await _aside(lambda: [preset_as_json(each, configured) for each in presets()])

    async def keyring(self) -> KeyringState:
        """How the keyring answers; a locked one may show its prompt."""
        return await self._program.keyring.check()

    async def add(self, wish: Wish, key: Secret | None = None) -> Row:
        """Add a provider, give one a further key, or with `replaces` another one.

        The key goes into the keyring and the table into config.toml, both or neither. Once begun it is
        carried out, even if nobody waits for it any more.
        """
        return await self._whole(self._added(wish, key))

    async def remove(self, name: str) -> Removed:
        """Take a provider out of config.toml, and its keys out of the keyring; likewise to its end."""
        return await self._whole(self._removed(name))

    async def _added(self, wish: Wish, key: Secret | None) -> Row:
        def work() -> None:
            check(wish, self._program.environ)
            plan = planned(wish, self._file.load().settings)
            if plan.stores and key is None:
                raise DeskError(f"A key of {plan.name} is wanted: paste it, or say where it is.")
            given = pasted(key) if plan.stores and key is not None else None
            carry_out(plan, given, self._file, self._program.keyring)

        await _aside(work)
        await self._taken_up()
        return next(row for row in await self.rows() if row.name == wish.name)

    async def _removed(self, name: str) -> Removed:
        def unset() -> tuple[tuple[str, ...], tuple[str, ...]]:
            settings, stored = take_out(name, self._file)
            return stored, tuple(written_path(path) for path in mentions(settings, name))

        stored, left = await _aside(unset)
        await self._taken_up()
        await _aside(lambda: drop(name, stored, self._program.keyring))
        return Removed(name, left)

    async def test(self, name: str, model: str | None = None) -> AsyncIterator[dict[str, Any]]:
        """{step, ok, text, seconds} for each step as it is done; `ok` is None where nothing was tried."""
        if not self._is_live:
            raise DeskError("Tierwise does not run here, so no provider can be tried.")
        with told():
            async for finding in self._program.gateway.answers.test_provider(name, model):
                yield finding

    async def models(self, name: str) -> list[dict[str, Any]]:
        """[{service, model, label, context, max_output, tools, vision, thinking, listed, tiers}].

        Its list is asked for unless that was done lately, which may take seconds; None is unknown.
        """
        with told():
            return await self._program.gateway.answers.models_of(name, refresh=self._is_live)

    async def _whole(self, work: Coroutine[None, None, T]) -> T:
        """A window may close in the middle: then a key would be stored that nobody has been told of."""
        task = asyncio.get_running_loop().create_task(work)
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
        return await asyncio.shield(task)

    def _rows(self) -> list[Row]:
        states = KeyStates(self._program.keyring.get_blocking, self._program.environ)
        configured = self._program.loaded.settings.providers
        return [Row.of(name, config, states) for name, config in configured.items()]

    async def _taken_up(self) -> None:
        outcome = await self._program.reload()
        if not outcome.applied:
            raise DeskError(_unapplied(outcome.problems))


async def _aside(work: Callable[[], T]) -> T:
    with told():
        return await asyncio.to_thread(work)


def _unapplied(problems: Sequence[str]) -> str:
    return f"config.toml was changed, and is not in force: {' '.join(problems)}"
