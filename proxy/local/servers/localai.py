"""LocalAI: it imitates Ollama as well, with a version of its own making, so it is looked for before."""

from proxy.local.asking import Asker
from proxy.local.found import LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.reading import inner, text
from proxy.local.servers.listed import models

_ABOUT = "/.well-known/localai.json"


async def look(asker: Asker) -> LocalServer | None:
    about = (await asker.get(_ABOUT)).object
    if not inner(about, "endpoints") and not await _is_older(asker):
        return None
    reply = await asker.get("/v1/models")
    return LocalServer(
        kind=ServerKind.LOCALAI,
        place=asker.place,
        version=text(about, "version") or text((await asker.get("/version")).object, "version"),
        state=State.LOCKED if reply.status == 401 else State.READY,
        models=tuple(models(reply)),
    )


async def _is_older(asker: Asker) -> bool:
    """Before it told about itself: well without a word, a version, and lists of both kinds."""
    ready = await asker.get("/readyz")
    if not ready.is_good or ready.body:
        return False
    return bool(text((await asker.get("/version")).object, "version")) and (
        "models" in (await asker.get("/api/tags")).object
    )
