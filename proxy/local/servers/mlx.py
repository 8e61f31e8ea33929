"""MLX's server: a plain Python one, whose models belong to nobody."""

from proxy.local.asking import Asker
from proxy.local.found import LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.reading import text
from proxy.local.servers.listed import models, owners


async def look(asker: Asker) -> LocalServer | None:
    """Asked for nothing but its list: at others, to ask whether they are well sets a model to work."""
    listed = await asker.get("/v1/models")
    is_plain = listed.headers.get("server", "").startswith("BaseHTTP/")
    if not is_plain or text(listed.object, "object") != "list" or owners(listed) - {""}:
        return None
    return LocalServer(kind=ServerKind.MLX, place=asker.place, models=tuple(models(listed)))
