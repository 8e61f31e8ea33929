"""Tells what was done, with the way back from it as long as nobody has changed the same since."""

from collections.abc import Awaitable, Callable, Collection

from app.toml.scan import KeyPath
from ui.switching import way_back
from ui.windows.providers.surroundings import Surroundings
from ui.windows.providers.words import tr


async def told_undoable(
    around: Surroundings, sentence: str, keys: Collection[KeyPath], back: Callable[[], Awaitable[object]]
) -> None:
    """For what has just been done to these keys of config.toml, and which `back` reverses."""
    take_back = await way_back(around.desk, keys, back)

    async def undo() -> None:
        await take_back()
        around.host.say(tr("It is as it was before."))

    around.host.say(sentence, undo)
