"""A conversation as the body of `POST /api/chat`.

`num_ctx` is always told if it is known: without it the server has room for a few thousand tokens. `truncate`
is always told, for without it a prompt that does not fit is cut off in silence, and `stream` too, for the
server streams unless it is told not to. `shift` never is: telling another one loads the model anew.
"""

from typing import Any

import msgspec

from proxy.wire.canonical import Conversation, Output, Reasoning
from proxy.wire.history import fitted, hoisted
from proxy.wire.ollama.draft import Draft
from proxy.wire.ollama.messages import written_messages
from proxy.wire.ollama.tools import written_tools
from proxy.wire.target import IdRule, Loss, Target, Thinks, Written

_IDS = IdRule()
_NEVER_TOLD = {
    "verbosity": Loss.VERBOSITY,
    "user": Loss.USER,
    "metadata": Loss.METADATA,
    "service_tier": Loss.SERVICE_TIER,
    "cache_key": Loss.CACHE_KEY,
    "previous_id": Loss.PREVIOUS_ID,
}
_OPTIONS = {
    "temperature": ("temperature", Loss.TEMPERATURE),
    "top_p": ("top_p", Loss.TOP_P),
    "top_k": ("top_k", Loss.TOP_K),
    "seed": ("seed", Loss.SEED),
    "frequency_penalty": ("frequency_penalty", Loss.PENALTIES),
    "presence_penalty": ("presence_penalty", Loss.PENALTIES),
}
_REFUSED = {
    "tools": Loss.SERVER_TOOL,
    "format": Loss.OUTPUT,
    "think": Loss.REASONING,
    "num_predict": Loss.MAX_TOKENS,
    "stop": Loss.STOP,
    **dict(_OPTIONS.values()),
}
_LEVELS = {"minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "high", "max": "max"}
_KNOWS_LEVELS = "gpt-oss"
"""Other models are refused with a level; they think or do not."""


def write_request(conversation: Conversation, target: Target) -> Written:
    fit, losses = fitted(conversation, target, _IDS)
    said = hoisted(fit)
    draft = Draft.of(said, target, losses)
    members: dict[str, Any] = {
        "tools": written_tools(draft, said),
        "format": _format(said.output),
        "think": _think(draft, said.reasoning),
        "options": _options(draft, said),
        "keep_alive": target.keep_alive,
    }
    body: dict[str, Any] = {
        "model": target.model,
        "messages": written_messages(draft, said.system, said.messages),
        "stream": said.stream,
        "truncate": False,
    }
    for holder in (members, members["options"]):
        for name in target.refuses & {name for name, value in holder.items() if value is not None}:
            del holder[name]
            draft.lost.add(_REFUSED.get(name, Loss.UNKNOWN_FIELDS))
    body |= {name: value for name, value in members.items() if value not in (None, [], {})}
    draft.note(said.extra)
    draft.lost.update(loss for name, loss in _NEVER_TOLD.items() if getattr(said, name) is not None)
    if said.store:
        draft.lost.add(Loss.STORE)
    return Written(msgspec.json.encode(body), frozenset(draft.lost), draft.naming.names)


def _format(output: Output | None) -> Any:
    if output is None:
        return None
    return output.schema if output.schema is not None else "json"


def _think(draft: Draft, reasoning: Reasoning | None) -> bool | str | None:
    if reasoning is None:
        return None
    draft.note(reasoning.extra)
    thinks = draft.target.thinks
    if reasoning.enabled is False or reasoning.effort == "none":
        return None if thinks is Thinks.NOT else False
    if thinks is Thinks.NOT:
        draft.lost.add(Loss.REASONING)
        return None
    if thinks is Thinks.EFFORT or (thinks is None and _KNOWS_LEVELS in draft.target.model):
        return _LEVELS.get(reasoning.effort or "", True)
    if reasoning.effort is not None or reasoning.budget is not None:
        draft.lost.add(Loss.REASONING)
    asks = reasoning.enabled or reasoning.adaptive or reasoning.effort or reasoning.budget
    return True if asks else None


def _options(draft: Draft, conversation: Conversation) -> dict[str, Any]:
    options = {
        "num_ctx": draft.target.context,
        "num_predict": _length(draft, conversation.max_tokens),
        "stop": list(conversation.stop) or None,
        **{option: getattr(conversation, name) for name, (option, _) in _OPTIONS.items()},
    }
    return {name: value for name, value in options.items() if value is not None}


def _length(draft: Draft, wanted: int | None) -> int | None:
    most = draft.target.max_output
    if wanted is None and draft.target.context is not None:
        return most  # beyond its context a model goes on without the beginning of its prompt
    if wanted is None or most is None or wanted <= most:
        return wanted
    draft.lost.add(Loss.MAX_TOKENS)
    return most
