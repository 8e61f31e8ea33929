"""Where a provider is asked, and how: what an adapter says and everybody else only uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from urllib.parse import urlsplit, urlunsplit

from proxy.wire.anthropic.envelopes import Envelope
from proxy.wire.format import Format


class Task(StrEnum):
    """What a provider can be asked to do."""

    ANSWER = "answer"
    COUNT = "count"
    EMBED = "embed"
    MODELS = "models"


class Auth(Enum):
    """How a request proves who sends it."""

    NONE = "none"
    X_API_KEY = "x-api-key"
    API_KEY = "api-key"
    X_GOOG_API_KEY = "x-goog-api-key"
    BEARER = "authorization"
    AWS = "aws"
    """A bearer key where there is one, else SigV4 with what the credential chain finds."""
    GOOGLE = "google"
    """A bearer token that google-auth finds and renews."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """One place where one format is spoken, for one model."""

    format: Format
    url: str = field(repr=False)
    stream_url: str = field(repr=False)
    """The same as `url` for all but those who stream at an address of its own."""
    auth: Auth
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Headers that every request there carries, unless the client sent its own."""
    model: str
    """What the provider calls the model; in the body, unless the address names it."""
    model_in_body: bool = True
    envelope: Envelope | None = None
    """What a cloud that serves Anthropic's format wants changed in the body."""
    framed: bool = False
    """The stream's events come in Amazon's binary frames."""
    region: str = ""
    """For those who sign with it."""

    @property
    def shown_url(self) -> str:
        """The URL without credentials, for sentences and logs."""
        return shown(self.url)


def shown(url: str) -> str:
    """A URL without the credentials that it may carry."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))
