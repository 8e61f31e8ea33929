"""What was pasted as a key: without what came along, and why it is clearly none."""

import re
from typing import Final

from app.found_keys.plausible import issuer
from app.providers.entering import is_account_file, is_other_json
from proxy.secret import Secret
from ui.windows.providers.words import tr

_SHORTEST: Final = 8
_ASSIGNED = re.compile(r"(?:export\s+)?[A-Z][A-Z0-9_]*\s*=\s*(?P<value>[^\s=].*)")
"""Without a second `=`: those that fill up the end of a key are part of it."""
_BEARER = re.compile(r"(?:authorization:\s*)?bearer\s+(?P<value>\S+)", re.IGNORECASE)
_PAIRS: Final = (('"', '"'), ("'", "'"), ("`", "`"), ("“", "”"), ("\u2018", "\u2019"), ("«", "»"))
_MASKS: Final = ("•", "●", "*", "…", "...")
_OWN: Final = "tw-"
"""How the tokens begin that clients reach Tierwise with."""


def cleaned(text: str) -> str:
    """Without space and quotes around it, and without the name that it was assigned to."""
    text = text.strip().strip("\ufeff\u200b").strip()
    for pattern in (_ASSIGNED, _BEARER):
        if found := pattern.fullmatch(text):
            text = found["value"].strip()
    for opening, closing in _PAIRS:
        if len(text) >= 2 and text.startswith(opening) and text.endswith(closing):
            return cleaned(text[1:-1])
    return text


def why_no_key(key: Secret) -> str:
    """A sentence; empty for what may be one."""
    if not key:
        return tr("Paste the key first.")
    if is_account_file(key):
        return ""
    if is_other_json(key):
        return tr("That is JSON around a key, or about one. Copy only the key itself out of it.")
    if key.reveal().startswith(("http://", "https://")):
        return tr("That is an address and no key. Copy the key itself from that page.")
    if any(mask in key.reveal() for mask in _MASKS):
        return tr("That is a key of which a part is hidden. Copy all of it, or make a new one.")
    if any(letter.isspace() for letter in key.reveal()):
        return tr("A key has no spaces or line breaks within. Was another text in the clipboard?")
    if not (key.reveal().isascii() and key.reveal().isprintable()):
        return tr("That holds letters that no key has. Was another text in the clipboard?")
    if key.reveal().startswith(_OWN):
        return tr("That is a token of Tierwise, which clients use. The provider's own key is wanted.")
    if len(key.reveal()) < _SHORTEST:
        return tr("That is too short for a key. Copy all of it.")
    return ""


def whose(key: Secret) -> str:
    """The preset whose vendor has issued it, where the key says so itself; else empty."""
    return issuer(key.reveal())
