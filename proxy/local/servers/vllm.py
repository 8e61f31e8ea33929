"""vLLM: its models say whose they are, and how long a prompt may be."""

from dataclasses import replace

from proxy.local.asking import Asker
from proxy.local.found import LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.reading import text
from proxy.local.servers.listed import models, owners


async def look(asker: Asker) -> LocalServer | None:
    listed = await asker.get("/v1/models")
    is_locked = listed.status == 401 and await _is_behind_a_key(asker)
    if not is_locked and "vllm" not in owners(listed):
        return None
    return LocalServer(
        kind=ServerKind.VLLM,
        place=asker.place,
        version=text((await asker.get("/version")).object, "version"),
        state=State.LOCKED if is_locked else State.READY,
        models=tuple(replace(each, is_loaded=True) for each in models(listed)),
    )


async def _is_behind_a_key(asker: Asker) -> bool:
    """A key closes only what is below /v1."""
    return "server_load" in (await asker.get("/load")).object
