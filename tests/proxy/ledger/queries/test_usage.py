"""What was used and spent: every way of grouping adds up to the same totals."""

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.exchange import Exchange, Origin, Outcome
from proxy.ledger.queries.spans import WINDOWS, WindowName, series
from proxy.ledger.queries.totals import added, shown, usd
from proxy.ledger.queries.usage import GROUPS, Filters, groups_of, newest, oldest, sums_of, total, usage
from proxy.ledger.store.sums import SUMS
from proxy.wire.canonical import Usage
from tests.proxy.ledger.made import CONFIG, NOW, attempt, config_of, exchange, failed, refused
from tests.proxy.ledger.queries.opened import opened

HOUR, DAY = 3600.0, 86_400.0
COUNTS = (
    "requests",
    "errors",
    "fallbacks",
    "inputTokens",
    "outputTokens",
    "totalTokens",
    "retries",
    "priced",
)
MONEY = ("actualCost", "flagshipCost", "saved")

services = st.sampled_from(
    [
        "anthropic/claude-haiku-4-5",
        "anthropic/claude-opus-4-8",
        "openai/gpt-5.4-mini",
        "openai/a-model-without-a-price",
        "ollama/qwen3",
    ]
)
tiers = st.sampled_from(["SIMPLE", "MEDIUM", "COMPLEX", "REASONING", None])
usages = st.builds(
    Usage,
    *[st.one_of(st.none(), st.integers(0, 10**7))] * 3,
    output=st.one_of(st.none(), st.integers(0, 10**6)),
)
ages = st.floats(-HOUR, 400 * DAY)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    last = attempt(draw(services), tier=draw(tiers), usage=draw(usages))
    before = [refused(draw(services))] * draw(st.integers(0, 2))
    make = draw(st.sampled_from([exchange, exchange, exchange, failed]))
    return make(
        *before,
        last,
        client=draw(st.sampled_from(["claude-code", "codex", "none"])),
        received=NOW - draw(ages),
        streamed=draw(st.booleans()),
        session=draw(st.sampled_from(["a", "b", None])),
        requested_model=draw(st.sampled_from(["claude-opus-4-8", "gpt-5.4", "nobody-knows-it", None])),
    )


@settings(deadline=None, max_examples=40)
@given(
    made=st.lists(exchanges(), max_size=25),
    window=st.sampled_from(WINDOWS),
    zone=st.sampled_from(
        [UTC, ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Havana")]
    ),
    narrowed=st.sampled_from(
        [{}, {"provider": "anthropic"}, {"tier": "none"}, {"client": "codex", "tier": "SIMPLE"}]
    ),
)
def test_every_grouping_and_the_series_add_up_to_the_totals(
    tmp_path_factory: pytest.TempPathFactory,
    made: list[Exchange],
    window: WindowName,
    zone: tzinfo,
    narrowed: Mapping[str, str],
) -> None:
    filters = Filters(**narrowed)
    with opened(tmp_path_factory.mktemp("record"), made) as connection:
        answer = usage(connection, window, NOW, filters, zone)
        pieces = series(window, NOW, oldest(connection), zone)
        groups = groups_of(connection, pieces.start, pieces.end, filters)
        along = [sums_of(connection, span.start, span.end, filters) for span in pieces.spans]
    whole = added(sums for _, sums in groups)
    assert whole == added(along)
    for place, group in enumerate(GROUPS):
        names = {names[place] for names, _ in groups}
        parts = [added(sums for of, sums in groups if of[place] == name) for name in names]
        assert added(parts) == whole
        assert {name: line["requests"] for name, line in answer[f"by{group.capitalize()}"].items()} == {
            name: part["requests"] for name, part in zip(names, parts, strict=True)
        }
        assert_adds_up(answer["totals"], answer[f"by_{group}"])
    assert (
        whole["saved_routing"]
        + whole["saved_local"]
        + whole["saved_avoided"]
        + whole["saved_caching"]
        + whole["saved_retries"]
        == whole["baseline"] - whole["compared_cost"]
    )
    assert [piece["total"] for piece in answer["daily"]] == [sums["requests"] for sums in along]
    assert [sum(piece["byTier"].values()) for piece in answer["daily"]] == [
        sums["requests"] for sums in along
    ]
    assert [piece["cost"] or 0 for piece in answer["daily"]] == [usd(sums["cost"]) for sums in along]
    assert sum(piece["errors"] for piece in answer["daily"]) == answer["totals"]["errors"]


def assert_adds_up(totals: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> None:
    for name in COUNTS:
        assert sum(line[name] or 0 for line in lines) == (totals[name] or 0), name
    for name in MONEY:
        assert sum(line[name] or 0 for line in lines) == pytest.approx(totals[name] or 0, abs=1e-8), name


@settings(deadline=None, max_examples=20)
@given(st.lists(exchanges(), min_size=1, max_size=25))
def test_the_summary_is_what_the_rows_add_up_to(
    tmp_path_factory: pytest.TempPathFactory, made: list[Exchange]
) -> None:
    with opened(tmp_path_factory.mktemp("record"), made) as connection:
        summed = sums_of(connection, 0, 2**60)
        row = connection.execute(f"select {', '.join(SUMS.values())} from exchanges").fetchone()
    assert summed == dict(zip(SUMS, row, strict=True))


def test_an_empty_record_has_spent_nothing_and_its_series_is_full_of_zeros(tmp_path: Path) -> None:
    with opened(tmp_path) as connection:
        assert oldest(connection) is None
        answer = usage(connection, "1d", NOW, zone=UTC)
    totals = answer["totals"]
    assert [totals[name] for name in (*COUNTS, *MONEY, "savedPercent")] == [0] * 12
    assert [answer[f"by_{group}"] for group in GROUPS] == [[], [], [], []]
    assert [(piece["total"], piece["cost"], piece["byTier"]) for piece in answer["daily"]] == [
        (0, 0, {})
    ] * 24


def test_one_exchange_is_the_whole_of_everything(tmp_path: Path) -> None:
    with opened(tmp_path, [exchange()]) as connection:
        answer = usage(connection, "7d", NOW, zone=UTC)
    line = answer["byProvider"]["anthropic"]
    assert {key: value for key, value in line.items() if key != "name"} == answer["totals"]
    assert answer["totals"]["requests"] == 1
    assert answer["totals"]["inputTokens"] == 31_020
    assert answer["totals"]["outputTokens"] == 800
    assert answer["totals"]["totalTokens"] == 31_820
    assert answer["totals"]["actualCost"] == pytest.approx(
        (20 * 1 + 30_000 * 0.1 + 1_000 * 1.25 + 800 * 5) / 1e6
    )
    assert answer["totals"]["saved"] == answer["totals"]["flagshipCost"] - answer["totals"]["actualCost"]
    assert [piece["total"] for piece in answer["daily"]] == [0] * 6 + [1]
    assert answer["daily"][-1]["byTier"] == {"SIMPLE": 1}
    assert (answer["daily"][-1]["label"], answer["daily"][-1]["cost"]) == (
        "2026-05-28",
        answer["totals"]["actualCost"],
    )


@pytest.mark.parametrize(
    ("window", "count", "unit"), [("1d", 24, "hour"), ("7d", 7, "day"), ("30d", 30, "day")]
)
def test_the_series_is_as_long_as_the_window_and_begins_with_the_oldest(
    tmp_path: Path, window: WindowName, count: int, unit: str
) -> None:
    with opened(tmp_path, [exchange()]) as connection:
        answer = usage(connection, window, NOW, zone=UTC)
    starts = [piece["start"] for piece in answer["daily"]]
    assert (answer["series_unit"], len(starts)) == (unit, count)
    assert starts == sorted(starts)
    assert (answer["since"], answer["until"]) == (starts[0], answer["daily"][-1]["end"])


def one_of_each() -> list[Exchange]:
    return [
        exchange(attempt("anthropic/claude-haiku-4-5", tier="SIMPLE"), client="codex"),
        exchange(attempt("openai/gpt-5.4", tier="COMPLEX"), client="codex"),
        exchange(attempt("openai/gpt-5.4", tier=None), client="cline"),
        failed(refused(tier="MEDIUM"), client="cline"),
        failed(refused(tier=None), client="cline"),
        exchange(origin=Origin.PROBE),
        exchange(origin=Origin.TEST),
    ]


@pytest.mark.parametrize(
    ("narrowed", "requests"),
    [
        ({}, 5),
        ({"provider": "openai"}, 2),
        ({"model": "gpt-5.4"}, 2),
        ({"client": "cline"}, 3),
        ({"tier": "COMPLEX"}, 1),
        ({"tier": "none"}, 2),
        ({"provider": "none"}, 2),
        ({"model": "none"}, 2),
        ({"provider": "none", "tier": "MEDIUM"}, 1),
        ({"client": "none"}, 0),
        ({"provider": "openai", "client": "codex"}, 1),
        ({"provider": "never heard of"}, 0),
        ({"model": "x" * 5000}, 0),
        ({"client": "it's \"\\ quoted"}, 0),
        ({"tier": "anthropic"}, 0),
        ({"origin": "probe"}, 1),
        ({"origin": "test", "provider": "anthropic"}, 1),
        ({"origin": "demo"}, 0),
    ],
    ids=str,
)
def test_only_what_the_filters_fit_counts(tmp_path: Path, narrowed: Mapping[str, str], requests: int) -> None:
    with opened(tmp_path, one_of_each()) as connection:
        answer = usage(connection, "1d", NOW, Filters(**narrowed), UTC)
    assert answer["totals"]["requests"] == requests
    assert sum(piece["total"] for piece in answer["daily"]) == requests
    for group in GROUPS:
        assert sum(line["requests"] for line in answer[f"by_{group}"]) == requests


def test_a_provider_that_is_called_none_is_one_line_with_nobody(tmp_path: Path) -> None:
    """So every name stands once, and narrowing by it shows what its line has counted."""
    config = config_of(providers={"none": {"kind": "openai-compatible", "base_url": "http://127.0.0.1:9"}})
    made = [exchange(attempt("none/m", tier=None)), failed(), exchange(attempt("none/m"))]
    with opened(tmp_path, made, config) as connection:
        answer = usage(connection, "1d", NOW, zone=UTC)
        narrowed = usage(connection, "1d", NOW, Filters(provider="none"), UTC)
        by_tier = usage(connection, "1d", NOW, Filters(tier="none"), UTC)
    assert [(line["name"], line["requests"]) for line in answer["by_provider"]] == [("none", 3)]
    assert narrowed["totals"] == answer["totals"]
    assert by_tier["totals"]["requests"] == 1


def test_a_clock_that_steps_back_loses_nothing(tmp_path: Path) -> None:
    made = [exchange(received=NOW), exchange(received=NOW - HOUR), exchange(received=NOW - HOUR + 1)]
    with opened(tmp_path, made) as connection:
        answer = usage(connection, "1d", NOW, zone=UTC)
        earlier = usage(connection, "1d", NOW - HOUR, zone=UTC)
    assert [piece["total"] for piece in answer["daily"]][-2:] == [2, 1]
    assert answer["totals"]["requests"] == 3
    assert earlier["totals"]["requests"] == 2


def test_what_a_clock_that_was_ahead_has_dated_is_not_the_newest_now(tmp_path: Path) -> None:
    made = [exchange(received=NOW + 40 * DAY), exchange(received=NOW - 3 * DAY)]
    with opened(tmp_path, made) as connection:
        found = newest(connection, Origin.CLIENT, NOW)
    assert found is not None
    assert 0 <= found - (NOW - 3 * DAY) * 1000 <= 900_000


def test_unknown_is_null_and_not_zero(tmp_path: Path) -> None:
    unpriced = exchange(attempt("openai/a-model-without-a-price"), requested_model=None)
    uncounted = exchange(attempt(usage=Usage()), received=NOW - 2 * DAY)
    with opened(tmp_path, [unpriced, uncounted], config_of()) as connection:
        first = total(connection, int(NOW - DAY) * 1000, int(NOW + DAY) * 1000)
        second = total(connection, 0, int(NOW - DAY) * 1000)
    assert (first["unpriced"], first["cost_usd"], first["saved_usd"], first["savedPercent"]) == (
        1,
        None,
        None,
        None,
    )
    assert first["totalTokens"] == 31_820
    assert (second["uncounted"], second["input_tokens"], second["totalTokens"]) == (1, None, None)


def test_a_saving_may_be_negative(tmp_path: Path) -> None:
    dearer = exchange(attempt("anthropic/claude-opus-4-8"), requested_model="claude-haiku-4-5")
    with opened(tmp_path, [dearer]) as connection:
        totals = usage(connection, "1d", NOW, zone=UTC)["totals"]
    assert totals["saved"] < 0
    assert totals["savedPercent"] == pytest.approx(100 * totals["saved"] / totals["flagshipCost"], abs=0.05)


def test_failover_is_one_request_with_a_retry(tmp_path: Path) -> None:
    made = [exchange(refused("openai/gpt-5.4"), attempt())]
    with opened(tmp_path, made) as connection:
        answer = usage(connection, "1d", NOW, zone=UTC)
    assert (answer["totals"]["requests"], answer["totals"]["retries"], answer["totals"]["fallbacks"]) == (
        1,
        1,
        1,
    )
    assert [line["name"] for line in answer["by_provider"]] == ["anthropic"]


def test_lines_are_sorted_by_what_they_cost(tmp_path: Path) -> None:
    made = [
        exchange(attempt("openai/gpt-5.4-mini")),
        exchange(attempt("anthropic/claude-opus-4-8")),
        failed(),
    ]
    with opened(tmp_path, made) as connection:
        lines = usage(connection, "1d", NOW, zone=UTC)["by_model"]
    assert lines[0]["name"] == "claude-opus-4-8"
    assert [line["cost_usd"] for line in lines] == sorted((line["cost_usd"] for line in lines), reverse=True)


def test_sums_of_nothing_are_shown_as_zeros_of_what_is_counted_and_null_of_means() -> None:
    nothing = shown(added([]))
    assert (nothing["requests"], nothing["cost_usd"], nothing["totalTokens"]) == (0, 0, 0)
    assert (nothing["duration_ms"], nothing["first_byte_ms"], nothing["cache_hit_share"]) == (
        None,
        None,
        None,
    )


def test_cancelled_is_no_error(tmp_path: Path) -> None:
    with opened(tmp_path, [exchange(outcome=Outcome.CANCELLED)], CONFIG) as connection:
        totals = usage(connection, "1d", NOW, zone=UTC)["totals"]
    assert (totals["requests"], totals["cancelled"], totals["errors"]) == (1, 1, 0)
