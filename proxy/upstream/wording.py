"""What a call says: the client's bytes with the values this model needs, or the request in other words."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from time import time

from msgspec import Raw
from msgspec.structs import replace as with_

from proxy.providers.entrance import Entrance, Task
from proxy.providers.facts import Facts
from proxy.providers.fitting import anthropic_betas, fit
from proxy.providers.headers import betas
from proxy.providers.provider import Provider
from proxy.providers.targets import own_params, target, with_params
from proxy.routing.service import Candidate
from proxy.upstream.asked import Asked
from proxy.upstream.back.way import Terms
from proxy.upstream.learned import Lesson
from proxy.wire.canonical import Conversation, Tool, ToolGroup
from proxy.wire.format import Format
from proxy.wire.responses.repeated import repeated
from proxy.wire.splice import Edit, spliced
from proxy.wire.target import Expecting, Reply, Target, Written


@dataclass(frozen=True, slots=True)
class Errand:
    """One request on its way to one service, and what is known of that service."""

    asked: Asked
    candidate: Candidate
    provider: Provider
    entrance: Entrance
    known: Facts
    lesson: Lesson
    headers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Worded:
    """A body, what was changed in it, and how its answer will come back."""

    body: bytes
    notes: tuple[str, ...]
    terms: Terms


def as_it_came(errand: Errand) -> Worded:
    """The client's bytes, with what this model needs otherwise."""
    asked, entrance = errand.asked, errand.entrance
    exchange = asked.exchange
    terms = Terms(
        provider_format=entrance.format,
        client_format=asked.format,
        same=True,
        framed=entrance.framed and exchange.streamed,
        streamed=exchange.streamed,
        usage_asked_by_us=_asks_for_usage(asked, errand.known),
        choices=_choices(asked),
        exchange_id=exchange.id,
        expecting=Expecting(seed=exchange.id),
        reply=_reply(asked, usage_in_stream=True),
    )
    if asked.task is not Task.ANSWER:
        edits: list[Edit] = []
        reasons: tuple[str, ...] = ()
        if entrance.model_in_body and exchange.requested_model != entrance.model:
            from proxy.wire.openai_chat.embeddings import for_model

            return Worded(for_model(asked.body.data, entrance.model), (f"model: {entrance.model}",), terms)
    else:
        model = entrance.model if entrance.model_in_body else None
        fitted = fit(
            asked.body,
            format=entrance.format,
            model=model,
            facts=errand.known,
            params=errand.candidate.params,
            learned=errand.lesson.refuses,
            stream=exchange.streamed,
        )
        edits, reasons = list(fitted.edits), fitted.reasons
    if entrance.envelope is not None:
        edits += entrance.envelope.edits(anthropic_betas(betas(errand.headers), errand.known))
    return Worded(asked.body.spliced(edits), reasons, terms)


def in_other_words(errand: Errand, conversation: Conversation, issued: Container[str]) -> Worded:
    """The request as the provider says it; `issued` are the signatures that it knows as its own."""
    from proxy.wire.sides import PROVIDER

    asked, entrance, params = errand.asked, errand.entrance, errand.candidate.params
    exchange = asked.exchange
    aim: Target = target(
        errand.known,
        entrance.model,
        format=entrance.format,
        issued=issued,
        params=params,
        learned=errand.lesson.refuses,
    )
    said = with_params(with_(conversation, model=entrance.model), params, errand.known)
    written = PROVIDER[entrance.format].write_request(said, aim)
    edits = own_params(params)
    if entrance.envelope is not None:
        edits += entrance.envelope.edits(anthropic_betas(betas(errand.headers), errand.known))
    body = spliced(written.body, edits)
    terms = Terms(
        provider_format=entrance.format,
        client_format=asked.format,
        same=False,
        framed=entrance.framed and exchange.streamed,
        streamed=exchange.streamed,
        as_array=exchange.as_array,
        exchange_id=exchange.id,
        expecting=Expecting(names=written.names, seed=exchange.id),
        reply=_reply(asked, usage_in_stream=conversation.usage_in_stream),
        tools=_offered(said, written) if errand.provider.is_local else {},
        names=written.names,
    )
    return Worded(body, _notes(entrance, written, asked.format), terms)


def _reply(asked: Asked, *, usage_in_stream: bool) -> Reply:
    exchange = asked.exchange
    repeats = asked.format is Format.RESPONSES
    return Reply(
        id=exchange.id,
        model=exchange.requested_model or "unknown",
        created=int(time()),
        usage_in_stream=usage_in_stream,
        parameters=repeated(asked.body.data) if repeats else {},
    )


def _offered(conversation: Conversation, written: Written) -> Mapping[str, Raw | None]:
    """The offered tools by the names they were sent under, with their schemas."""
    sent = {reference: name for name, reference in written.names.original.items()}
    offered: dict[str, Raw | None] = {}
    for tool in conversation.tools:
        inner = tool.tools if isinstance(tool, ToolGroup) else (tool,) if isinstance(tool, Tool) else ()
        space = tool.name if isinstance(tool, ToolGroup) else None
        for each in inner:
            name = next(
                (name for ref, name in sent.items() if (ref.name, ref.namespace) == (each.name, space)),
                each.name,
            )
            offered[name] = each.schema
    return offered


def _notes(entrance: Entrance, written: Written, client: Format) -> tuple[str, ...]:
    said = "written anew without what others signed" if entrance.format is client else "translated"
    notes = [f"{said}: {client} to {entrance.format}", *written.added]
    if written.lost:
        notes.append("not carried: " + ", ".join(sorted(written.lost)))
    return tuple(notes)


def _choices(asked: Asked) -> int:
    raw = asked.body.value("n") if asked.format is Format.OPENAI_CHAT else None
    return max(1, int(bytes(raw))) if raw is not None and bytes(raw).isdigit() else 1


def _asks_for_usage(asked: Asked, known: Facts) -> bool:
    """Whether usage on the stream is our wish alone."""
    if asked.format is not Format.OPENAI_CHAT or not asked.exchange.streamed:
        return False
    if not known.stream_usage or "stream_options" in known.refused_in(Format.OPENAI_CHAT):
        return False
    options = asked.body.value("stream_options")
    return options is None or b'"include_usage":true' not in bytes(options).replace(b" ", b"")
