"""Text that says nothing, of the size of a text that is not ours to keep.

Line by line the same number of bytes, so that what is built from it has the size of the original; the same
line always becomes the same line, so that what was equal stays equal, and a shared prefix stays shared.
"""

import re
from hashlib import blake2b

WORDS = (
    *("a", "of", "the", "with", "stone", "garden", "evening", "mountain", "beautiful"),
    *("in", "and", "over", "river", "yellow", "weather", "umbrella", "direction"),
    *("by", "sea", "bird", "cloud", "window", "village", "distance", "afternoon"),
    *("to", "sun", "leaf", "water", "bright", "journey", "children", "breakfast"),
    *("on", "old", "road", "grass", "silver", "morning", "daylight", "landscape"),
    *("at", "far", "moon", "sheep", "winter", "feather", "hillside", "chocolate"),
)
_OF_LENGTH = (
    "",
    "a",
    "of",
    "sea",
    "bird",
    "river",
    "window",
    "feather",
    "hillside",
    "beautiful",
    "strawberry",
)
_LONGEST = len(_OF_LENGTH) - 1
ALL_WORDS = frozenset((*WORDS, *_OF_LENGTH))

_MARKS = (
    "[SUGGESTION MODE:",
    "summary of the conversation",
    "CONTEXT CHECKPOINT COMPACTION",
    "title generator",
    "sentence-case title",
    "You are an agent",
    "You are Claude Code",
    "You are a Claude agent",
    "This session is being continued from a previous conversation",
    "Another language model started",
    "x-anthropic-billing-header:",
    "cc_is_subagent=true",
)
"""By these a proxy tells what a call is for, so they stay where they stood."""
_TAGS = (
    *("system-reminder", "environment_context", "user_instructions", "session", "conversation"),
    *("command-name", "command-message", "command-args"),
    *("local-command-caveat", "local-command-stdout", "local-command-stderr"),
)
MARK = re.compile("|".join([*map(re.escape, _MARKS), rf"</?(?:{'|'.join(_TAGS)})>"]))
"""A mark, or one of the tags that clients put around what nobody typed."""


def filler(text: str) -> str:
    """Of the same size in bytes, with the same marks, and not a word of the original."""
    ends = [(mark.start(), mark.end()) for mark in MARK.finditer(text)]
    filled, read = [], 0
    for start, end in ends:
        filled += [_lines(text[read:start]), text[start:end]]
        read = end
    return "".join([*filled, _lines(text[read:])])


def is_filler(text: str) -> bool:
    """Whether it has no words but ours, beside the marks."""
    return all(word in ALL_WORDS for word in re.findall(r"\w+", MARK.sub(" ", text)))


def _lines(text: str) -> str:
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    """Words in their turn, from one that the line itself chooses, and at last one that fits; the space around
    them stays."""
    inner = line.strip(" ")
    if not inner:
        return line
    before = line[: line.index(inner)]
    return before + _words(inner.encode()) + line[len(before) + len(inner) :]


def _words(line: bytes) -> str:
    left = len(line)
    place = int.from_bytes(blake2b(line, digest_size=2).digest())
    words = []
    while left > _LONGEST:
        words.append(WORDS[place % len(WORDS)])
        place += 1
        left -= len(words[-1]) + 1
    return " ".join([*words, _OF_LENGTH[left]])
