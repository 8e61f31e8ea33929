"""A conversation as the request that a model is asked with by Converse, or by ConverseStream.

The model and the wish for a stream are part of the address, so neither is written.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Raw

from proxy.wire.anthropic.output import written_format
from proxy.wire.bedrock.families import family_of
from proxy.wire.bedrock.read_blocks import IDS
from proxy.wire.bedrock.settings import Hindrances, Settings
from proxy.wire.bedrock.turns import Turns, runs_tools_without_thinking
from proxy.wire.bedrock.write_blocks import BlockWriter
from proxy.wire.bedrock.write_tools import ToolWriter, is_forced
from proxy.wire.canonical import Conversation
from proxy.wire.history import fitted, hoisted
from proxy.wire.names import NameRule, Naming
from proxy.wire.reading import UNREADABLE, decoded
from proxy.wire.target import Loss, Target, Written

_NAMES = NameRule()
_TIERS = {"default": "default", "standard_only": "default", "flex": "flex", "priority": "priority"}
_NO_TIER = (None, "auto")
_METADATA = msgspec.json.Decoder(dict[str, str])
_METADATA_WORD = re.compile(r"[a-zA-Z0-9\s:_@$#=/+,\-.]{0,256}")
_MOST_METADATA = 16
_NEVER_TOLD = {
    "frequency_penalty": Loss.PENALTIES,
    "presence_penalty": Loss.PENALTIES,
    "seed": Loss.SEED,
    "verbosity": Loss.VERBOSITY,
    "cache_key": Loss.CACHE_KEY,
    "previous_id": Loss.PREVIOUS_ID,
}
_REFUSED = {
    "additionalModelRequestFields": Loss.REASONING,
    "additionalModelRequestFields.thinking": Loss.REASONING,
    "additionalModelRequestFields.output_config": Loss.REASONING,
    "additionalModelRequestFields.top_k": Loss.TOP_K,
    "inferenceConfig.maxTokens": Loss.MAX_TOKENS,
    "inferenceConfig.stopSequences": Loss.STOP,
    "inferenceConfig.temperature": Loss.TEMPERATURE,
    "inferenceConfig.topP": Loss.TOP_P,
    "outputConfig": Loss.OUTPUT,
    "requestMetadata": Loss.METADATA,
    "serviceTier": Loss.SERVICE_TIER,
    "toolConfig.toolChoice": Loss.TOOL_CHOICE,
}
"""What may be refused, by its path, and what is lost with it."""


def write_request(conversation: Conversation, target: Target) -> Written:
    fit, losses = fitted(conversation, target, IDS)
    return _Request(hoisted(fit), target, set(losses)).written()


class _Request:
    """One request in the making, and what cannot be said in it."""

    def __init__(self, conversation: Conversation, target: Target, lost: set[Loss]) -> None:
        self._said = conversation
        self._target = target
        self._lost = lost
        self._family = family_of(target)
        self._naming = Naming(conversation, _NAMES)
        self._blocks = BlockWriter(target, self._family, self._naming, lost)

    def written(self) -> Written:
        said, lost = self._said, self._lost
        system = self._blocks.system(said.system)
        turns = Turns(said.messages, self._blocks, lost)
        tools = ToolWriter(said, self._target, self._naming, self._blocks, lost)
        tool_config = tools.written(have_calls=turns.have_calls)
        hindrances = Hindrances(
            to_think=is_forced(tool_config) or turns.ends_with_assistant,
            to_budget=runs_tools_without_thinking(said.messages),
        )
        members = {
            "system": system,
            "messages": turns.written,
            "toolConfig": tool_config,
            **Settings(said, self._target, self._family, lost).written(hindrances),
            "outputConfig": self._output(),
            "requestMetadata": self._metadata(),
            "serviceTier": self._service_tier(),
        }
        body: dict[str, Any] = {name: value for name, value in members.items() if value}
        self._note_what_is_never_told()
        self._take_out_what_is_refused(body)
        added = [*turns.added, *tools.added]
        if self._blocks.named_documents:
            added.append("Names for documents, for the format demands them.")
        return Written(
            msgspec.json.encode(body), frozenset(lost), self._naming.names, tuple(dict.fromkeys(added))
        )

    def _output(self) -> dict[str, Any] | None:
        """The schema stands as text in the request."""
        output = self._said.output
        form = written_format(output, own=False) if output is not None else None
        if output is None or form is None:
            self._lost.update([] if output is None else [Loss.OUTPUT])
            return None
        schema: dict[str, str] = {"schema": msgspec.json.encode(form["schema"]).decode(errors="replace")}
        if output.name is not None:
            schema["name"] = output.name
        if output.description is not None:
            schema["description"] = output.description
        return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": schema}}}

    def _metadata(self) -> Raw | None:
        """What the client says of its request, where it is of the few words that may stand in AWS's logs."""
        metadata = self._said.metadata
        known = _words_in(metadata) if metadata is not None else {}
        if metadata is not None and not known:
            self._lost.add(Loss.METADATA)
        if self._said.user is not None and self._said.user not in known.values():
            self._lost.add(Loss.USER)
        return metadata if known else None

    def _service_tier(self) -> dict[str, str] | None:
        tier = self._said.service_tier
        if tier in _NO_TIER:
            return None
        written = _TIERS.get(tier or "")
        if written is None:
            self._lost.add(Loss.SERVICE_TIER)
            return None
        return {"type": written}

    def _note_what_is_never_told(self) -> None:
        self._lost.update(loss for name, loss in _NEVER_TOLD.items() if getattr(self._said, name) is not None)
        self._blocks.note_extra(self._said.extra)
        if self._said.store:
            self._lost.add(Loss.STORE)

    def _take_out_what_is_refused(self, body: dict[str, Any]) -> None:
        for path in self._target.refuses:
            outer, _, inner = path.partition(".")
            holder: Any = body.get(outer) if inner else body
            if not isinstance(holder, Mapping) or (inner or outer) not in holder:
                continue
            left = {name: value for name, value in holder.items() if name != (inner or outer)}
            if not inner:
                del body[outer]
            elif left:
                body[outer] = left
            else:
                del body[outer]
            self._lost.add(_REFUSED.get(path, Loss.UNKNOWN_FIELDS))


def _words_in(metadata: Raw) -> Mapping[str, str]:
    try:
        words = decoded(_METADATA, metadata)
    except UNREADABLE:
        return {}
    fit = all(
        name and _METADATA_WORD.fullmatch(name) and _METADATA_WORD.fullmatch(words[name]) for name in words
    )
    return words if fit and len(words) <= _MOST_METADATA else {}
