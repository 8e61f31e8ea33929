"""How servers near are asked how many tokens a request has, and where their answers have the number.

They count the very request that they would be sent, with its tools and by their own template. One that would
have to load the model for that does not count.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from msgspec import Raw

from proxy.upstream.call import Call

_CHAT = "/chat/completions"
_COUNTED_BY_VLLM = ("model", "messages", "tools", "chat_template_kwargs")


@dataclass(frozen=True, slots=True)
class _Way:
    url: Callable[[str], str]
    body: Callable[[bytes], bytes]


def _said_of_vllm(body: bytes) -> bytes:
    said = msgspec.json.decode(body, type=dict[str, Raw])
    kept: dict[str, Any] = {name: said[name] for name in _COUNTED_BY_VLLM if name in said}
    return msgspec.json.encode({**kept, "add_generation_prompt": True})


def _not_loading(url: str) -> str:
    """Several models behind one llama.cpp are loaded by whoever names them, and push out the others."""
    return f"{url}{'&' if '?' in url else '?'}autoload=false"


_WAYS: Mapping[str, _Way] = {
    "llamacpp": _Way(lambda url: _not_loading(f"{url}/input_tokens"), lambda body: body),
    "vllm": _Way(lambda url: url.removesuffix(f"/v1{_CHAT}") + "/tokenize", _said_of_vllm),
}


class _Answer(msgspec.Struct):
    input_tokens: int | None = None
    count: int | None = None


def counting(call: Call) -> Call | None:
    """The call that counts what another call asks; None where nobody counts."""
    way = _WAYS.get(call.config.kind)
    if way is None or call.body is None or not call.url.endswith(_CHAT):
        return None
    return replace(call, url=way.url(call.url), body=way.body(call.body), takes_seat=False)


def loading_nothing(count: Call) -> Call:
    """The same count, for which no model is loaded."""
    return replace(count, url=_not_loading(count.url)) if count.config.kind == "llamacpp" else count


def counted(answer: bytes) -> int | None:
    """Not every version of a server that answers there counts."""
    try:
        told = msgspec.json.decode(answer, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return told.input_tokens if told.input_tokens is not None else told.count
