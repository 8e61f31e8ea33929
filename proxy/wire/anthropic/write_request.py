"""A conversation as the request that an Anthropic model is asked with."""

from collections.abc import Mapping
from typing import Any

import msgspec

from proxy.wire.anthropic import limits
from proxy.wire.anthropic.output import written_format
from proxy.wire.anthropic.reasoning import Asked, asked_of, is_lost
from proxy.wire.anthropic.turns import ends_with_assistant, opened, runs_tools_without_thinking, written_turns
from proxy.wire.anthropic.write_blocks import BlockWriter
from proxy.wire.anthropic.write_tools import is_forced, written_choice, written_tools
from proxy.wire.canonical import Conversation, Role
from proxy.wire.format import Format
from proxy.wire.history import fitted, hoisted
from proxy.wire.names import NameRule, Naming
from proxy.wire.reading import members_of
from proxy.wire.target import IdRule, Loss, Target, Written

_IDS = IdRule(prefix="toolu_")
_NAMES = NameRule()
_TIERS = {"auto": "auto", "default": "standard_only"}
_LONGEST_USER = 256
_NEVER_TOLD = {
    "frequency_penalty": Loss.PENALTIES,
    "presence_penalty": Loss.PENALTIES,
    "seed": Loss.SEED,
    "verbosity": Loss.VERBOSITY,
    "cache_key": Loss.CACHE_KEY,
    "previous_id": Loss.PREVIOUS_ID,
}
_REFUSED = {
    "cache_control": Loss.CACHE_MARKS,
    "metadata": Loss.METADATA,
    "output_config": Loss.REASONING,
    "output_config.effort": Loss.REASONING,
    "output_config.format": Loss.OUTPUT,
    "service_tier": Loss.SERVICE_TIER,
    "stop_sequences": Loss.STOP,
    "temperature": Loss.TEMPERATURE,
    "thinking": Loss.REASONING,
    "tool_choice": Loss.TOOL_CHOICE,
    "top_k": Loss.TOP_K,
    "top_p": Loss.TOP_P,
}


def write_request(conversation: Conversation, target: Target) -> Written:
    fit, losses = fitted(conversation, target, _IDS)
    request = _Request(hoisted(fit), target, set(losses))
    return request.written()


class _Request:
    """One request in the making, and what cannot be said in it."""

    def __init__(self, conversation: Conversation, target: Target, lost: set[Loss]) -> None:
        self._said = conversation
        self._target = target
        self._lost = lost
        self._own = conversation.format is Format.ANTHROPIC
        self._added: list[str] = []
        self._naming = Naming(conversation, _NAMES)
        self._blocks = BlockWriter(conversation.format, target, self._naming, lost)

    def written(self) -> Written:
        said, lost = self._said, self._lost
        turns = self._turns()
        tools = written_tools(said, self._naming, self._blocks, lost)
        choice = written_choice(said, tools, self._naming, lost)
        asked = self._asked(turns, forced=choice is not None and is_forced(said.choice))
        length = limits.length_of(said, asked, self._target, lost)
        asked = limits.budget_within(asked, length, lost)
        if said.max_tokens is None:
            self._added.append(f"A limit of {length} tokens, for the format demands one.")
        if is_lost(said.reasoning, asked):
            lost.add(Loss.REASONING)
        extra = self._extra(asked)
        body: dict[str, Any] = {"model": self._target.model, "max_tokens": length}
        members = {
            "system": self._blocks.content(Role.SYSTEM, said.system),
            "messages": turns,
            "tools": tools,
            "tool_choice": choice,
            "thinking": asked.thinking,
            "output_config": self._output_config(asked, extra),
            **limits.sampling(said, asked, own=self._own, lost=lost),
            "stop_sequences": self._stop(),
            "metadata": self._metadata(),
            "service_tier": self._service_tier(),
            "stream": said.stream or None,
            **extra,
        }
        body.update({name: value for name, value in members.items() if value not in (None, [], {})})
        self._note_what_is_never_told()
        self._take_out_what_is_refused(body)
        return Written(msgspec.json.encode(body), frozenset(lost), self._naming.names, tuple(self._added))

    def _turns(self) -> list[dict[str, Any]]:
        turns = written_turns(
            self._said.messages, self._blocks, self._lost, system_messages=self._target.system_messages
        )
        begun = opened(turns)
        if begun is None:
            return turns
        self._added.append("A first message of the user, for the format demands one.")
        return begun

    def _asked(self, turns: list[dict[str, Any]], *, forced: bool) -> Asked:
        """How to think, where the format lets it: not when a call is forced or an answer already begun, and
        by a budget not in the middle of a turn that began without."""
        if self._said.reasoning is not None:
            self._blocks.kept(self._said.reasoning.extra)
        asked = asked_of(self._said.reasoning, self._target.thinks, own=self._own)
        hindered = forced or ends_with_assistant(turns)
        if asked.budget is not None:
            hindered = hindered or runs_tools_without_thinking(turns)
        if not (asked.thinks and hindered):
            return asked
        self._lost.add(Loss.REASONING)
        return Asked(None, asked.effort)

    def _extra(self, asked: Asked) -> dict[str, Any]:
        """What the client said beyond what we understand. Edits of the context speak of thinking, and are
        refused where there is none."""
        extra = dict(self._blocks.kept(self._said.extra))
        reasoning = self._said.reasoning
        wanted = reasoning is not None and not reasoning.is_off
        if wanted and not asked.thinks and extra.pop("context_management", None) is not None:
            self._lost.add(Loss.UNKNOWN_FIELDS)
        return extra

    def _output_config(self, asked: Asked, extra: dict[str, Any]) -> dict[str, Any]:
        rest = extra.pop("output_config", None)
        config: dict[str, Any] = dict(members_of(rest)) if rest is not None else {}
        if asked.effort is not None:
            config["effort"] = asked.effort
        if self._said.output is not None:
            form = written_format(self._said.output, own=self._own)
            if form is None:
                self._lost.add(Loss.OUTPUT)
            else:
                config["format"] = form
        return config

    def _stop(self) -> list[str]:
        """Sequences of nothing but whitespace are refused."""
        visible = [sequence for sequence in self._said.stop if sequence.strip()]
        if len(visible) < len(self._said.stop):
            self._lost.add(Loss.STOP)
        return visible

    def _metadata(self) -> Any:
        """Who asks. Names that tell a person by an address are refused."""
        said = self._said
        if self._own and said.metadata is not None:
            return said.metadata
        if said.metadata is not None:
            self._lost.add(Loss.METADATA)
        if said.user is None:
            return None
        if "@" in said.user or len(said.user) > _LONGEST_USER:
            self._lost.add(Loss.USER)
            return None
        return {"user_id": said.user}

    def _service_tier(self) -> str | None:
        tier = self._said.service_tier
        written = tier if self._own else _TIERS.get(tier or "")
        if written is None and tier is not None:
            self._lost.add(Loss.SERVICE_TIER)
        return written

    def _note_what_is_never_told(self) -> None:
        self._lost.update(loss for name, loss in _NEVER_TOLD.items() if getattr(self._said, name) is not None)
        if self._said.store:
            self._lost.add(Loss.STORE)

    def _take_out_what_is_refused(self, body: dict[str, Any]) -> None:
        if "thinking" in self._target.refuses and body.pop("context_management", None) is not None:
            self._lost.add(Loss.UNKNOWN_FIELDS)
        for name in self._target.refuses:
            outer, _, inner = name.partition(".")
            holder: Any = body.get(outer) if inner else body
            if isinstance(holder, Mapping) and (inner or outer) in holder:
                holder = dict(holder) if inner else body
                del holder[inner or outer]
                if inner and holder:
                    body[outer] = holder
                elif inner:
                    del body[outer]
                self._lost.add(_REFUSED.get(name, Loss.UNKNOWN_FIELDS))
