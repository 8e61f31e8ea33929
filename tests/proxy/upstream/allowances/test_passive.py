"""What the headers of answers tell of allowances, vendor by vendor."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.money.quota import Allowance, AllowanceKind, AllowanceSource, tightest
from proxy.routing.health.key import Key
from proxy.upstream.allowances.passive import read_allowances, tells_limits

NOW = 1_792_567_680.0
"""Wednesday, 21 October 2026, 07:28:00 in Greenwich."""
KEY = Key("p", "keyring")
MODEL = "some-model"

ANTHROPIC = {
    "anthropic-ratelimit-requests-limit": "50",
    "anthropic-ratelimit-requests-remaining": "49",
    "anthropic-ratelimit-requests-reset": "2026-10-21T07:28:30Z",
    "anthropic-ratelimit-input-tokens-limit": "40000",
    "anthropic-ratelimit-input-tokens-remaining": "10000",
    "anthropic-ratelimit-input-tokens-reset": "2026-10-21T07:29:00Z",
}
SUBSCRIPTION = {
    "anthropic-ratelimit-unified-status": "allowed",
    "anthropic-ratelimit-unified-reset": "1792577680",
    "anthropic-ratelimit-unified-representative-claim": "five_hour",
    "anthropic-ratelimit-unified-5h-status": "allowed",
    "anthropic-ratelimit-unified-5h-utilization": "0.42",
    "anthropic-ratelimit-unified-5h-reset": "1792577680",
    "anthropic-ratelimit-unified-7d-utilization": "0.3",
    "anthropic-ratelimit-unified-7d-reset": "1792667680",
    "anthropic-ratelimit-unified-7d_opus-status": "rejected",
    "anthropic-ratelimit-unified-7d_opus-utilization": "1.0",
    "anthropic-ratelimit-unified-overage-status": "rejected",
}
OPENAI = {
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-remaining-requests": "45",
    "x-ratelimit-reset-requests": "1s",
    "x-ratelimit-limit-tokens": "150000",
    "x-ratelimit-remaining-tokens": "0",
    "x-ratelimit-reset-tokens": "6m0s",
}
GROQ = {
    "x-ratelimit-limit-requests": "14400",
    "x-ratelimit-remaining-requests": "14370",
    "x-ratelimit-reset-requests": "2m59.56s",
    "x-ratelimit-limit-tokens": "18000",
    "x-ratelimit-remaining-tokens": "17997",
    "x-ratelimit-reset-tokens": "7.66s",
}
OPENROUTER = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1792627200000"}
CODEX = {
    "x-codex-primary-used-percent": "37",
    "x-codex-primary-window-minutes": "300",
    "x-codex-primary-reset-after-seconds": "1200",
    "x-codex-secondary-used-percent": "12.5",
    "x-codex-secondary-window-minutes": "10080",
    "x-codex-secondary-reset-at": "1792968480",
    "x-codex-other-model-primary-used-percent": "100",
    "x-codex-other-model-primary-reset-after-seconds": "50",
    "x-codex-credits-has-credits": "False",
    "x-codex-plan-type": "plus",
}


def read(headers: dict[str, str]) -> tuple[Allowance, ...]:
    return read_allowances(headers, KEY, MODEL, NOW)


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param(
            ANTHROPIC,
            [
                ("requests", MODEL, 2.0, 49.0, "requests", 30.0, True),
                ("input tokens", MODEL, 75.0, 10000.0, "tokens", 60.0, True),
            ],
            id="Anthropic",
        ),
        pytest.param(
            SUBSCRIPTION,
            [
                ("unified", "", None, None, "percent", 10_000.0, False),
                ("unified 5h", "", 42.0, None, "percent", 10_000.0, True),
                ("unified 7d", "", 30.0, None, "percent", 100_000.0, True),
                ("unified 7d_opus", "", 100.0, None, "percent", None, False),
            ],
            id="Anthropic subscription",
        ),
        pytest.param(
            {
                "anthropic-ratelimit-unified-status": "rejected",
                "anthropic-ratelimit-unified-reset": "1792577680",
            },
            [("unified", "", 100.0, None, "percent", 10_000.0, True)],
            id="Anthropic subscription, the summary alone",
        ),
        pytest.param(
            OPENAI,
            [
                ("requests", MODEL, 25.0, 45.0, "requests", 1.0, True),
                ("tokens", MODEL, 100.0, 0.0, "tokens", 360.0, True),
            ],
            id="OpenAI",
        ),
        pytest.param(
            GROQ,
            [
                ("requests", MODEL, 100 * 30 / 14400, 14370.0, "requests", 179.56, True),
                ("tokens", MODEL, 100 * 3 / 18000, 17997.0, "tokens", 7.66, True),
            ],
            id="Groq",
        ),
        pytest.param(
            OPENROUTER, [("requests", MODEL, 100.0, 0.0, "requests", 59_520.0, True)], id="OpenRouter"
        ),
        pytest.param(
            CODEX,
            [
                ("codex 5h", "", 37.0, None, "percent", 1200.0, True),
                ("codex 7d", "", 12.5, None, "percent", 400_800.0, True),
                ("codex other-model primary", "", 100.0, None, "percent", 50.0, False),
            ],
            id="Codex",
        ),
        pytest.param(
            {"x-codex-primary-used-percent": "0", "x-codex-primary-window-minutes": "0"},
            [],
            id="Codex, zeros for no window",
        ),
        pytest.param(
            {"x-codex-primary-used-percent": "much", "x-codex-secondary-reset-at": "9"},
            [],
            id="Codex, no share",
        ),
        pytest.param(
            {"ratelimit-limit-images": "10", "ratelimit-remaining-images": "1"},
            [("images", MODEL, 90.0, 1.0, "", None, True)],
            id="something else is counted",
        ),
        pytest.param(
            {
                "x-ratelimit-limit-req-minute": "60",
                "x-ratelimit-remaining-req-minute": "30",
                "x-ratelimit-reset-req-minute": "999999999",
            },
            [("req minute", MODEL, 50.0, 30.0, "requests", None, True)],
            id="a reset in thirty years is none",
        ),
    ],
)
def test_every_vendor_is_understood(headers: dict[str, str], told: list[tuple[Any, ...]]) -> None:
    found = read(headers)
    assert [
        (
            each.window,
            each.model,
            pytest.approx(each.used_percent),
            each.remaining,
            each.unit,
            None if each.resets_at is None else pytest.approx(each.resets_at - NOW, abs=1e-3),
            each.counts,
        )
        for each in found
    ] == told
    for each in found:
        assert (each.provider, each.key, each.seen_at) == ("p", "keyring", NOW)
        assert (each.kind, each.source) == (AllowanceKind.LIMIT, AllowanceSource.HEADERS)


def test_the_week_of_one_model_never_speaks_for_the_plan() -> None:
    narrow = tightest(read(SUBSCRIPTION), NOW)
    assert narrow is not None
    assert narrow.window == "unified 5h"


@pytest.mark.parametrize("headers", [ANTHROPIC, SUBSCRIPTION, OPENAI, GROQ, OPENROUTER, CODEX])
def test_whatever_tells_something_is_looked_at(headers: dict[str, str]) -> None:
    assert tells_limits(headers)
    assert tells_limits(["content-type", *headers])


def test_most_answers_are_not_looked_at() -> None:
    assert not tells_limits([])
    assert not tells_limits(["Content-Type", "Retry-After", "X-Request-Id", "x-codex", "openai-ratelimit"])


NAMES = st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            [
                "anthropic-ratelimit-",
                "unified-",
                "x-ratelimit-",
                "ratelimit-",
                "x-codex-",
                "primary-",
                "used-percent",
                "window-minutes",
                "reset-after-seconds",
                "reset-at",
                "limit",
                "remaining",
                "reset",
                "utilization",
                "status",
                "-",
                "5h-",
                "tokens",
            ]
        ),
        max_size=6,
    ),
)
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["rejected", "-1", "1e400", "nan", "9" * 17, "\u0661", "1_000", "0", "1.5", "6m0s"]),
    st.integers().map(str),
    st.floats().map(str),
)


@given(st.dictionaries(NAMES, VALUES, max_size=8))
def test_no_header_breaks_the_reading_and_no_number_is_absurd(headers: dict[str, str]) -> None:
    for each in read(headers):
        assert each.resets_at is None or each.resets_at <= NOW + 41 * 86400
        assert each.used_percent is None or each.used_percent >= 0
        each.at(NOW + 1)
