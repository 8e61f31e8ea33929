"""The API description, made from the same table as the routes, so that the two cannot disagree."""

import re
from collections.abc import Iterable
from typing import Any

from proxy.server.endpoint import Access, Endpoint
from proxy.wire.formats import Format

_PATTERN = re.compile(r"\{(\w+):[^}]*\}")
"""What a part of a path must look like, which only our router wants to know."""

_SECURITY: dict[Access, list[dict[str, list[str]]]] = {
    Access.OPEN: [],
    Access.CLIENT: [{"clientToken": []}, {"clientBearer": []}],
    Access.ADMIN: [{"adminToken": []}, {"adminBearer": []}],
}


def describe(endpoints: Iterable[Endpoint], version: str) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(_PATTERN.sub(r"{\1}", endpoint.path), {})[endpoint.method.lower()] = _operation(
            endpoint
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tierwise",
            "version": version,
            "description": "The local gateway. Paths marked x-prefixed also stand under "
            "/c/{client} and /c/{client}@{profile}.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "clientToken": {"type": "apiKey", "in": "header", "name": "x-tierwise-token"},
                "clientBearer": {"type": "http", "scheme": "bearer"},
                "adminToken": {"type": "apiKey", "in": "header", "name": "x-tierwise-token"},
                "adminBearer": {"type": "http", "scheme": "bearer"},
            },
            "schemas": {"AnthropicError": _ANTHROPIC_ERROR, "OpenAIError": _OPENAI_ERROR},
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": endpoint.summary,
        "security": _SECURITY[endpoint.access],
        "responses": {
            str(status): _answer(endpoint, status, text) for status, text in endpoint.answers.items()
        },
    }
    if endpoint.request:
        operation["requestBody"] = {"content": {"application/json": {"schema": endpoint.request}}}
    if endpoint.prefixed:
        operation["x-prefixed"] = True
    return operation


def _answer(endpoint: Endpoint, status: int, text: str) -> dict[str, Any]:
    if status < 400 or (status == 422 and endpoint.response):
        schema = endpoint.response
    else:
        name = "AnthropicError" if endpoint.speaks is Format.ANTHROPIC else "OpenAIError"
        schema = {"$ref": f"#/components/schemas/{name}"}
    answer: dict[str, Any] = {"description": text}
    if schema:
        answer["content"] = {"application/json": {"schema": schema}}
    return answer


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


_TEXT = {"type": "string"}
_ANTHROPIC_ERROR = _object(
    type={"const": "error"}, error=_object(type=_TEXT, message=_TEXT), request_id=_TEXT
)
_OPENAI_ERROR = _object(error=_object(message=_TEXT, type=_TEXT, code=_TEXT, request_id=_TEXT))
