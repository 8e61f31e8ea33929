"""Who answers: [providers.NAME], where its address, its credentials and its limits are."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from proxy.config.address import address_findings, host_of, is_loopback
from proxy.config.table import SENSITIVE, Finding, Table

ProviderKind = Literal[
    "anthropic",
    "openai",
    "azure-openai",
    "azure-anthropic",
    "bedrock",
    "vertex",
    "openrouter",
    "databricks",
    "moonshot",
    "zai",
    "deepseek",
    "gemini",
    "mistral",
    "groq",
    "xai",
    "together",
    "fireworks",
    "cerebras",
    "ollama",
    "llamacpp",
    "lmstudio",
    "vllm",
    "openai-compatible",
    "anthropic-compatible",
]
SpokenFormat = Literal["anthropic", "chat", "responses", "gemini", "ollama"]
PROVIDER_KINDS: Final[tuple[ProviderKind, ...]] = get_args(ProviderKind)
KINDS_OF_LOCAL_SERVERS: Final[frozenset[ProviderKind]] = frozenset({"ollama", "llamacpp", "lmstudio", "vllm"})
KINDS_WITHOUT_ADDRESS: Final[frozenset[ProviderKind]] = frozenset(
    {"azure-openai", "azure-anthropic", "databricks", "openai-compatible", "anthropic-compatible"}
)
"""Kinds whose address is different for every account, so that base_url must name it."""

_KEY_FORM = re.compile(r"keyring|keyring:[^\s/:][^/:\n]*|env:[A-Za-z_][A-Za-z0-9_]*|none|client")
_KEY_FORMS = '"keyring", "keyring:LABEL", "env:NAME", "none" or "client"'
_FIRST_BYTE, _FIRST_BYTE_HERE = 300.0, 600.0
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

KeyForm = Annotated[
    str,
    Meta(
        extra=SENSITIVE,
        description="Where the secret is: keyring, keyring:LABEL, env:NAME, none, or client for the client's "
        "own credential, which only the vendor's host receives; absent: none for local servers, keyring for "
        "all others.",
    ),
]


class Timeouts(Table, frozen=True, kw_only=True):
    """How long each phase of one attempt may take; 0 is no limit."""

    connect: Annotated[
        float, Meta(ge=0, le=86400, description="Seconds until the connection stands; 0: no limit.")
    ] = 10
    first_byte: (
        Annotated[
            float,
            Meta(
                ge=0,
                le=86400,
                description="Seconds until the first byte of the answer; 0: no limit; absent: 300, and 600 "
                "for a server on this machine, which may have to load its model first.",
            ),
        ]
        | None
    ) = None
    idle: Annotated[
        float, Meta(ge=0, le=86400, description="Seconds of silence inside an answer; 0: no limit.")
    ] = 120
    total: Annotated[
        float, Meta(ge=0, le=86400, description="Seconds for the whole attempt; 0: no limit.")
    ] = 0


class ProviderConfig(Table, frozen=True, kw_only=True):
    """An account or a server that answers."""

    kind: Annotated[ProviderKind, Meta(description="What the provider speaks and how it is asked.")] = (
        "openai-compatible"
    )
    base_url: Annotated[
        str,
        Meta(
            extra=SENSITIVE,
            description="Address as the vendor documents it; empty: the usual one of the kind.",
        ),
    ] = ""
    key: KeyForm | None = None
    keys: Annotated[
        tuple[Annotated[str, Meta(extra=SENSITIVE)], ...],
        Meta(description="Several secrets in the forms of key, in its place, tried in order."),
    ] = ()
    enabled: Annotated[bool, Meta(description="Off: none of its models is used.")] = True
    headers: Annotated[
        Mapping[str, Annotated[str, Meta(extra=SENSITIVE)]],
        Meta(description="Headers added to every request to this provider."),
    ] = msgspec.field(default_factory=dict)
    proxy: Annotated[
        str,
        Meta(
            extra=SENSITIVE,
            description="http://, https:// or socks5:// proxy on the way to the provider; empty: none.",
        ),
    ] = ""
    ca_file: Annotated[
        str, Meta(description="File of certificates to trust instead of the system's; empty: the system's.")
    ] = ""
    max_concurrency: Annotated[
        int, Meta(ge=0, le=100000, description="Requests in flight at the same time at most; 0: no limit.")
    ] = 0
    timeouts: Annotated[Timeouts, Meta(description="Seconds for each phase of an attempt.")] = Timeouts()
    api_version: Annotated[
        str, Meta(description="Version of the vendor's interface, where it wants one (Azure).")
    ] = ""

    formats: Annotated[
        tuple[SpokenFormat, ...],
        Meta(
            description="What the address speaks, in order of preference, in place of what its kind does; "
            "empty: the usual."
        ),
    ] = ()
    count_tokens: Annotated[
        Literal["local", "provider"],
        Meta(
            description="Who counts the tokens of a prompt: an estimate here, or the provider where it can."
        ),
    ] = "local"
    region: Annotated[
        str,
        Meta(
            description="Region of the account (Amazon Bedrock); empty: the environment's or the profile's."
        ),
    ] = ""
    aws_profile: Annotated[
        str,
        Meta(description="Profile whose credentials sign requests (Amazon Bedrock); empty: the usual one."),
    ] = ""
    project: Annotated[str, Meta(description="Id of the project (Google Vertex AI).")] = ""
    location: Annotated[
        str, Meta(description="Location of the models (Google Vertex AI); empty: global.")
    ] = ""

    @property
    def is_on_this_machine(self) -> bool:
        """True if what is sent to the provider stays here. Its address decides, where one is given."""
        if self.base_url:
            return is_loopback(host_of(self.base_url))
        return self.kind in KINDS_OF_LOCAL_SERVERS

    def keeps_here(self, model: str) -> bool:
        """True if a request for that model stays on this machine.

        A local Ollama passes the models that it tags as cloud ones on to its vendor.
        """
        is_passed_on = self.kind == "ollama" and model.rpartition(":")[2].endswith("cloud")
        return self.is_on_this_machine and not is_passed_on

    @property
    def first_byte_seconds(self) -> float:
        """How long its first byte may take; zero is no limit."""
        said = self.timeouts.first_byte
        if said is not None:
            return said
        return _FIRST_BYTE_HERE if self.is_on_this_machine else _FIRST_BYTE

    @property
    def key_forms(self) -> tuple[str, ...]:
        """Every credential of the provider, in the order they are tried."""
        if self.keys:
            return self.keys
        return (self.key or ("none" if self.kind in KINDS_OF_LOCAL_SERVERS else "keyring"),)

    def secret_names(self, name: str) -> tuple[str, ...]:
        """Names of the secrets of this provider, called `name` in the file; some key forms have none."""
        return tuple(secret for form in self.key_forms if (secret := secret_name(form, name)) is not None)

    def findings(self) -> Iterator[Finding]:
        yield from self._credential_findings()
        if self.base_url:
            yield from address_findings("base_url", self.base_url, ("http", "https"))
        if self.proxy:
            yield from address_findings("proxy", self.proxy, ("http", "https", "socks5"))
        for name, value in self.headers.items():
            if not _HEADER_NAME.fullmatch(name):
                yield Finding(("headers", name), "is no header name; allowed: letters, digits and -")
            elif not _HEADER_VALUE.fullmatch(value):
                yield Finding(("headers", name), "found a character that no header may carry")
        if self.kind in KINDS_WITHOUT_ADDRESS and not self.base_url:
            message = f'kind "{self.kind}" has no address of its own, so nothing reaches it; set base_url'
            yield Finding((), message, "notice")
        if self.kind == "vertex" and not self.project:
            yield Finding(
                (), 'kind "vertex" asks below a project, so nothing reaches it; set project', "notice"
            )

    def _credential_findings(self) -> Iterator[Finding]:
        if self.key is not None and self.keys:
            yield Finding(("keys",), "found beside key; set key or keys, not both")
        if self.key is not None and not _KEY_FORM.fullmatch(self.key):
            yield Finding(("key",), f"found something else (not shown); allowed: {_KEY_FORMS}")
        for index, form in enumerate(self.keys):
            if not _KEY_FORM.fullmatch(form):
                yield Finding(("keys", index), f"found something else (not shown); allowed: {_KEY_FORMS}")


def secret_name(key_form: str, provider: str) -> str | None:
    """Name under which the secret of one key form is asked for; None where there is none."""
    place, _, label = key_form.partition(":")
    if place == "keyring":
        return f"provider/{provider}/{label}" if label else f"provider/{provider}"
    return key_form if place == "env" else None
