"""Telling a subscription's credential from a key: what runs on the first costs nothing by the token."""

from proxy.secret import Secret

_LOGINS = ("sk-ant-oat", "eyJ")
"""How the tokens begin that Anthropic's and OpenAI's clients get when their user logs in."""


def is_login(credential: Secret) -> bool:
    return credential.reveal().startswith(_LOGINS)
