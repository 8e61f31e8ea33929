"""Whoever lists models as OpenAI does and tells nothing else of itself; GPT4All is one, at its port."""

from proxy.local.asking import Asker
from proxy.local.found import LocalServer
from proxy.local.kinds import SORTS, ServerKind
from proxy.local.reading import text
from proxy.local.servers.listed import listed, models, owners


async def look(asker: Asker) -> LocalServer | None:
    reply = await asker.get("/v1/models")
    if not listed(reply) or text(reply.object, "object") != "list":
        return None
    is_gpt4all = asker.place.port in SORTS[ServerKind.GPT4ALL].ports or owners(reply) == {"humanity"}
    kind = ServerKind.GPT4ALL if is_gpt4all else ServerKind.OPENAI_COMPATIBLE
    return LocalServer(kind=kind, place=asker.place, models=tuple(models(reply)))
