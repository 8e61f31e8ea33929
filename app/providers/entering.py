"""How a key comes in: typed where nobody sees it, or through a pipe; never as an argument."""

import getpass
import json
import re
import sys
import warnings
from typing import Final

from app.errors import UsageError
from app.providers.consent import somebody_is_there
from proxy.secret import Secret

_MOST_CHARACTERS: Final = 65536
_FITS_A_HEADER: Final = re.compile(r"[\x21-\x7e]+")

_NO_KEY_SAID: Final = (
    "There is no terminal to ask for the key at. Say where it is: --key-env VARIABLE, --key-stdin or "
    "--no-key."
)


_NONE_GIVEN: Final = "No key was given. --no-key adds a provider that needs none."


def check_terminal() -> None:
    """UsageError where nobody could type a key."""
    if not somebody_is_there():
        raise UsageError(_NO_KEY_SAID)


def typed(prompt: str) -> Secret:
    """The key as the user types or pastes it, unseen."""
    check_terminal()
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return _checked(Secret(_stripped(getpass.getpass(prompt))))
        except getpass.GetPassWarning as error:
            raise UsageError(
                "This terminal would show the key while it is typed. Use --key-stdin instead."
            ) from error
        except EOFError as error:
            raise UsageError(_NONE_GIVEN) from error


def piped() -> Secret:
    """The key as another program hands it over: all of stdin."""
    if sys.stdin is None:
        raise UsageError("--key-stdin: there is no standard input.")
    try:
        return _checked(Secret(_stripped(sys.stdin.read(_MOST_CHARACTERS))))
    except UnicodeDecodeError:
        raise UsageError("--key-stdin: what came is no text.") from None  # the error holds what came


def pasted(key: Secret) -> Secret:
    """The key as somebody pasted it, without the space that came along."""
    return _checked(Secret(_stripped(key.reveal())))


def _stripped(text: str) -> str:
    return text.strip().removeprefix("\ufeff").strip()


def _checked(key: Secret) -> Secret:
    if not key:
        raise UsageError(_NONE_GIVEN)
    if not (_FITS_A_HEADER.fullmatch(key.reveal()) or is_account_file(key)):
        raise UsageError(
            "What was given as key holds white space or characters that no header may carry. Was it another "
            "text?"
        )
    return key


def is_account_file(key: Secret) -> bool:
    """Google's service accounts have a JSON file for a key."""
    found = _json(key)
    return isinstance(found, dict) and found.get("type") == "service_account"


def is_other_json(key: Secret) -> bool:
    """What pages of keys offer as a download, say: the key may be in it, and is not all of it."""
    return isinstance(_json(key), dict | list) and not is_account_file(key)


def _json(key: Secret) -> object:
    try:
        return json.loads(key.reveal())
    except (ValueError, RecursionError):
        return None
