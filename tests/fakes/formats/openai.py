"""What OpenAI's two formats have in common: errors, lists of models, embeddings."""

import base64
import struct
from collections.abc import Collection
from typing import Any

from tests.fakes.formats.speech import Refused, Reply, Speech, Task, json_reply
from tests.fakes.script import Asked

MODELS_AND_EMBEDDINGS = (
    ("GET", "/v1/models", Task.MODELS),
    ("GET", "/v1/models/(?P<model>.+)", Task.MODEL),
    ("POST", "/v1/embeddings", Task.EMBED),
)
_TYPES_AND_CODES = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    402: ("insufficient_quota", "insufficient_quota"),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", None),
    429: ("requests", "rate_limit_exceeded"),
    500: ("server_error", None),
    503: ("service_unavailable_error", None),
    529: ("server_error", "server_is_overloaded"),
}
_VECTOR = (0.25, -0.5, 1.0)


class OpenAI(Speech):
    base = "/v1"
    key_headers = ("authorization", "api-key")

    def error(self, status: int, message: str, code: str | None = None) -> Reply:
        return json_reply(status, {"error": error_members(status, message, code)}, x_request_id="req_fake")

    def no_model(self, model: str) -> Refused:
        message = f"The model `{model}` does not exist or you do not have access to it."
        return Refused(message, status=404, code="model_not_found")

    def models(self, names: Collection[str]) -> Any:
        data = [
            {"id": name, "object": "model", "created": 1_767_225_600, "owned_by": "fake"} for name in names
        ]
        return {"object": "list", "data": data}

    def embedded(self, asked: Asked, tokens: int) -> Any:
        inputs = asked.body.get("input")
        count = len(inputs) if isinstance(inputs, list) and isinstance(inputs[0], str | list) else 1
        vector: Any = list(_VECTOR)
        if asked.body.get("encoding_format") == "base64":
            vector = base64.b64encode(struct.pack("<3f", *_VECTOR)).decode()
        data = [{"object": "embedding", "index": index, "embedding": vector} for index in range(count)]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {"object": "list", "data": data, "model": asked.model, "usage": usage}


def error_members(status: int, message: str, code: str | None = None) -> dict[str, Any]:
    type_, usual = _TYPES_AND_CODES.get(status, ("server_error", None))
    return {"message": message, "type": type_, "param": None, "code": code or usual}
