"""text-generation-webui: it tells which model it has loaded, and its list has models that do not exist."""

from proxy.local.asking import Asker
from proxy.local.found import LocalModel, LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.reading import inner, text

_ABOUT = "/v1/internal/model/info"
_NONE = ("", "None")


async def look(asker: Asker) -> LocalServer | None:
    reply = await asker.get(_ABOUT)
    if reply.status == 401 and _ABOUT in inner((await asker.get("/openapi.json")).object, "paths"):
        return LocalServer(kind=ServerKind.TEXT_GENERATION_WEBUI, place=asker.place, state=State.LOCKED)
    about = reply.object
    if not isinstance(about.get("model_name"), str) or "lora_names" not in about:
        return None
    name = text(about, "model_name")
    models = () if name in _NONE else (LocalModel(name=name, is_loaded=True),)
    return LocalServer(kind=ServerKind.TEXT_GENERATION_WEBUI, place=asker.place, models=models)
