"""Whether a text can be a key at all: no placeholder, no login, none of our own tokens."""

import re
from typing import Final

_SHORTEST: Final = 16
_LONGEST: Final = 1024
_FEWEST_DIFFERENT: Final = 6
"""Keys are drawn at random; a row of x, or of 1234, is not."""

_FITS_A_HEADER: Final = re.compile(r"[\x21-\x7e]+")
_STANDS_FOR_ANOTHER: Final = re.compile(r"[$<>{}()\[\]*\"'`\\]|\.\.\.")
"""Marks of what is to be filled in, by a person or by a shell."""

_WORDS_OF_EXAMPLES: Final = re.compile(
    r"your|api[-_]?key|example|placeholder|change[-_]?me|dummy|replace|redacted|secret|insert|managed"
    r"|x{5,}|1234567|not[-_]?needed|no[-_]?key|lm-studio|ollama",
    re.IGNORECASE,
)

_NO_KEYS: Final = (
    "sk-ant-oat",  # the login of a subscription
    "sk-ant-ort",
    "sk-ant-sid",
    "sk-ant-admin",  # it runs an organisation, and asks no model
    "sk-admin-",
    "sess-",
    "ya29.",  # a login at Google
    "eyJ",  # a signed token, which some login has issued and which soon ends
    "gho_",
    "ghu_",
    "ghp_",
    "github_pat_",
    "tw-",  # ours, which other clients hold to reach us
)

_ISSUED_BY: Final = (
    ("sk-or-", "openrouter"),
    ("sk-ant-", "anthropic"),
    ("gsk_", "groq"),
    ("xai-", "xai"),
    ("AIza", "gemini"),
    ("csk-", "cerebras"),
    ("fw_", "fireworks"),
)
"""Beginnings that tell whose key it is, whatever the place it was found in is called."""

_ALL_SAY_SO: Final = frozenset({"anthropic", "openrouter", "groq", "xai", "cerebras"})
"""Vendors who issue no key with another beginning."""

_LONGEST_NAME: Final = 60


def is_key(text: str) -> bool:
    """Whether it looks like what a vendor issues, and like nothing else."""
    if not _SHORTEST <= len(text) <= _LONGEST or len(set(text)) < _FEWEST_DIFFERENT:
        return False
    if text.startswith(_NO_KEYS) or not _FITS_A_HEADER.fullmatch(text):
        return False
    return not (_STANDS_FOR_ANOTHER.search(text) or _WORDS_OF_EXAMPLES.search(text))


def issuer(text: str) -> str:
    """The preset whose vendor has issued a key, where the key says so itself; else empty."""
    return next((preset for beginning, preset in _ISSUED_BY if text.startswith(beginning)), "")


def says_itself(preset: str) -> bool:
    """Whether every key of that vendor tells whose it is, so that one that does not is another's."""
    return preset in _ALL_SAY_SO


def shown(name: str) -> str:
    """What somebody else's file calls a thing, if that can be shown: it may steer a terminal, or be a key."""
    is_plain = 0 < len(name) <= _LONGEST_NAME and name.isprintable() and not is_key(name)
    return name if is_plain else "an entry"
