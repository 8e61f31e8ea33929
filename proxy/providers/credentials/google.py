"""Tokens for Google Cloud: from a service account's file, or from what this machine is signed in with.

google-auth finds and renews them. It is loaded when a provider needs it, and works in a thread.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from proxy.secret import Secret
from proxy.wire.failure import Failure, FailureKind

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


class GoogleToken:
    """A token that is renewed before it expires."""

    def __init__(self, account: Secret | None) -> None:
        self._account = account
        self._credentials: Any = None
        self._renewing = asyncio.Lock()

    async def headers(
        self, _method: str, _url: str, _headers: Sequence[tuple[str, str]], _body: bytes
    ) -> Mapping[str, str]:
        async with self._renewing:
            if self._credentials is None or not self._credentials.valid:
                await asyncio.to_thread(self._renew)
            sent: dict[str, str] = {}
            self._credentials.apply(sent)  # also names the project that pays, where the account has one
            return sent

    def _renew(self) -> None:
        from google.auth.exceptions import GoogleAuthError

        from proxy.providers.credentials.google_transport import Request

        try:
            if self._credentials is None:
                self._credentials = _found(self._account)
            self._credentials.refresh(Request())
        except (GoogleAuthError, ValueError) as error:
            why = _first_line(error) if self._account is None else "the stored account is refused"
            raise Failure(
                FailureKind.NO_SERVICE,
                f"There are no credentials for Google Cloud: {why}. Sign in with "
                "`gcloud auth application-default login`, or store a service account's JSON as the key.",
            ) from error


def _found(account: Secret | None) -> Any:
    import google.auth
    from google.oauth2 import service_account

    if account is None:
        return google.auth.default(scopes=_SCOPES)[0]
    return service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call] # it has no types
        json.loads(account.reveal()), scopes=_SCOPES
    )


def _first_line(error: Exception) -> str:
    told = str(error).strip() or type(error).__name__
    return told.splitlines()[0].rstrip(". ")


def is_account(key: Secret) -> bool:
    """Whether a key is a service account's file, rather than a token."""
    return key.reveal().lstrip().startswith("{")
