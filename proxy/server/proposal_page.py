"""/api/tiers/proposal: which providers and services could be added, by what is on this machine now.

Keys lie behind what is told here. So the answer is made of the fields below and of nothing else.
"""

from typing import Any

import msgspec
from aiohttp import web

from proxy.server.admin import Program
from proxy.server.endpoint import Access, Endpoint


class ProposedService(msgspec.Struct, frozen=True, kw_only=True):
    """A service of a tier."""

    service: str
    params: dict[str, Any]
    local: bool
    new: bool
    """False for one that the tier has already."""
    why: str


class ProposedTier(msgspec.Struct, frozen=True, kw_only=True):
    """A tier as it would be."""

    tier: str
    changed: bool
    services: list[ProposedService]
    note: str | None


class FoundKey(msgspec.Struct, frozen=True, kw_only=True):
    """Where a key lies. The key itself is never told."""

    provider: str
    where: str
    source: str
    label: str


class ProposedProvider(msgspec.Struct, frozen=True, kw_only=True):
    """A provider that would be added."""

    name: str
    label: str
    kind: str
    base_url: str = ""
    key: str = ""
    """How config.toml would name its key."""
    found_key: FoundKey | None


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """What was found and is not proposed."""

    what: str
    why: str


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of /api/tiers/proposal."""

    new: bool
    """Whether it would change anything."""
    providers: list[ProposedProvider]
    tiers: list[ProposedTier]
    left_out: list[LeftOut]
    advice: str | None
    """What to do next, where there is nothing to propose."""


def endpoints(program: Program) -> list[Endpoint]:
    async def get_proposal(_request: web.Request) -> web.Response:
        made = msgspec.convert(await program.proposal(), Proposal)
        return web.Response(body=msgspec.json.encode(made), content_type="application/json")

    return [
        Endpoint(
            method="GET",
            path="/api/tiers/proposal",
            access=Access.ADMIN,
            handle=get_proposal,
            summary="What `tiers propose` would propose now. Keys are named by where they lie; nothing is "
            "written or loaded.",
            answers={
                200: "Providers to add, the tiers as they would be, and what was left out, each with why.",
                401: "The admin token is missing or not valid.",
            },
            response=_schema(),
        )
    ]


def _schema() -> dict[str, Any]:
    """In one piece, with the parts inside: nothing else refers to them."""
    (only,), components = msgspec.json.schema_components([Proposal], ref_template="#/{name}")
    schema: dict[str, Any] = _inlined(only, components)
    return schema


def _inlined(schema: Any, components: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(each, components) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(components[schema["$ref"].rpartition("/")[2]], components)
    return {name: _inlined(each, components) for name, each in schema.items()}
