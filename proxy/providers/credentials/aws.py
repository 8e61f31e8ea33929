"""Requests to Amazon: a Bedrock key as it is, else a signature with whatever the machine is signed in with.

botocore knows where credentials are (environment, profiles, single sign-on, containers, instances) and
when they must be renewed. It is loaded when a provider needs it, and works in a thread: it reads files and
asks the network.
"""

import asyncio
import math
import os
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from proxy.wire.failure import Failure, FailureKind

SERVICE = "bedrock"
_BEARER_VARIABLE = "AWS_BEARER_TOKEN_BEDROCK"
_SIGNED = "content-type"
_AMAZONS_OWN = "x-amz-"
"""These must be signed; the rest may be changed on the way, or be there twice."""
_LOOK_AGAIN_SECONDS = 60.0


class AwsChain:
    """The credentials of one profile, found once and renewed by botocore when they must be."""

    def __init__(self, profile: str) -> None:
        self._profile = profile
        self._found: Any = None
        self._old_from = 0.0
        self._finding = asyncio.Lock()

    async def headers(
        self, region: str, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> Mapping[str, str]:
        if token := os.environ.get(_BEARER_VARIABLE, "").strip():
            return {"authorization": f"Bearer {token}"}
        credentials = await self._credentials()
        return await asyncio.to_thread(_signed, credentials, region, method, url, headers, body)

    async def _credentials(self) -> Any:
        async with self._finding:
            if self._found is None or time.monotonic() >= self._old_from:
                self._found = await asyncio.to_thread(_find, self._profile)
                self._old_from = time.monotonic() + await asyncio.to_thread(_lasting_seconds, self._found)
            return self._found


class AwsCredential:
    """One region's use of a chain."""

    def __init__(self, chain: AwsChain, region: str) -> None:
        self._sign = partial(chain.headers, region)

    async def headers(
        self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> Mapping[str, str]:
        return await self._sign(method, url, headers, body)


def _find(profile: str) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.session import Session

    try:
        credentials = Session(profile=profile or None).get_credentials()
    except (BotoCoreError, ClientError) as error:
        raise _none(str(error)) from error
    if credentials is None:
        raise _none("none were found")
    return credentials


def _lasting_seconds(credentials: Any) -> float:
    """What botocore does not renew may have been written anew by another program."""
    from botocore.credentials import RefreshableCredentials

    return math.inf if isinstance(credentials, RefreshableCredentials) else _LOOK_AGAIN_SECONDS


def _signed(
    credentials: Any, region: str, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes
) -> Mapping[str, str]:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import BotoCoreError, ClientError

    signed = {name: value for name, value in headers if _is_signed(name.lower())}
    request = AWSRequest(method=method, url=url, data=body, headers=signed)
    try:
        SigV4Auth(credentials.get_frozen_credentials(), SERVICE, region).add_auth(request)
    except (BotoCoreError, ClientError) as error:
        raise _none(str(error)) from error
    return {name: value for name, value in request.headers.items() if signed.get(name) != value}


def _is_signed(name: str) -> bool:
    return name == _SIGNED or name.startswith(_AMAZONS_OWN)


def _none(why: str) -> Failure:
    return Failure(
        FailureKind.NO_SERVICE,
        f"There are no credentials for Amazon Bedrock: {why.rstrip('. ')}. Sign in with `aws sso login`, set "
        "`aws_profile`, or store a Bedrock key with `tierwise providers add`.",
    )
