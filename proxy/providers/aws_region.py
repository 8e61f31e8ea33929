"""The region of an Amazon account: where its models are asked, and what a signature is made for."""

import os
import re
from collections.abc import Mapping
from configparser import Error, RawConfigParser
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from proxy.config import ProviderConfig

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d+")
_OF_REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")
_OF_PROFILE = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")


def aws_region(config: ProviderConfig) -> str:
    """The configured one, else what the address says, else the environment's or the profile's; else empty."""
    return (
        config.region
        or _in_host(config.base_url)
        or ("" if config.aws_profile else _first(os.environ, _OF_REGION))
        or _of_profile(config.aws_profile or _first(os.environ, _OF_PROFILE) or "default")
        or _first(os.environ, _OF_REGION)
    )


def _in_host(base_url: str) -> str:
    """The part after the service's name, as in `bedrock-runtime.eu-west-1.amazonaws.com`."""
    parts = (urlsplit(base_url).hostname or "").split(".")
    return next(
        (place for name, place in pairwise(parts) if name.startswith("bedrock") and _REGION.fullmatch(place)),
        "",
    )


def _of_profile(profile: str) -> str:
    place = Path(os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser()
    try:
        changed = place.stat().st_mtime_ns
    except OSError:
        return ""  # nobody has to have this file
    return _regions(place, changed).get(profile, "")


@lru_cache(maxsize=4)
def _regions(place: Path, _changed: int) -> Mapping[str, str]:
    """The regions of all profiles; read again when the file has changed."""
    read = RawConfigParser(strict=False)
    try:
        read.read_string(place.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, Error):
        return {}  # the credential chain reads the same file, and says what is wrong with it
    return {
        section.removeprefix("profile").strip(): read.get(section, "region", fallback="").strip()
        for section in read.sections()
    }


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := environment.get(name, "").strip())), "")
