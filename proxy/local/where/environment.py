"""Where the environment says that servers are: the variables that Ollama and llama.cpp themselves read."""

import ipaddress
import re
from collections.abc import Iterator, Mapping

from proxy.local.place import IPV4, Place, path_said, port_said, reachable

_OLLAMA_PORT = 11434
_LLAMA_PORT = 8080
_USUAL = {"http": 80, "https": 443}
_QUOTES = "\"'"
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?")
_CLOUD = ("ollama.com", "ollama.ai")


def places(environ: Mapping[str, str]) -> Iterator[Place]:
    for found in (_of_ollama(environ), _of_llamacpp(environ)):
        if found is not None:
            yield found


def _of_ollama(environ: Mapping[str, str]) -> Place | None:
    said = environ.get("OLLAMA_HOST", "")
    return ollama_place(said) if said else None


def _of_llamacpp(environ: Mapping[str, str]) -> Place | None:
    port, prefix = environ.get("LLAMA_ARG_PORT", ""), environ.get("LLAMA_ARG_API_PREFIX", "")
    if not port and not prefix and "LLAMA_ARG_HOST" not in environ:
        return None
    host = _host(environ.get("LLAMA_ARG_HOST", "").partition(",")[0].strip() or IPV4)
    number = port_said(port) if port else _LLAMA_PORT
    return None if host is None or number is None else Place(host, number, path=path_said(prefix))


def ollama_place(said: str) -> Place | None:
    """As Ollama reads OLLAMA_HOST: scheme, port and path may be left out, and a bad port is the usual one.

    None for what it could not reach either, and for machines out in the world: what they serve is not here.
    """
    text = said.strip().strip(_QUOTES).strip()
    scheme, has_scheme, rest = text.partition("://")
    if not has_scheme:
        scheme, rest = "http", text
    if scheme not in _USUAL:
        return None
    address, _, path = rest.partition("/")
    name, port = _parted(address)
    host = _host(name)
    if host is None:
        return None
    usual = _USUAL[scheme] if has_scheme else _OLLAMA_PORT
    return Place(host, port_said(port) or usual, scheme, path_said(path))


def _parted(address: str) -> tuple[str, str]:
    """Host and port. An IPv6 address has brackets if a port follows, and may have none otherwise."""
    if address.startswith("["):
        host, _, port = address[1:].partition("]")
        return host, port.removeprefix(":")
    if address.count(":") != 1:
        return address, ""
    host, _, port = address.partition(":")
    return host, port


def _host(said: str) -> str | None:
    host = reachable(said)
    try:
        return None if ipaddress.ip_address(host).is_global else host
    except ValueError:
        name = host.casefold()
        is_outside = any(name == cloud or name.endswith(f".{cloud}") for cloud in _CLOUD)
        return None if is_outside or not _NAME.fullmatch(host) or host.endswith(".sock") else host
