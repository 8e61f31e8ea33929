"""From a client's request to the call of one provider, and how its answer will come back.

If the provider takes the client's format, the bytes go out as they came, but for top-level values that this
very model cannot take. Else, and where the history carries what another provider has signed, the request is
written anew. Every attempt begins from the client's request, so no attempt sees what another one changed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from time import time
from urllib.parse import urlsplit

from msgspec import Raw
from msgspec.structs import replace as with_

from proxy.providers.credentials import credential
from proxy.providers.entrance import Entrance, Task
from proxy.providers.entrances import entrance as entrance_of
from proxy.providers.facts import Facts, facts
from proxy.providers.fitting import anthropic_betas, fit, has_system_turns
from proxy.providers.headers import betas, request_headers
from proxy.providers.provider import Provider
from proxy.providers.targets import own_params, target, with_params
from proxy.routing.health.key import Key
from proxy.routing.service import Candidate
from proxy.upstream.asked import Asked, aside
from proxy.upstream.attempt import Call
from proxy.upstream.back.way import Terms
from proxy.upstream.issued import Issued
from proxy.upstream.learned import Lesson
from proxy.wire.canonical import Conversation, Tool, ToolGroup
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.responses.repeated import repeated
from proxy.wire.splice import Edit, spliced
from proxy.wire.target import Expecting, Reply, Target, Written

_BETAS = "anthropic-beta"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call, the terms of its answer, and what was changed on the way."""

    call: Call
    terms: Terms
    format: Format
    notes: tuple[str, ...]
    altered: bool
    """Whether the provider gets anything else than what the client wrote."""


def entrance_for(provider: Provider, candidate: Candidate, asked: Asked) -> Entrance:
    """Where it is asked; a Failure if it does not do what is asked for."""
    found = entrance_of(provider, candidate.service.model, asked.written_in or asked.format, asked.task)
    if found is None:
        what = (
            "embeddings" if asked.task is Task.EMBED else f"requests like this for {candidate.service.model}"
        )
        raise Failure(FailureKind.NO_SERVICE, f"The provider {provider.name} does not answer {what}.")
    if asked.task is not Task.ANSWER and found.format is not asked.format:
        raise Failure(
            FailureKind.NO_SERVICE, f"The provider {provider.name} does not offer this in this format."
        )
    return found


async def prepared(
    asked: Asked,
    candidate: Candidate,
    provider: Provider,
    key: Key,
    issued: Issued,
    lesson: Lesson,
    *,
    without_thinking: bool = False,
) -> Prepared:
    entrance = entrance_for(provider, candidate, asked)
    known = _with_lesson(facts(provider.config.kind, candidate.service.model), lesson)
    size = len(asked.body.data)
    as_it_came = entrance.format is asked.format and not asked.is_odd and not without_thinking
    if as_it_came and asked.task is Task.ANSWER:
        as_it_came = await aside(lambda: _may_pass(asked, provider, known, issued), size)
    speaks_it = entrance.format is asked.format and not asked.is_odd
    headers = request_headers(entrance, provider, asked.headers, same_format=speaks_it)
    if as_it_came:
        body, notes, terms = await aside(
            lambda: _spliced(asked, candidate, entrance, known, lesson, headers), size
        )
    else:
        conversation = await asked.conversation()
        owned: Collection[str] | Issued = () if without_thinking else issued
        body, notes, terms = await aside(
            lambda: _written(
                asked, conversation, candidate, provider, entrance, known, lesson, owned, headers
            ),
            size,
        )
    headers = _with_fitting_betas(headers, known, entrance)
    url = _url(entrance, asked, same=speaks_it)
    auth = await (await credential(provider, entrance, key.secret)).headers("POST", url, headers, body)
    held = {name.lower() for name in auth}
    sent = [*((name, value) for name, value in headers if name.lower() not in held), *auth.items()]
    return Prepared(
        Call(
            service=candidate.service,
            config=provider.config,
            url=url,
            shown_url=entrance.shown_url,
            headers=sent,
            body=body,
            is_official=provider.is_official,
            via=[value for name, value in asked.headers if name.lower() == "via"],
        ),
        terms,
        entrance.format,
        notes,
        altered=body is not asked.body.data,
    )


def _may_pass(asked: Asked, provider: Provider, known: Facts, issued: Issued) -> bool:
    """Whether nothing keeps the conversation from going there, and its answer from coming back, as it is."""
    if asked.exchange.as_array:
        return False  # providers are asked for events
    if asked.format is Format.ANTHROPIC and known.system_messages is False and has_system_turns(asked.body):
        return False
    return not issued.has_foreign(asked.body.data, provider.name)


def _spliced(
    asked: Asked,
    candidate: Candidate,
    entrance: Entrance,
    known: Facts,
    lesson: Lesson,
    headers: Sequence[tuple[str, str]],
) -> tuple[bytes, tuple[str, ...], Terms]:
    """The client's bytes, with what this model needs otherwise."""
    exchange = asked.exchange
    terms = Terms(
        provider_format=entrance.format,
        client_format=asked.format,
        same=True,
        framed=entrance.framed and exchange.streamed,
        streamed=exchange.streamed,
        usage_asked_by_us=_asks_for_usage(asked, known),
        exchange_id=exchange.id,
        expecting=Expecting(seed=exchange.id),
        reply=_reply(asked, usage_in_stream=True),
    )
    if asked.task is not Task.ANSWER:
        edits: list[Edit] = []
        reasons: tuple[str, ...] = ()
        if entrance.model_in_body and exchange.requested_model != entrance.model:
            from proxy.wire.openai_chat.embeddings import for_model

            return for_model(asked.body.data, entrance.model), (f"model: {entrance.model}",), terms
    else:
        model = entrance.model if entrance.model_in_body else None
        fitted = fit(
            asked.body,
            format=entrance.format,
            model=model,
            facts=known,
            params=candidate.params,
            learned=lesson.refuses,
            stream=exchange.streamed,
        )
        edits, reasons = list(fitted.edits), fitted.reasons
    if entrance.envelope is not None:
        edits += entrance.envelope.edits(anthropic_betas(betas(headers), known))
    return asked.body.spliced(edits), reasons, terms


def _written(
    asked: Asked,
    conversation: Conversation,
    candidate: Candidate,
    provider: Provider,
    entrance: Entrance,
    known: Facts,
    lesson: Lesson,
    issued: "Collection[str] | Issued",
    headers: Sequence[tuple[str, str]],
) -> tuple[bytes, tuple[str, ...], Terms]:
    """The request in the provider's words."""
    from proxy.wire.sides import PROVIDER

    exchange = asked.exchange
    owned = issued.by(provider.name) if isinstance(issued, Issued) else issued
    aim: Target = target(
        known,
        entrance.model,
        format=entrance.format,
        issued=owned,
        params=candidate.params,
        learned=lesson.refuses,
    )
    said = with_params(with_(conversation, model=entrance.model), candidate.params, known)
    written = PROVIDER[entrance.format].write_request(said, aim)
    edits = own_params(candidate.params)
    if entrance.envelope is not None:
        edits += entrance.envelope.edits(anthropic_betas(betas(headers), known))
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
        tools=_offered(said, written) if provider.is_local else {},
        names=written.names,
    )
    return body, _notes(entrance, written, asked.format), terms


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


def _asks_for_usage(asked: Asked, known: Facts) -> bool:
    """Whether usage on the stream is our wish alone."""
    if asked.format is not Format.OPENAI_CHAT or not asked.exchange.streamed:
        return False
    if not known.stream_usage or "stream_options" in known.refused_in(Format.OPENAI_CHAT):
        return False
    options = asked.body.value("stream_options")
    return options is None or b'"include_usage":true' not in bytes(options).replace(b" ", b"")


def _with_lesson(known: Facts, lesson: Lesson) -> Facts:
    if lesson.max_output is not None:
        known = replace(known, max_output=lesson.max_output)
    return known


def _with_fitting_betas(
    headers: Sequence[tuple[str, str]], known: Facts, entrance: Entrance
) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    for name, value in headers:
        if name.lower() != _BETAS:
            kept.append((name, value))
        elif not (entrance.envelope is not None and entrance.envelope.betas_in_body):
            fitting = anthropic_betas([beta.strip() for beta in value.split(",") if beta.strip()], known)
            kept += [(name, ",".join(fitting))] if fitting else []
    return kept


def _url(entrance: Entrance, asked: Asked, *, same: bool) -> str:
    url = entrance.stream_url if asked.exchange.streamed else entrance.url
    if not (same and asked.query) or asked.format is Format.GEMINI:
        return url
    return url + ("&" if urlsplit(url).query else "?") + asked.query
