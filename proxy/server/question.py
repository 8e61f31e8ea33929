"""A request as somebody describes it who wants to know where it would go: what a client would have sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct
from multidict import CIMultiDict

from proxy.config.suggestion import did_you_mean
from proxy.exchange import Exchange, Surface
from proxy.routing.signals import Looked
from proxy.routing.signals.session import Anonymous
from proxy.secret import Secret
from proxy.server import shapes
from proxy.server.incoming import FORMATS
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.openai_chat.shape import is_responses_shaped
from proxy.wire.peek import asked as peeked
from proxy.wire.reading import ABSENT, decoded, given, members_of, reading_request
from proxy.wire.splice import Body

NOBODY_IN_PARTICULAR = "sdk"
"""The client that asks where none is named."""


class Envelope(Struct, frozen=True, forbid_unknown_fields=True):
    """What explain is sent: a request and what its address and headers would have told, or the id of one."""

    surface: Surface | None = None
    client: Annotated[str, Meta(max_length=200)] = NOBODY_IN_PARTICULAR
    profile: Annotated[str, Meta(max_length=200)] = ""
    model: str | None = None
    headers: dict[str, str] = {}
    body: Raw = ABSENT
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request without a connection. Its credential is only known to be there."""

    surface: Surface
    body: Body = field(repr=False)
    client: str = NOBODY_IN_PARTICULAR
    profile: str = ""
    model: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """In whatever case they are asked for."""
    address: str = ""
    has_credential: bool = False

    @property
    def format(self) -> Format:
        """The format that its client speaks."""
        return FORMATS[self.surface]

    def looked(self, anonymous: Anonymous = "none") -> Looked:
        """As the signals of a request are read from it."""
        is_odd = self.surface is Surface.CHAT and is_responses_shaped(self.body)
        return Looked(
            body=self.body,
            format=Format.RESPONSES if is_odd else self.format,
            surface=self.surface,
            client=self.client,
            profile=self.profile,
            model=self.model,
            headers=self.headers,
            anonymous=anonymous,
            address=self.address,
        )

    def exchange(self) -> Exchange:
        """Never begun, and seen by nobody who counts."""
        return Exchange(
            id="",
            surface=self.surface,
            client=self.client,
            requested_model=self.model or None,
            format=self.format,
            profile=self.profile,
            credential=_SOME_CREDENTIAL if self.has_credential else None,
        )


_SOME_CREDENTIAL = Secret("not kept")

_ENVELOPE = msgspec.json.Decoder(Envelope)


def envelope_in(data: bytes) -> Envelope:
    """A Failure says what is wrong, and by its name what nobody would look at."""
    with reading_request():
        try:
            return decoded(_ENVELOPE, data)
        except msgspec.ValidationError:
            _refuse_strangers(members_of(data))
            raise


def _refuse_strangers(members: Collection[str]) -> None:
    names = [field.encode_name for field in msgspec.structs.fields(Envelope)]
    strange = [name for name in members if name not in names]
    if not strange:
        return
    if {"body", "id"}.isdisjoint(members):
        raise _no_body()
    raise Failure(
        FailureKind.BAD_REQUEST,
        f"Beside a `body` there is no `{strange[0][:50]}`{did_you_mean(strange[0][:50], names)}. "
        f"What is known there: {', '.join(names)}.",
    )


def _no_body() -> Failure:
    return Failure(FailureKind.BAD_REQUEST, "There is no `body`, and no `id` of a recent request.")


def question_in(envelope: Envelope) -> Question:
    """A Failure says what is missing or wrong."""
    if given(envelope.body) is None:
        raise _no_body()
    body = Body(bytes(envelope.body))
    surface = envelope.surface or shapes.surface_of(body)
    shapes.check(body, surface)
    model = envelope.model
    if model is None:
        model = peeked(body).model
    headers = CIMultiDict(envelope.headers)
    return Question(
        surface=surface,
        body=body,
        client=envelope.client or NOBODY_IN_PARTICULAR,
        profile=envelope.profile,
        model=model or "",
        headers=headers,
        has_credential=_carries_credential(headers),
    )


def _carries_credential(headers: Mapping[str, str]) -> bool:
    """Beside a token of ours, which a request to be explained need not carry."""
    return "x-tierwise-token" in headers and ("authorization" in headers or "x-api-key" in headers)
