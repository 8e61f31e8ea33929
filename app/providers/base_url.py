"""A provider's address as its vendor documents it, made from what somebody typed or copied."""

from typing import Final
from urllib.parse import urlsplit

from app.errors import UsageError
from proxy.config.address import address_findings

_VERSION: Final = "/v1"

_WITHOUT_VERSION: Final = frozenset({"anthropic", "anthropic-compatible", "gemini", "ollama"})
"""Their documentation names the root; the version belongs to the paths below."""

_WITH_VERSION: Final = frozenset({"openai", "openai-compatible", "llamacpp", "lmstudio", "vllm"})
"""Their documentation names the version too. All other kinds have paths of their own, which stay."""


def normalised(kind: str, address: str) -> str:
    """The address of a provider of this kind, without a slash at its end and with one version at most.

    A UsageError repeats nothing of the address but its scheme: it may have been the wrong thing to paste.
    """
    for finding in address_findings("base_url", address, ("http", "https")):
        raise UsageError(f"--base-url: {finding.message}.")
    if "@" in urlsplit(address).netloc:
        raise UsageError(
            "--base-url: found a user name or password in the address, and config.toml is no place for "
            "either. Leave it out; a key goes into the keyring."
        )
    return _with_fitting_version(kind, address.rstrip("/"))


def _with_fitting_version(kind: str, address: str) -> str:
    root = _without_version(address)
    if kind in _WITHOUT_VERSION:
        return root
    has_version = root != address
    wants_one = kind in _WITH_VERSION and urlsplit(root).path == ""
    return root + _VERSION if has_version or wants_one else root


def _without_version(address: str) -> str:
    while address.endswith(_VERSION):
        address = address.removesuffix(_VERSION).rstrip("/")
    return address
