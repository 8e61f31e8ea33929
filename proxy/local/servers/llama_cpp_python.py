"""The server of llama-cpp-python, which is not llama.cpp's own: its description of itself tells it.

To ask for its list of models breaks off the answer it is just writing, so that is done once and never again.
"""

from dataclasses import replace

from proxy.local.asking import Asker
from proxy.local.found import LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.reading import inner, text
from proxy.local.servers.listed import bare, models

_TITLE = "llama.cpp Python API"


async def look(asker: Asker) -> LocalServer | None:
    if not await _is_here(asker):
        return None
    listed = await asker.get("/v1/models")
    found = tuple(models(listed))
    if len(found) == 1:  # it answers to every name
        found = (replace(found[0], name=bare(found[0].name)),)
    return LocalServer(
        kind=ServerKind.LLAMA_CPP_PYTHON,
        place=asker.place,
        state=State.LOCKED if listed.status == 401 else State.READY,
        models=found,
        slots=1,
    )


async def look_again(asker: Asker, before: LocalServer) -> LocalServer | None:
    if before.state is not State.READY or not before.models:
        return await look(asker)
    return replace(before, place=asker.place) if await _is_here(asker) else None


async def _is_here(asker: Asker) -> bool:
    return _TITLE in text(inner((await asker.get("/openapi.json")).object, "info"), "title")
