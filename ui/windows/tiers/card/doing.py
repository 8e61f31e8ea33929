"""Turns what is done to a list of services into orders."""

from PySide6.QtGui import QGuiApplication

from proxy.config.switch import Lasting, Switch, tier_enabled
from ui.windows.tiers.card.actions import ServiceActions
from ui.windows.tiers.card.around import Around
from ui.windows.tiers.card.carrying import Landing
from ui.windows.tiers.card.details import Details
from ui.windows.tiers.card.service_list import ServiceList
from ui.windows.tiers.lists import (
    Change,
    Held,
    carried,
    changed,
    copied,
    moved,
    neighbour,
    removed,
    stepped,
)
from ui.windows.tiers.speech import later, tr

_NUMBER_SAID = {
    "weight": later("%1 has weight %2 in %3 now."),
    "priority": later("%1 has priority %2 in %3 now."),
    "capacity": later("%1 has %2 seats in %3 now."),
}


class Doing:
    """Of one card; nothing is done to a service that is not there any more."""

    def __init__(
        self, services: ServiceList, actions: ServiceActions, details: Details, around: Around
    ) -> None:
        self._list, self._around = services, around
        self._tier = services.tier
        actions.up.triggered.connect(lambda: self._step(-1))
        actions.down.triggered.connect(lambda: self._step(1))
        actions.left.triggered.connect(lambda: self._carry(-1))
        actions.right.triggered.connect(lambda: self._carry(1))
        actions.copy.triggered.connect(self._copy)
        actions.paste.triggered.connect(self._paste)
        actions.remove.triggered.connect(self._remove)
        actions.to_providers.triggered.connect(self._to_provider)
        services.toggled.connect(self._toggle)
        services.landed.connect(self._land)
        details.active_wished.connect(self._set_active)
        details.number_wished.connect(self._set_number)
        details.provider_wished.connect(lambda name: around.host.go_to("providers", name))

    def switch(self, is_on: bool, lasting: object) -> None:  # noqa: FBT001 -- the signal's
        if isinstance(lasting, Lasting | float):
            self._around.do(self._switched(is_on, lasting))

    # -- by the chosen service ----------------------------------------------------------------------

    def _step(self, by: int) -> None:
        if (held := self._held()) is not None:
            self._order(lambda settings: stepped(settings, held, by), held)

    def _carry(self, by: int) -> None:
        held, to = self._held(), neighbour(self._tier, by)
        if held is not None and to is not None:
            self._order(lambda settings: carried(settings, held, to), Held(to, held.name))

    def _copy(self) -> None:
        if (held := self._held()) is not None:
            self._around.copied.held = held
            QGuiApplication.clipboard().setText(held.name)
            self._around.host.say(tr("%1 is copied: paste it into the list of another tier.", held.name))
            self._around.refresh()

    def _paste(self) -> None:
        if (held := self._around.copied.held) is not None:
            self._order(lambda settings: copied(settings, held, self._tier), Held(self._tier, held.name))

    def _remove(self) -> None:
        if (held := self._held()) is not None:
            self._order(lambda settings: removed(settings, held))

    def _to_provider(self) -> None:
        if (held := self._held()) is not None:
            self._around.host.go_to("providers", held.name.partition("/")[0])

    # -- by a named one -----------------------------------------------------------------------------

    def _land(self, landing: Landing) -> None:
        held, gap, tier = landing.held, landing.gap, self._tier
        if held.tier == tier:
            self._order(lambda settings: moved(settings, held, gap), held)
        elif landing.is_copy:
            self._order(lambda settings: copied(settings, held, tier, gap), Held(tier, held.name))
        else:
            self._order(lambda settings: carried(settings, held, tier, gap), Held(tier, held.name))

    def _toggle(self, name: str) -> None:
        line = next((each for each in self._list.services.lines if each.entry.name == name), None)
        if line is not None:
            self._set_active(name, not line.entry.active)

    def _set_active(self, name: str, is_on: bool) -> None:  # noqa: FBT001 -- the signal's
        sentence = tr("%1 is asked in %2 again.", name, self._tier)
        if not is_on:
            sentence = tr("%1 is not asked in %2 any more.", name, self._tier)
        held = Held(self._tier, name)
        self._order(lambda settings: changed(settings, held, sentence, active=is_on))

    def _set_number(self, name: str, key: str, number: int) -> None:
        held = Held(self._tier, name)
        sentence = tr(_NUMBER_SAID[key], name, str(number), self._tier)
        self._order(lambda settings: changed(settings, held, sentence, **{key: number}))

    # -- within -------------------------------------------------------------------------------------

    def _held(self) -> Held | None:
        name = self._list.current
        return None if name is None else Held(self._tier, name)

    def _order(self, change: Change, follow: Held | None = None) -> None:
        self._around.do(self._ordered(change, follow))

    async def _ordered(self, change: Change, follow: Held | None) -> None:
        """The keyboard goes with what was moved."""
        try:
            if await self._around.orders.rearrange(change) and follow is not None:
                self._around.choose(follow.tier, follow.name)
        finally:
            self._around.refresh()

    async def _switched(self, is_on: bool, lasting: Lasting | float) -> None:  # noqa: FBT001 -- the signal's
        sentence = tr("%1 is on.", self._tier) if is_on else tr("%1 is off.", self._tier)
        try:
            await self._around.orders.switch(Switch(tier_enabled(self._tier), is_on, lasting), sentence)
        finally:
            self._around.refresh()
