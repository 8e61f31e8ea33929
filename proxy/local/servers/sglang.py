"""SGLang: it tells of its model at a path of its own, and lists it for Ollama's clients as well.

Its paths are not as harmless as they look: /health makes a model write, others empty caches.
"""

from dataclasses import replace

from proxy.local.asking import Asker
from proxy.local.found import LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.reading import text, yes_or_no
from proxy.local.servers.listed import models, owners


async def look(asker: Asker) -> LocalServer | None:
    listed = await asker.get("/v1/models")
    if "sglang" not in owners(listed):
        return None
    about = (await asker.get("/get_model_info")).object
    if not text(about, "model_path"):
        about = (await asker.get("/model_info")).object
    vision, writes = yes_or_no(about, "has_image_understanding"), yes_or_no(about, "is_generation")
    found = (
        replace(each, is_loaded=True, vision=vision, chats=each.chats and writes is not False)
        for each in models(listed)
    )
    return LocalServer(kind=ServerKind.SGLANG, place=asker.place, models=tuple(found))
