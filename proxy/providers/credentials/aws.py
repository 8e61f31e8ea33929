"""Requests to Amazon: a Bedrock key as it is, else a signature with whatever the machine is signed in with.

botocore knows where credentials are (environment, profiles, single sign-on, containers, instances) and
when they must be renewed. It is loaded when a provider needs it, and works in a thread: it reads files and
asks the network.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from proxy.wire.failure import Failure, FailureKind

SERVICE = "bedrock"
_BEARER_VARIABLE = "AWS_BEARER_TOKEN_BEDROCK"
_NOT_SIGNED = frozenset({"user-agent", "accept-encoding", "connection", "via", "x-amzn-trace-id"})
"""What may be changed on the way."""


class AwsChain:
    """The credentials of one profile, found once and renewed by botocore when they must be."""

    def __init__(self, profile: str) -> None:
        self._profile = profile
        self._found: Any = None
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
            if self._found is None:
                self._found = await asyncio.to_thread(_find, self._profile)
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
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    try:
        credentials = Session(profile=profile or None).get_credentials()
    except BotoCoreError as error:
        raise _none(str(error)) from error
    if credentials is None:
        raise _none("none were found")
    return credentials


def _signed(
    credentials: Any, region: str, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes
) -> Mapping[str, str]:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import BotoCoreError

    signed = {name: value for name, value in headers if name.lower() not in _NOT_SIGNED}
    request = AWSRequest(method=method, url=url, data=body, headers=signed)
    before = {name.lower() for name in signed}
    try:
        SigV4Auth(credentials.get_frozen_credentials(), SERVICE, region).add_auth(request)
    except BotoCoreError as error:
        raise _none(str(error)) from error
    return {name: value for name, value in request.headers.items() if name.lower() not in before}


def _none(why: str) -> Failure:
    return Failure(
        FailureKind.NO_SERVICE,
        f"There are no credentials for Amazon Bedrock: {why}. Sign in with `aws sso login`, set "
        "`aws_profile`, or store a Bedrock key with `tierwise providers add`.",
    )
