"""Programs that pass requests on to others' models, as we do: what they list is not on this machine."""

import re
from collections.abc import Mapping

from proxy.local.asking import Asker
from proxy.local.reading import text
from proxy.local.servers.listed import listed

_OUR_HEADERS = "x-tierwise-"
_OTHERS_HEADERS = ("x-litellm-",)
_GREETINGS = ("LLMs API", "CLI Proxy API Server")
_ALIVE, _IS_ALIVE = "/health/liveliness", "I'm alive!"
_HOSTED = re.compile(r"(?i)(?:.*/)?(?:claude-|gpt-[45]|o[134](?:-|$)|gemini-|grok-\d|chatgpt-)\S*")
_BORROWED = frozenset({"gpt-3.5-turbo", "gpt-4", "gpt-4o", "gpt-4o-mini"})
"""Names under which servers offer their own models to clients that know no others."""


async def is_a_proxy(asker: Asker) -> bool:
    """Whether it is another Tierwise, one of its kin, or lists what only data centres have."""
    greeting = await asker.get("/")
    if _is_marked(greeting.headers) or text(greeting.object, "message") in _GREETINGS:
        return True
    reply = await asker.get("/v1/models")
    if _is_marked(reply.headers):
        return True
    names = [text(each, "id") for each in listed(reply)]
    if names and (await asker.get(_ALIVE)).json == _IS_ALIVE:
        return True
    hosted = [name for name in names if _HOSTED.fullmatch(name) and name not in _BORROWED]
    return 2 * len(hosted) > len(names)


def _is_marked(headers: Mapping[str, str]) -> bool:
    return any(name.lower().startswith((_OUR_HEADERS, *_OTHERS_HEADERS)) for name in headers)
