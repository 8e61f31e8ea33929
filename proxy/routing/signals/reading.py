"""From a request to its signals: one way for every surface."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial, reduce
from math import ceil
from operator import or_

from proxy.routing.signals.calls import call_of, program_of
from proxy.routing.signals.demands import demands_of
from proxy.routing.signals.facts import Facts, facts_of
from proxy.routing.signals.kind import Kind, Shape, harness_of, kind_of
from proxy.routing.signals.marks import UNMARKED, Mark, marks_in
from proxy.routing.signals.memo import Messages
from proxy.routing.signals.offered import Offered, offered, total
from proxy.routing.signals.pieces import SEE, Pieces, pieces_of, see_system
from proxy.routing.signals.request import Looked, Signals
from proxy.routing.signals.session import SessionId, agent_of, fingerprint_of, resolve_session_id
from proxy.routing.signals.texts import NO_TEXTS, Texts
from proxy.routing.signals.turn import answers_in, turn_of
from proxy.wire.estimate import TOOLS_PROMPT, tokens_in
from proxy.wire.format import Format
from proxy.wire.proof import may_prove

_READ = {written: partial(facts_of, see=see) for written, see in SEE.items()}
_READ_SYSTEM = partial(facts_of, see=see_system)
_FIRST_PINNED = 3
"""Messages. Two conversations that only begin alike are no longer taken for one when each has an answer."""


def signals(asked: Looked, known: Messages) -> Signals:
    """Never raises for what a body holds: what cannot be read is nothing."""
    headers = {name.lower(): "" if may_prove(name) else value for name, value in asked.headers.items()}
    if asked.body is None:
        return _bare(asked, headers)
    pieces = pieces_of(asked.body, asked.format)
    texts = _texts(pieces, asked.format, known)
    system = known.facts.of(pieces.system, "system", _READ_SYSTEM)
    tools = total(known.offered.of(pieces.tools, "tools", offered))
    demands = demands_of(asked.body, asked.format)
    facts = texts.facts
    tokens = _tokens(asked.format, [*system, *facts], tools, pieces.rest)
    session = _session(asked, headers, texts)
    shape = Shape(
        harness=harness_of(asked.client, headers),
        headers=headers,
        is_count=asked.is_count,
        system=_marks([*system, *facts]),
        asked=marks_in(texts.asked()),
        messages=_exchanged(facts),
        tools=tools.count,
        tokens=tokens,
        max_output=demands.max_output,
        is_structured=demands.is_structured,
    )
    kind = kind_of(shape)
    call = call_of(asked, shape, session, texts, tools.names, known) if kind is Kind.MAIN else None
    if call is not None and known.customs.is_chore(call):
        kind = Kind.CHORE
    return Signals(
        surface=asked.surface,
        client=asked.client,
        profile=asked.profile,
        model=asked.model,
        headers=headers,
        kind=kind,
        is_tool_turn=texts.turn.is_tools,
        has_tool_history=any(one.has_tools for one in facts),
        answered=_answered(texts),
        session=session,
        agent=agent_of(headers, session),
        messages=len(facts),
        answers=answers_in(facts),
        turns=sum([one.is_typed for one in facts]),
        tool_count=tools.count,
        tool_names=tools.names,
        extra_tools=known.customs.extra_tools(program_of(asked, shape), tools.names),
        tools_used=frozenset([name for one in facts for name in one.called]),
        tokens=tokens,
        images=sum([one.images for one in facts]),
        documents=sum([one.documents for one in facts]),
        thinking=demands.thinking,
        max_output=demands.max_output,
        is_structured=demands.is_structured,
        call=call,
        texts=texts,
    )


def _bare(asked: Looked, headers: Mapping[str, str]) -> Signals:
    """Of a request without a body only its headers tell anything."""
    session = _session(asked, headers, NO_TEXTS)
    return Signals(
        surface=asked.surface,
        client=asked.client,
        profile=asked.profile,
        model=asked.model,
        headers=headers,
        kind=Kind.COUNT if asked.is_count else Kind.MAIN,
        session=session,
        agent=agent_of(headers, session),
    )


def _texts(pieces: Pieces, format: Format, known: Messages) -> Texts:  # noqa: A002 -- it is one
    read, see = _READ.get(format), SEE.get(format)
    if read is None or see is None:
        return NO_TEXTS
    facts = known.facts.of(pieces.messages, format, read)
    return Texts(pieces.system, pieces.messages, facts, see, turn_of(facts))


def _answered(texts: Texts) -> tuple[str, ...]:
    answers = texts.see([texts.messages[place] for place in texts.turn.answers])
    return tuple(call for answer in answers for call in answer.results if call)


def _tokens(format: Format, read: Sequence[Facts], tools: Offered, rest: Sequence[bytes]) -> int:  # noqa: A002 -- it is one
    prompt = TOOLS_PROMPT if format is Format.ANTHROPIC and tools.count else 0
    return ceil(prompt + tools.tokens + sum([one.tokens for one in read]) + sum(map(tokens_in, rest)))


def _marks(facts: Sequence[Facts]) -> Mark:
    """Most messages have none, and joining flags is slow."""
    return reduce(or_, [one.marks for one in facts if one.marks is not UNMARKED], UNMARKED)


def _session(asked: Looked, headers: Mapping[str, str], texts: Texts) -> SessionId:
    """A fingerprint is taken only of those who send no id at all."""
    session = resolve_session_id(headers, asked.body, asked.anonymous, address=asked.address)
    if session.origin != "fingerprint" or _exchanged(texts.facts) < _FIRST_PINNED:
        return session
    agent = headers.get("user-agent", "")
    return replace(session, id=fingerprint_of(texts.first_user(), texts.opening_system(), agent))


def _exchanged(facts: Sequence[Facts]) -> int:
    roles = [one.role for one in facts]
    return roles.count("user") + roles.count("assistant")
