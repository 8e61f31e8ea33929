"""From a client's request to the call of one provider, and how its answer will come back.

If the provider takes the client's format, the bytes go out as they came, but for top-level values that this
very model cannot take. Else, and where the history carries what another provider has signed, the request is
written anew. Every attempt begins from the client's request, so no attempt sees what another one changed.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from msgspec.structs import replace as with_

from proxy.providers.credentials import credential
from proxy.providers.entrance import Entrance, Task
from proxy.providers.entrances import entrance as entrance_of
from proxy.providers.facts import Facts, facts
from proxy.providers.fitting import anthropic_betas, has_system_turns
from proxy.providers.headers import request_headers
from proxy.providers.provider import Provider
from proxy.routing.service import Candidate
from proxy.upstream.asked import Addressee, Asked, aside
from proxy.upstream.back.way import Terms
from proxy.upstream.call import Call
from proxy.upstream.issued import Issued
from proxy.upstream.learned import Lesson
from proxy.upstream.nearby import NOTHING_TO_FIT, Fitting
from proxy.upstream.wording import Errand, as_it_came, in_other_words
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format

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
    whom: Addressee,
    issued: Issued,
    lesson: Lesson,
    *,
    without_thinking: bool = False,
    fitting: Fitting = NOTHING_TO_FIT,
) -> Prepared:
    candidate, provider, key = _fitted(whom.candidate, fitting), whom.provider, whom.key
    entrance = entrance_for(provider, candidate, asked)
    known = _with_limits(facts(provider.config.kind, candidate.service.model), lesson, fitting)
    size = len(asked.body.data)
    speaks_it = entrance.format is asked.format and not asked.is_odd
    passes = speaks_it and not without_thinking
    if passes and asked.task is Task.ANSWER:
        passes = await aside(lambda: _may_pass(asked, provider, known, issued), size)
    headers = request_headers(
        entrance, provider, asked.headers, same_format=speaks_it, own_account=key.is_clients_own
    )
    errand = Errand(asked, candidate, provider, entrance, known, lesson, headers)
    if passes:
        worded = await aside(lambda: as_it_came(errand), size)
    else:
        conversation = await asked.conversation()
        owned: Container[str] = () if without_thinking else issued.by(provider.name)
        worded = await aside(lambda: in_other_words(errand, conversation, owned), size)
    headers = _with_fitting_betas(headers, known, entrance)
    url = _url(entrance, asked, same=speaks_it)
    auth = await (await credential(provider, entrance, key.secret)).headers("POST", url, headers, worded.body)
    held = {name.lower() for name in auth}
    sent = [*((name, value) for name, value in headers if name.lower() not in held), *auth.items()]
    return Prepared(
        Call(
            service=candidate.service,
            config=provider.config,
            url=url,
            shown_url=entrance.shown_url,
            headers=sent,
            body=worded.body,
            is_official=provider.is_official,
            via=[value for name, value in asked.headers if name.lower() == "via"],
        ),
        worded.terms,
        entrance.format,
        (*worded.notes, *fitting.notes),
        altered=worded.body is not asked.body.data,
    )


def _may_pass(asked: Asked, provider: Provider, known: Facts, issued: Issued) -> bool:
    """Whether nothing keeps the conversation from going there, and its answer from coming back, as it is."""
    if asked.exchange.as_array:
        return False  # providers are asked for events
    if asked.format is Format.ANTHROPIC and known.system_messages is False and has_system_turns(asked.body):
        return False
    return not issued.has_foreign(asked.body.data, provider.name)


def _fitted(candidate: Candidate, fitting: Fitting) -> Candidate:
    if not fitting.params:
        return candidate
    return with_(candidate, params={**fitting.params, **candidate.params})


def _with_limits(known: Facts, lesson: Lesson, fitting: Fitting) -> Facts:
    """The least of what an answer may have: the service has said so, or has no more room."""
    limits = [each for each in (lesson.max_output, fitting.max_output) if each is not None]
    if lesson.max_output is None and known.max_output is not None:
        limits.append(known.max_output)
    return replace(known, max_output=min(limits)) if limits else known


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
