"""How to answer: `generationConfig`."""

from typing import Any

from proxy.wire.canonical import Conversation, Output
from proxy.wire.gemini.draft import Draft
from proxy.wire.gemini.read_request import JSON_TYPE
from proxy.wire.gemini.reasoning import is_told, written_reasoning
from proxy.wire.gemini.write_tools import written_schema
from proxy.wire.target import Loss, Thinks

_MOST_STOPS = 5
_REFUSED = {
    "maxOutputTokens": Loss.MAX_TOKENS,
    "temperature": Loss.TEMPERATURE,
    "topP": Loss.TOP_P,
    "topK": Loss.TOP_K,
    "frequencyPenalty": Loss.PENALTIES,
    "presencePenalty": Loss.PENALTIES,
    "seed": Loss.SEED,
    "stopSequences": Loss.STOP,
    "thinkingConfig": Loss.REASONING,
    "responseMimeType": Loss.OUTPUT,
}


def written_config(draft: Draft, conversation: Conversation) -> dict[str, Any]:
    members = {
        "maxOutputTokens": _length(draft, conversation.max_tokens),
        "temperature": conversation.temperature,
        "topP": conversation.top_p,
        "topK": conversation.top_k,
        "frequencyPenalty": conversation.frequency_penalty,
        "presencePenalty": conversation.presence_penalty,
        "seed": conversation.seed,
        "stopSequences": _stops(draft, conversation.stop),
        "thinkingConfig": _thinking(draft, conversation),
    }
    config = {name: value for name, value in members.items() if value not in (None, [], {})}
    if conversation.output is not None:
        config |= _output(draft, conversation.output)
    for name in draft.target.refuses & config.keys():
        del config[name]
        draft.lost.add(_REFUSED.get(name, Loss.OUTPUT))
    return config


def _length(draft: Draft, wanted: int | None) -> int | None:
    most = draft.target.max_output
    if wanted is None or most is None or wanted <= most:
        return wanted
    draft.lost.add(Loss.MAX_TOKENS)
    return most


def _stops(draft: Draft, stops: tuple[str, ...]) -> list[str]:
    if len(stops) > _MOST_STOPS:
        draft.lost.add(Loss.STOP)
    return list(stops[:_MOST_STOPS])


def _thinking(draft: Draft, conversation: Conversation) -> dict[str, Any]:
    reasoning = conversation.reasoning
    if reasoning is None:
        return {}
    thinks = draft.target.thinks
    if thinks is None and draft.older and not draft.own:
        thinks = Thinks.BUDGET
    written = written_reasoning(reasoning, thinks, own=draft.own)
    if not is_told(reasoning, written, thinks):
        draft.lost.add(Loss.REASONING)
    if reasoning.extra and not draft.own:
        draft.lost.add(Loss.UNKNOWN_FIELDS)
    return written


def _output(draft: Draft, output: Output) -> dict[str, Any]:
    if draft.older and draft.naming.tools and not draft.own:
        draft.lost.add(Loss.OUTPUT)
        return {}
    form: dict[str, Any] = {"responseMimeType": JSON_TYPE}
    if output.schema is not None:
        form |= written_schema(draft, output.schema, "responseJsonSchema", "responseSchema")
    return form
