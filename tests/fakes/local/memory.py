"""What a pretended server has in memory: models, how they were loaded and for how long, and how often."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

FOR_EVER = timedelta(days=365 * 200)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(kw_only=True)
class Loaded:
    """One model as it is in memory."""

    name: str
    context: int
    how: Hashable = None
    """Whatever else it was loaded with: another value wants another load. None goes with all."""
    keep: timedelta = timedelta(minutes=5)
    """How long it stays after it was last of use."""
    until: datetime = field(default_factory=_now)


@dataclass(kw_only=True)
class Memory:
    """One model is loaded at a time; while it is, others may be asked for."""

    room: int = 3
    """So many models fit into it."""
    load_seconds: float = 0.0
    now: Callable[[], datetime] = _now
    loads_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    """Clear it, and whatever is being loaded stays so until it is set again."""
    loading: list[str] = field(default_factory=list)
    loads: list[Loaded] = field(default_factory=list)
    """Every load there was, in its order."""
    unloads: list[str] = field(default_factory=list)
    _loaded: dict[str, Loaded] = field(default_factory=dict)
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.loads_go_on.set()

    @property
    def loaded(self) -> dict[str, Loaded]:
        """By name, and only those whose time has not passed."""
        for name in [each.name for each in self._loaded.values() if each.until <= self.now()]:
            self.unload(name)
        return dict(self._loaded)

    def put(self, name: str, context: int, how: Hashable = None, keep: timedelta = FOR_EVER) -> Loaded:
        """It is there from the beginning: nobody's request loaded it."""
        loaded = Loaded(name=name, context=context, how=how, keep=keep, until=self.now() + keep)
        self._loaded[name] = loaded
        return loaded

    async def load(self, name: str, context: int, how: Hashable, keep: timedelta) -> Loaded:
        """As it is asked for; if it is in memory in another way, it is loaded anew."""
        async with self._one_by_one:
            there = self.loaded.get(name)
            if there is not None and there.context == context and there.how in (None, how):
                return there
            self._make_room(name)
            self.loading.append(name)
            try:
                await asyncio.sleep(self.load_seconds)
                await self.loads_go_on.wait()
            finally:
                self.loading.remove(name)
            self.loads.append(self.put(name, context, how, keep))
            return self.loads[-1]

    def used(self, name: str, keep: timedelta) -> None:
        """It was of use just now, and stays for so long, or goes at once."""
        loaded = self._loaded.get(name)
        if loaded is not None:
            loaded.keep, loaded.until = keep, self.now() + keep

    def unload(self, name: str) -> None:
        if self._loaded.pop(name, None) is not None:
            self.unloads.append(name)

    def _make_room(self, name: str) -> None:
        self.unload(name)
        while len(self._loaded) >= self.room:
            self.unload(min(self._loaded.values(), key=lambda each: each.until).name)
