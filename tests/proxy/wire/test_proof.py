"""Which headers may prove who somebody is."""

import pytest

from proxy.wire.proof import may_prove


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "Set-Cookie",
        "X-Api-Key",
        "api-key",
        "X-Goog-Api-Key",
        "X-Tierwise-Token",
        "X-Amz-Security-Token",
        "Ocp-Apim-Subscription-Key",
        "Cf-Access-Jwt-Assertion",
        "X-My-Password",
        "X-Client-Secret",
        "X-Auth",
        "X-Authorized-As",
    ],
)
def test_credentials(name: str) -> None:
    assert may_prove(name)


@pytest.mark.parametrize(
    "name",
    [
        "User-Agent",
        "X-Team",
        "X-Author",
        "X-Authors",
        "Anthropic-Beta",
        "X-Claude-Code-Session-Id",
        "X-Session-Affinity",
        "Session-Id",
        "Thread-Id",
        "X-Tierwise-Session",
    ],
)
def test_what_tells_sessions_and_programs_apart_proves_nothing(name: str) -> None:
    assert not may_prove(name)
