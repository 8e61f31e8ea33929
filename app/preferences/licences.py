"""What the program is made of, and under which terms: read from what is installed with it.

Reading takes a moment for some dozens of small files, so it is done in a thread, and only when asked for.
"""

import re
import sys
from collections.abc import Iterator
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path
from typing import cast

import msgspec

from resources import resource

_OURS = "tierwise"
_FACE = "desktop"
"""The extra of ours that brings Qt."""
_SAYS_TERMS = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
_NAME = re.compile(r"[\w.-]+")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([\w-]+)['\"]")
_CLASSIFIER = "License :: OSI Approved :: "
_LONGEST_NAME = 60
_LESSER = "LGPL-3.0"
"""Qt's, whose packages come without its text. It adds to the GPL, so both are told."""


class Licence(msgspec.Struct, frozen=True):
    """Of one part. `text` is empty where it is not installed with the part."""

    name: str
    version: str
    terms: str
    text: str


def licences() -> list[Licence]:
    """Ours first, then all others by name."""
    parts = {_key(part.metadata["Name"]): part for part in _parts()}
    ours = [_of(part) for name, part in parts.items() if name == _OURS]
    others = [_of(part) for name, part in parts.items() if name != _OURS]
    return [*ours, *sorted([*others, _python(), _prices()], key=lambda each: each.name.lower())]


def _parts() -> Iterator[Distribution]:
    """Ours and all that it needs to run; where ours is not known, everything that is there."""
    try:
        waiting = [distribution(_OURS)]
    except PackageNotFoundError:
        yield from distributions()
        return
    seen = {_OURS}
    while waiting:
        part = waiting.pop()
        yield part
        for name in _needed(part):
            if name not in seen:
                seen.add(name)
                waiting.extend(_installed(name))


def _needed(part: Distribution) -> Iterator[str]:
    for requirement in part.requires or ():
        extra = _EXTRA.search(requirement)
        is_ours = _key(part.metadata["Name"]) == _OURS
        if extra is None or (is_ours and extra.group(1) == _FACE):
            yield _key(cast("re.Match[str]", _NAME.match(requirement)).group())


def _installed(name: str) -> list[Distribution]:
    """What another system needs is not here."""
    try:
        return [distribution(name)]
    except PackageNotFoundError:
        return []


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _of(part: Distribution) -> Licence:
    terms = _terms(cast("Message", part.metadata))
    text = _text(part)
    if not text and _LESSER in terms:
        text = _kept("lgpl-3.0") + _kept("gpl-3.0")
    return Licence(part.metadata["Name"], part.version, terms, text)


def _terms(metadata: Message) -> str:
    said = str(metadata.get("License-Expression") or metadata.get("License") or "").strip()
    if said and "\n" not in said and len(said) <= _LONGEST_NAME:
        return said
    classified = [str(each) for each in metadata.get_all("Classifier") or ()]
    names = [each.removeprefix(_CLASSIFIER) for each in classified if each.startswith(_CLASSIFIER)]
    return ", ".join(names)


def _text(part: Distribution) -> str:
    named = (file for file in part.files or () if _SAYS_TERMS.search(file.name) and file.suffix != ".py")
    places = [Path(str(file.locate())) for file in named]
    texts = [place.read_bytes().decode("utf-8", "replace") for place in places if place.is_file()]
    return "\n\n".join(text.strip("\n") for text in texts)


def _python() -> Licence:
    version = ".".join(map(str, sys.version_info[:3]))
    return Licence("Python", version, "PSF-2.0", _kept("python"))


def _prices() -> Licence:
    return Licence("genai-prices (the price list)", "", "MIT", _kept("genai-prices"))


def _kept(name: str) -> str:
    """A text that ships with us."""
    return resource(f"licences/{name}.txt").read_text(encoding="utf-8")
