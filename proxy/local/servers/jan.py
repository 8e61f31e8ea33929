"""Jan: it wants a key before it lists anything, and describes its interface to everybody."""

from proxy.local.asking import Asker
from proxy.local.found import LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.reading import inner, text
from proxy.local.servers.listed import models

_TITLE = "jan "


async def look(asker: Asker) -> LocalServer | None:
    about = inner((await asker.get("/openapi.json")).object, "info")
    if not f"{text(about, 'title')} ".casefold().startswith(_TITLE):
        return None
    listed = await asker.get("/v1/models")
    return LocalServer(
        kind=ServerKind.JAN,
        place=asker.place,
        version=text(about, "version"),
        state=State.LOCKED if listed.status in (401, 403) else State.READY,
        models=tuple(models(listed)),
    )
