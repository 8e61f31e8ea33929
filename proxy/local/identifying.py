"""Which sort of server answers at a place, by what it says and never by its port.

The order is what keeps them apart: those that cannot be confused come first, those that imitate others come
before whom they imitate, and whoever merely lists models is the last.
"""

from collections.abc import Awaitable, Callable, Mapping

from proxy.local.asking import Asker
from proxy.local.found import LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.servers import (
    docker,
    generic,
    jan,
    koboldcpp,
    llama_cpp_python,
    llamacpp,
    lmstudio,
    localai,
    mlx,
    ollama,
    proxies,
    sglang,
    vllm,
    webui,
)

Look = Callable[[Asker], Awaitable[LocalServer | None]]

_CERTAIN: tuple[Look, ...] = (
    lmstudio.look,
    llamacpp.look,
    localai.look,
    koboldcpp.look,
    llama_cpp_python.look,
    webui.look,
    docker.look,
    ollama.look,
    sglang.look,
    vllm.look,
)
_LIKELY: tuple[Look, ...] = (jan.look, mlx.look, generic.look)
"""What a proxy could be taken for."""

_LOOKS: Mapping[ServerKind, Look] = {
    ServerKind.LM_STUDIO: lmstudio.look,
    ServerKind.LLAMACPP: llamacpp.look,
    ServerKind.LLAMAFILE: llamacpp.look,
    ServerKind.LOCALAI: localai.look,
    ServerKind.KOBOLDCPP: koboldcpp.look,
    ServerKind.TEXT_GENERATION_WEBUI: webui.look,
    ServerKind.DOCKER_MODEL_RUNNER: docker.look,
    ServerKind.OLLAMA: ollama.look,
    ServerKind.SGLANG: sglang.look,
    ServerKind.VLLM: vllm.look,
    ServerKind.JAN: jan.look,
    ServerKind.MLX: mlx.look,
}


async def identified(asker: Asker) -> LocalServer | None:
    """The server; None for anything else that answers. GoneError where nobody does."""
    try:
        return await _anybody(asker)
    except llamacpp.NotToBeAskedError:
        return None


async def looked_at(asker: Asker, before: LocalServer) -> LocalServer | None:
    """How a server is now; None if it is there no more."""
    if before.kind is ServerKind.LLAMA_CPP_PYTHON:
        return await llama_cpp_python.look_again(asker, before)
    look = _LOOKS.get(before.kind, _anybody)
    try:
        return await look(asker)
    except llamacpp.NotToBeAskedError:
        return None


async def _anybody(asker: Asker) -> LocalServer | None:
    if found := await _first(_CERTAIN, asker):
        return found
    if asker.is_slow or asker.is_cut:
        return None  # it may be one of those, whose mark was not heard
    return None if await proxies.is_a_proxy(asker) else await _first(_LIKELY, asker)


async def _first(looks: tuple[Look, ...], asker: Asker) -> LocalServer | None:
    for look in looks:
        if found := await look(asker):
            return found
    return None
