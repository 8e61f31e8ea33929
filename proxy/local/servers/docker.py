"""Docker Model Runner: the interfaces of others at its root, and its own below /engines."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from proxy.local.asking import Asker
from proxy.local.found import LocalModel, LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.reading import inner, text
from proxy.local.servers.listed import listed, models, owners


async def look(asker: Asker) -> LocalServer | None:
    reply = await asker.get("/engines/v1/models")
    if not isinstance(reply.object.get("data"), list):
        return None
    own = (await asker.get("/models")).json
    if owners(reply) != {"docker"} and not (own == [] and not listed(reply)):
        return None
    told = dict(_described(own))
    return LocalServer(
        kind=ServerKind.DOCKER_MODEL_RUNNER,
        place=asker.place,
        models=tuple(_model(each, told.get(each.name, {})) for each in models(reply)),
    )


def _model(model: LocalModel, config: Mapping[str, Any]) -> LocalModel:
    return replace(model, parameters=text(config, "parameters"), quantisation=text(config, "quantization"))


def _described(told: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is told of each model, by each of its names."""
    for each in told if isinstance(told, list) else ():
        if isinstance(each, dict) and isinstance(each.get("tags"), list):
            for tag in each["tags"]:
                if isinstance(tag, str):
                    yield tag, inner(each, "config")
