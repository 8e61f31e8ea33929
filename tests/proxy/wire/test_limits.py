"""What providers say of their limits in headers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.limits import Window, read_limits, wait

NOW = 1_792_567_680.0
"""Wednesday, 21 October 2026, 07:28:00 in Greenwich."""


@pytest.mark.parametrize(
    ("headers", "windows"),
    [
        pytest.param({}, [], id="none"),
        pytest.param(
            {
                "anthropic-ratelimit-requests-limit": "50",
                "anthropic-ratelimit-requests-remaining": "49",
                "anthropic-ratelimit-requests-reset": "2026-10-21T07:28:30Z",
                "anthropic-ratelimit-input-tokens-limit": "40000",
                "anthropic-ratelimit-input-tokens-remaining": "10000",
                "anthropic-ratelimit-input-tokens-reset": "2026-10-21T09:29:00+02:00",
            },
            [Window("requests", 50, 49, 2, 30), Window("input tokens", 40000, 10000, 75, 60)],
            id="Anthropic",
        ),
        pytest.param(
            {
                "anthropic-ratelimit-unified-status": "allowed",
                "anthropic-ratelimit-unified-reset": "1792567780",
                "anthropic-ratelimit-unified-representative-claim": "five_hour",
                "anthropic-ratelimit-unified-5h-status": "allowed",
                "anthropic-ratelimit-unified-5h-utilization": "0.42",
                "anthropic-ratelimit-unified-5h-reset": "1792567780",
                "anthropic-ratelimit-unified-7d-utilization": "0.3",
                "anthropic-ratelimit-unified-7d-reset": "2026-10-21T07:38:00Z",
                "anthropic-ratelimit-unified-overage-status": "rejected",
            },
            [
                Window("unified", resets_in=100),
                Window("unified 5h", used_percent=42, resets_in=100),
                Window("unified 7d", used_percent=30, resets_in=600),
            ],
            id="Anthropic subscription",
        ),
        pytest.param(
            {
                "x-ratelimit-limit-requests": "60",
                "x-ratelimit-remaining-requests": "59",
                "x-ratelimit-reset-requests": "1s",
                "x-ratelimit-limit-tokens": "150000",
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-tokens": "6m0s",
            },
            [Window("requests", 60, 59, 100 / 60, 1), Window("tokens", 150000, 0, 100, 360)],
            id="OpenAI",
        ),
        pytest.param(
            {
                "x-ratelimit-limit-requests-day": "14400",
                "x-ratelimit-remaining-requests-day": "7200",
                "x-ratelimit-reset-requests-day": "33011.4",
            },
            [Window("requests day", 14400, 7200, 50, 33011.4)],
            id="windows by the day",
        ),
        pytest.param(
            {
                "X-RateLimit-Limit": "20",
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": "1792567690000",
            },
            [Window("requests", 20, 0, 100, 10)],
            id="one window, until a date in milliseconds",
        ),
        pytest.param(
            {"ratelimit-limit": "100", "ratelimit-remaining": "25", "ratelimit-reset": "50"},
            [Window("requests", 100, 25, 75, 50)],
            id="without the x",
        ),
        pytest.param(
            {"x-ratelimit-remaining-tokens": "7"}, [Window("tokens", remaining=7)], id="no limit said"
        ),
        pytest.param({"x-ratelimit-limit-tokens": "0"}, [Window("tokens", limit=0)], id="a limit of nothing"),
        pytest.param(
            {"x-ratelimit-limit-requests": "many", "x-ratelimit-reset-requests": "soon"}, [], id="unreadable"
        ),
        pytest.param({"x-ratelimit-policy": "3", "content-type": "text/plain"}, [], id="other headers"),
    ],
)
def test_each_style_gives_its_windows(headers: dict[str, str], windows: list[Window]) -> None:
    found = read_limits(headers, NOW)
    assert [window.name for window in found] == [window.name for window in windows]
    for seen, wanted in zip(found, windows, strict=True):
        assert (seen.limit, seen.remaining) == (wanted.limit, wanted.remaining)
        assert seen.used_percent == pytest.approx(wanted.used_percent)
        assert seen.resets_in == pytest.approx(wanted.resets_in)


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        ("6ms", 0.006),
        ("500us", 0.0005),
        ("1s", 1),
        ("7.66s", 7.66),
        ("1m2.5s", 62.5),
        ("2m", 120),
        ("1h30m", 5400),
        ("1d2h", 93600),
        ("12", 12),
        ("0", 0),
        ("1792567700", 20),
        ("1792567600", 0),
        ("1792567681500", 1.5),
        ("2026-10-21T07:28:10.5Z", 10.5),
        ("2026-10-21T02:28:10-05:00", 10),
        ("Wed, 21 Oct 2026 07:29:00 GMT", 60),
        ("Wed, 21 Oct 2026 07:00:00 GMT", 0),
        ("2026-13-21T07:28:10Z", None),
        ("Wed, 21 Oct 99999 07:00:00 GMT", None),
        ("-3", None),
        ("nan", None),
        ("1e9", None),
        ("soon", None),
        ("", None),
        ("m", None),
    ],
)
def test_a_reset_is_read_however_it_is_written(reset: str, seconds: float | None) -> None:
    (window,) = read_limits({"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": reset}, NOW)
    assert window.resets_in == pytest.approx(seconds)


_TOKENS_USED_UP = {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s"}
_SUBSCRIPTION_USED_UP = {
    "anthropic-ratelimit-unified-status": "rejected",
    "anthropic-ratelimit-unified-reset": "1792567740",
    "anthropic-ratelimit-unified-5h-status": "rejected",
    "anthropic-ratelimit-unified-5h-utilization": "0.99",
    "anthropic-ratelimit-unified-5h-reset": "1792567740",
    "anthropic-ratelimit-unified-7d-status": "allowed",
    "anthropic-ratelimit-unified-7d-utilization": "0.3",
    "anthropic-ratelimit-unified-7d-reset": "1792999999",
    "anthropic-ratelimit-unified-overage-status": "rejected",
    "anthropic-ratelimit-unified-overage-reset": "1799999999",
}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, None, id="nothing said"),
        pytest.param({"Retry-After": "17"}, 17, id="seconds"),
        pytest.param({"retry-after": "Wed, 21 Oct 2026 07:30:00 GMT"}, 120, id="a date"),
        pytest.param({"retry-after-ms": "250", "retry-after": "1"}, 0.25, id="milliseconds are finer"),
        pytest.param({"retry-after": "3"} | _TOKENS_USED_UP, 3, id="the provider's own word counts"),
        pytest.param({"retry-after": "soon"} | _TOKENS_USED_UP, 360, id="unless it cannot be read"),
        pytest.param(_TOKENS_USED_UP, 360, id="the window that is used up"),
        pytest.param(
            _TOKENS_USED_UP | {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "7m"},
            420,
            id="all that are used up must begin anew",
        ),
        pytest.param(
            {"x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "6m0s"}, None, id="some left"
        ),
        pytest.param({"x-ratelimit-remaining-tokens": "0"}, None, id="used up for who knows how long"),
        pytest.param(_SUBSCRIPTION_USED_UP, 60, id="a subscription's window, and neither overage nor week"),
        pytest.param(
            {
                "anthropic-ratelimit-unified-5h-utilization": "1.02",
                "anthropic-ratelimit-unified-5h-reset": "1792567690",
            },
            10,
            id="more than all of it is used",
        ),
    ],
)
def test_when_to_come_back(headers: dict[str, str], seconds: float | None) -> None:
    assert wait(headers, NOW) == pytest.approx(seconds)


_NAMES = st.sampled_from(
    [
        "retry-after",
        "retry-after-ms",
        "x-ratelimit-reset",
        "x-ratelimit-remaining",
        "x-ratelimit-limit",
        "anthropic-ratelimit-tokens-reset",
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-unified-5h-reset",
        "anthropic-ratelimit-unified-status",
        "x-ratelimit-",
        "anthropic-ratelimit-",
    ]
)
_VALUES = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"\A[0-9]{1,20}(\.[0-9]{1,20})?(ms|s|m|h|d)?\Z"),
    st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})\Z"),
    st.from_regex(r"\A(Mon|Tue), [0-9]{1,2} (Jan|Feb) [0-9]{1,9} [0-9:]{1,9} (GMT|[+-][0-9]{4})\Z"),
)


@given(headers=st.dictionaries(_NAMES, _VALUES))
def test_no_header_breaks_the_reading_and_no_time_lies_behind_us(headers: dict[str, str]) -> None:
    times = [wait(headers, NOW), *(window.resets_in for window in read_limits(headers, NOW))]
    assert all(time is None or (time >= 0 and math.isfinite(time)) for time in times)
