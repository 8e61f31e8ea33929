"""What is known of a route's services for a while: what they can do, what they cost, and who has no key.

It is looked up once for many requests, and again when a provider's list has come in, when a server near has
changed, when the prices were read, and after a minute, because some prices depend on the hour.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from proxy.config import Config
from proxy.providers.provider import Provider
from proxy.routing.selection.route import Route
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Abilities, Terms
from proxy.routing.service import Candidate, Service
from proxy.server.choosing.abilities import abilities
from proxy.server.choosing.neighbours import Neighbours
from proxy.server.choosing.prices import UsualPrices
from proxy.upstream.catalogue import Catalogue
from proxy.upstream.keys import CLIENT_KEY

_MINUTE = 60.0
Revision = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of one route under one configuration."""

    unready: Mapping[str, str]
    """The providers that lack something they need, and what."""
    clients_own: tuple[Provider, ...]
    """Those that are only asked with what a client brings along."""
    keyed: tuple[Provider, ...]
    """All others, whose keys are ours."""
    abilities: Mapping[Service, Abilities]
    prices: Mapping[Service, float]
    terms: Mapping[Service, Terms]
    until: float
    revision: Revision


class Outlooks:
    """The newest of each route. A new configuration needs new ones."""

    def __init__(
        self, catalogue: Catalogue, prices: UsualPrices, neighbours: Neighbours | None = None
    ) -> None:
        self._catalogue = catalogue
        self._prices = prices
        self._neighbours = neighbours
        self._of: dict[str, tuple[Selector, Outlook]] = {}

    def of(self, selector: Selector, route: Route, now: float) -> Outlook:
        """The prices in it are those of every service that is listed anywhere."""
        known = self._of.get(route.name)
        revision = self._revision()
        if known is not None:
            made_for, outlook = known
            is_fresh = outlook.until - _MINUTE <= now < outlook.until and outlook.revision == revision
            if made_for is selector and is_fresh:
                return outlook
        outlook = self._looked_up(selector, route, now, revision)
        self._of[route.name] = selector, outlook
        return outlook

    def _revision(self) -> Revision:
        near = 0 if self._neighbours is None else self._neighbours.revision
        return self._catalogue.revision, self._prices.revision, near

    def _looked_up(self, selector: Selector, route: Route, now: float, revision: Revision) -> Outlook:
        config, listed = selector.config, selector.direct.listed
        names = dict.fromkeys(each.service.provider for each in route.able)
        providers = [Provider(name, config.providers[name]) for name in names]
        unready = {each.name: why for each in providers if (why := each.why_not_configured()) is not None}
        ready = [each for each in providers if each.name not in unready]
        clients_own = tuple(each for each in ready if set(each.config.key_forms) == {CLIENT_KEY})
        return Outlook(
            unready,
            clients_own,
            tuple(each for each in ready if each not in clients_own),
            self._abilities(config, route, listed),
            self._prices.of(listed, now),
            self._prices.terms(route.able, now),
            now + _MINUTE,
            revision,
        )

    def _abilities(
        self, config: Config, route: Route, listed: Iterable[Candidate]
    ) -> Mapping[Service, Abilities]:
        """Of the route's own, and of whatever is near, for requests may name that as well."""
        near = self._neighbours
        if near is None:
            return abilities(config, route.able, self._catalogue.model)
        others = [each for each in listed if near.server(each.service.provider) is not None]
        asked = {each.service: each for each in (*others, *route.able)}
        known = abilities(config, asked.values(), self._catalogue.model)
        return {name: near.abilities(asked[name], config, can) for name, can in known.items()}
