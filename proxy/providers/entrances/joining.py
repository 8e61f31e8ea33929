"""Addresses as users write them and paths as vendors document them, put together."""

from urllib.parse import quote, urlsplit, urlunsplit


def root_of(base: str) -> str:
    """The address without a version, however often it stands there."""
    return without(base, "/v1")


def without(base: str, *endings: str) -> str:
    """The address without these endings, in whichever order and however often they stand there."""
    base = base.rstrip("/")
    while (found := next((each for each in endings if base.endswith(each)), None)) is not None:
        base = base.removesuffix(found).rstrip("/")
    return base


def versioned(base: str) -> str:
    """The address with its version: with `/v1` exactly once, unless the vendor has versions of its own."""
    base = base.rstrip("/")
    root = root_of(base)
    has_other_version = root == base and urlsplit(base).path not in ("", "/")
    return base if has_other_version else f"{root}/v1"


def origin(base: str) -> str:
    """Scheme and host alone."""
    parts = urlsplit(base)
    return urlunsplit((parts.scheme, parts.netloc, "", "", ""))


def path_of(base: str) -> str:
    return urlsplit(base).path.rstrip("/")


def segment(name: str) -> str:
    """A model's name as one part of a path."""
    return quote(name, safe="")
