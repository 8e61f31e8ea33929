"""Deciding from the configuration alone, where no Tierwise runs that could be asked.

Everything that only a running one knows counts as unknown and well: health, the keyring, pins, spending.
"""

import time
from collections.abc import Mapping
from random import Random
from typing import Any

import msgspec

from app.errors import UserError
from app.estimate.pricing import shipped_catalogue
from app.explain.keyless import keyless
from proxy.config import Config
from proxy.providers.entrance import Task
from proxy.providers.provider import Provider
from proxy.providers.speakers import speakers
from proxy.routing.selection.request import Request, Said
from proxy.routing.selection.route import Route
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.selection.told import told
from proxy.routing.signals import Messages, signals
from proxy.server.choosing.abilities import abilities
from proxy.server.choosing.judge import shipped_judge
from proxy.server.choosing.prices import UsualPrices
from proxy.server.explaining import refusal_of
from proxy.server.incoming import forced_tier, probed
from proxy.server.question import envelope_in, question_in
from proxy.wire.failure import Failure


class NoRequestError(UserError):
    """What was given cannot be a request."""

    kind = "bad_request"


def explained_offline(
    asked: Mapping[str, Any], config: Config, environ: Mapping[str, str]
) -> tuple[dict[str, Any], str]:
    """The decision, and why nobody can be asked where that is what it comes to."""
    try:
        return _decided(asked, config, environ)
    except Failure as failure:
        raise NoRequestError(failure.sentence) from failure


def _decided(
    asked: Mapping[str, Any], config: Config, environ: Mapping[str, str]
) -> tuple[dict[str, Any], str]:
    question = question_in(envelope_in(msgspec.json.encode(asked)))
    selector = Selector(config, shipped_judge())
    route = selector.route(question.client, question.surface, question.model, question.profile)
    said = Said(
        service=probed(question.headers, selector),
        tier=forced_tier(question.headers),
        speakers=speakers(config, question.format, Task.ANSWER),
    )
    request = Request(signals=signals(question.looked(route.affinity.anonymous), Messages()), said=said)
    names = dict.fromkeys(each.service.provider for each in route.able)
    missing = keyless([Provider(name, config.providers[name]) for name in names], question, environ)
    decision = selector.select(request, _looked_at(config, route, missing), Random(0))  # noqa: S311 -- it guards nothing
    return told(decision), refusal_of(decision, question, config)


def _looked_at(config: Config, route: Route, missing: Mapping[str, str]) -> Snapshot:
    """What can be known of services without asking anybody."""
    now, prices = time.time(), UsualPrices()
    prices.reconfigured(config)
    prices.learn(shipped_catalogue())
    return Snapshot(
        now=now,
        keyless=missing,
        abilities=abilities(config, route.able),
        prices=prices.of(route.able, now),
        terms=prices.terms(route.able, now),
    )
