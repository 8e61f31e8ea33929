"""What somebody typed, without what programs put around it: the one cleaning that every text signal uses.

Clients write their own words into the user's messages: reminders, notices, the state of the machine, wrappers
around slash commands. A signal that read them would say the same of every request. A pair of such tags goes
with all that lies within; a tag without its partner is taken for something the user wrote about.
"""

import re

_REMOVED = (
    "system-reminder",
    "system_reminder",
    "task-notification",
    "environment_context",
    "environment_details",
    "user_instructions",
    "turn-context",
    "turn_context",
    "turn_aborted",
    "subagent_notification",
    "ide_opened_file",
    "ide_selection",
    "command-name",
    "command-message",
    "command-contents",
    "local-command-caveat",
    "local-command-stdout",
    "local-command-stderr",
)
_UNWRAPPED = ("command-args", "user_query", "userRequest")
"""The user's own words, in somebody's wrapping."""

_TAG = re.compile(rf"<(/?+)({'|'.join((*_REMOVED, *_UNWRAPPED))})(?:\s[^<>]{{0,200}}+)?+>")
_BADGE = re.compile(r"^[ \t]*+\[tierwise[^\]\n]{0,200}+\][^\n]*+\n?", re.IGNORECASE | re.MULTILINE)

_NOT_TYPED = re.compile(
    r"\[SYSTEM NOTIFICATION|\[Request interrupted|<(?:conversation|session)(?=[\s>_-])"
    r"|This session is being continued from a previous conversation|# AGENTS\.md instructions"
    r"|Another language model started"
)
"""How a text begins that no user typed."""

NONCE = "x-anthropic-billing-header:"
"""Claude Code begins its system prompt with it; its end is another one in every request."""


def cleaned(text: str) -> str:
    """The text without what is not the user's, empty if nothing is left; in time as its length."""
    if text.startswith(NONCE):
        text = without_nonce(text)
    if "<" in text:
        text = _without_tags(text)
    if "[" in text:
        text = _BADGE.sub("", text)
    text = text.strip()
    return "" if _NOT_TYPED.match(text) else text


def without_nonce(text: str) -> str:
    if not text.startswith(NONCE):
        return text
    return text.partition("\n")[2]


def _without_tags(text: str) -> str:
    pieces: list[str] = []
    read = 0
    for start, end in _taken(text):
        if start >= read:
            pieces.append(text[read:start])
        read = max(read, end)
    return "".join([*pieces, text[read:]]) if read else text


def _taken(text: str) -> list[tuple[int, int]]:
    """Where something goes, in order: pairs of tags with what they hold, and the bare wrappers."""
    taken: list[tuple[int, int]] = []
    opened: dict[str, list[int]] = {}
    for tag in _TAG.finditer(text):
        name = tag[2]
        if name in _UNWRAPPED:
            taken.append(tag.span())
        elif not tag[1]:
            opened.setdefault(name, []).append(tag.start())
        elif opened.get(name):
            taken.append((opened[name].pop(), tag.end()))
    return sorted(taken)
