"""Which names can be asked for: ours, every provider's models, and those that clients ask for anyway."""

from collections import OrderedDict
from collections.abc import Callable, Iterator

from aiohttp import web

from proxy.config import TIER_NAMES, Config
from proxy.providers.facts import facts
from proxy.routing.names import ALIAS_PREFIX, AUTO, plain
from proxy.routing.service import Service
from proxy.server.model_list import ListedModel, gemini_list, model_list, one_gemini_model, one_model
from proxy.upstream.catalogue import Catalogue
from proxy.upstream.listing import KnownModel

_REFRESH_SECONDS = 1.5
"""Clients ask for the list when they start, and wait for it."""
_MOST_NAMES = 50
_LONGEST_NAME = 200


class AskedNames:
    """The model names that clients have asked for lately."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, None] = OrderedDict()

    def note(self, name: str | None) -> None:
        if not name or len(name) > _LONGEST_NAME:
            return
        self._names[plain(name)] = None
        self._names.move_to_end(plain(name))
        if len(self._names) > _MOST_NAMES:
            self._names.popitem(last=False)

    def __iter__(self) -> Iterator[str]:
        return reversed(self._names)


class ModelPages:
    """The answers of the model endpoints."""

    def __init__(self, config: Callable[[], Config], catalogue: Catalogue, asked: AskedNames) -> None:
        self._config = config
        self._catalogue = catalogue
        self._asked = asked

    async def list(self, request: web.Request) -> web.Response:
        return web.json_response(model_list(await self._listed(), request.headers, request.query))

    async def one(self, request: web.Request, name: str) -> web.Response:
        return web.json_response(one_model(await self._listed(name), name, request.headers))

    async def list_gemini(self, _request: web.Request) -> web.Response:
        return web.json_response(gemini_list(await self._listed()))

    async def one_gemini(self, _request: web.Request, name: str) -> web.Response:
        return web.json_response(one_gemini_model(await self._listed(name), name))

    async def _listed(self, wanted: str | None = None) -> tuple[ListedModel, ...]:
        """Every name is accepted in a request, so the one that is asked about exists."""
        config = self._config()
        await self._catalogue.refresh(config, _REFRESH_SECONDS)
        models: dict[str, ListedModel] = {}
        for model in self._all(config):
            models.setdefault(model.id, model)
        if wanted is not None:
            name = wanted.removeprefix("models/")
            models.setdefault(name, ListedModel(id=name))
        return tuple(models.values())

    def _all(self, config: Config) -> Iterator[ListedModel]:
        yield from _ours()
        known = {model.service: model for model in self._catalogue.known(config)}
        for service in _configured(config):
            yield _told(known[service]) if service in known else _listed_service(config, service)
        yield from map(_told, known.values())
        for name in self._asked:
            yield ListedModel(id=name)


def _told(known: KnownModel) -> ListedModel:
    return ListedModel(
        id=str(known.service),
        display_name=known.label,
        owner=known.service.provider,
        context=known.context,
        max_output=known.max_output,
        tools=known.tools,
        vision=known.vision,
        thinking=known.thinking,
    )


def _ours() -> Iterator[ListedModel]:
    yield ListedModel(id=AUTO, display_name="Tierwise: the tier that the turn needs")
    for tier in TIER_NAMES:
        yield ListedModel(id=tier.lower(), display_name=f"Tierwise: {tier}")
    for name in (AUTO, *(tier.lower() for tier in TIER_NAMES)):
        yield ListedModel(id=ALIAS_PREFIX + name, display_name=f"Tierwise: {name}")


def _configured(config: Config) -> Iterator[Service]:
    for entry in config.services:
        provider = config.providers.get(entry.provider)
        if entry.active and provider is not None and provider.enabled:
            yield Service(entry.provider, entry.model)


def _listed_service(config: Config, service: Service) -> ListedModel:
    known = facts(config.providers[service.provider].kind, service.model)
    return ListedModel(
        id=str(service),
        display_name=service.model,
        owner=service.provider,
        context=known.context,
        max_output=known.max_output,
        tools=known.tools,
        vision=known.vision,
        thinking=known.thinking,
    )
