"""The pages: what queries mean, what an empty record shows, and what a broken one does."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from proxy.ledger.queries.spans import today
from proxy.server import answers
from proxy.server.dashboard import overview as overview_page
from proxy.server.dashboard import referenced
from proxy.server.dashboard import routing as routing_page
from proxy.server.dashboard.asked import limit, moment
from proxy.server.dashboard.parts import answered
from proxy.wire.failure import Failure
from tests.proxy.gateway_fixture import ADMIN_TOKEN, CLIENT_TOKEN
from tests.proxy.ledger.made import exchange, failed
from tests.proxy.server.dashboard.stage import Dashboard, dashboard

DAY = 86_400.0
ADDRESSES = (
    "/api/overview",
    "/api/usage",
    "/api/routing",
    "/api/logs",
    "/api/events",
    "/metrics",
    "/api/logs/req_1",
)
OF_RECORD = ("today", "window", "stats", "statsWindow", "recentRequests")
MISTAKE = {"detail": "Tierwise made a mistake; its log says more."}


def broken(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("a bug")


# What is asked for


@pytest.mark.parametrize(
    ("text", "rows"),
    [("", 100), ("1", 1), ("100", 100), ("500", 500), ("501", 500), ("9" * 50, 500), ("0", 1), ("-5", 1)],
)
def test_a_limit_is_kept_within_bounds(text: str, rows: int) -> None:
    assert limit({"limit": text}) == rows


@pytest.mark.parametrize("text", ["abc", "1.5", "ten", "0x10", "9" * 5000, "nan"])
def test_a_limit_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Failure, match="`limit`"):
        limit({"limit": text})


def test_without_a_limit_a_page_has_a_hundred_rows() -> None:
    assert limit({}) == 100


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("", 0),
        ("0", 0),
        ("-1", -1),
        ("1780000000000", 1_780_000_000_000),
        ("2026-05-28T20:26:40Z", 1_780_000_000_000),
        ("2026-05-28T22:26:40+02:00", 1_780_000_000_000),
        ("9" * 40, 2**62),
    ],
)
def test_since_is_a_number_or_a_date(text: str, milliseconds: int) -> None:
    assert moment(text) == milliseconds


def test_a_date_without_a_zone_is_local() -> None:
    assert moment("2026-05-28") == datetime(2026, 5, 28).astimezone(UTC).timestamp() * 1000


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"since": "--5"},
        {"since": "2026-13-01"},
        {"since": "²"},
        {"before": "x"},
        {"before": "1.2.3"},
        {"before": "9" * 40 + ".1"},
        {"limit": "abc"},
        {"origin": "nobody"},
    ],
    ids=str,
)
async def test_a_query_that_makes_no_sense_is_refused_with_a_sentence(
    tmp_path: Path, query: dict[str, str]
) -> None:
    async with dashboard(tmp_path, exchanges=[exchange()]) as here:
        status, text = await here.answer("/api/logs", **query)
    assert status == 400
    assert f"`{next(iter(query))}` is" in text


async def test_an_unknown_window_is_refused(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as here:
        assert (await here.answer("/api/usage", window="2d"))[0] == 400
        assert (await here.usage())["window"] == "7d"


@pytest.mark.parametrize(
    "days", [("9990-01-01", "9999-12-31"), ("1969-12-31", "1970-01-05"), ("2026-02-02", "2026-02-01")]
)
async def test_days_that_make_no_sense_are_refused_with_a_sentence(
    tmp_path: Path, days: tuple[str, str]
) -> None:
    async with dashboard(tmp_path, exchanges=[exchange()]) as here:
        status, text = await here.answer("/api/usage", since=days[0], until=days[1])
    assert status == 400
    assert "1970 to 2999" in text


@pytest.mark.parametrize("since", ["1" + "0" * 30, "-" + "9" * 30], ids=["far ahead", "long ago"])
async def test_any_number_can_be_asked_for(tmp_path: Path, since: str) -> None:
    async with dashboard(tmp_path, exchanges=[exchange(), failed()]) as here:
        found = [(await here.logs(since=since))["rows"], (await here.logs(since=since, error="true"))["rows"]]
    assert [len(rows) for rows in found] == ([0, 0] if since[0] == "1" else [2, 1])


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"tier": "simple"}, 1),
        ({"tier": "Simple"}, 1),
        ({"tier": "none"}, 1),
        ({"tier": "None"}, 1),
        ({"error": "true"}, 1),
        ({"error": "1"}, 1),
        ({"error": "false"}, 2),
        ({"provider": "\x00"}, 0),
        ({"model": "ü 'quoted' % _"}, 0),
        ({"tier": "SIMPLE", "error": "true"}, 0),
    ],
    ids=str,
)
async def test_the_query_narrows_the_log(tmp_path: Path, query: dict[str, str], count: int) -> None:
    async with dashboard(tmp_path, exchanges=[exchange(), failed(attempts=[], refused_by=None)]) as here:
        assert len((await here.logs(**query))["rows"]) == count


async def test_pages_follow_each_other_over_http(tmp_path: Path) -> None:
    made = [exchange() for _ in range(7)]
    async with dashboard(tmp_path, exchanges=made) as here:
        first = await here.logs(limit=5)
        second = await here.logs(limit=5, before=first["next"])
    assert [len(first["rows"]), len(second["rows"]), second["next"]] == [5, 2, None]
    assert {row["id"] for page in (first, second) for row in page["rows"]} == {each.id for each in made}


@pytest.mark.parametrize("id_", ["req_0000000000000001", "nonsense", "req_" + "f" * 400, "%00"])
async def test_an_exchange_that_is_not_there_is_not_found(tmp_path: Path, id_: str) -> None:
    async with dashboard(tmp_path, exchanges=[exchange()]) as here:
        status, text = await here.answer(f"/api/logs/{id_}")
    assert (status, "There is no exchange" in text) == (404, True)


# Who may ask


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(("token", "status"), [("", 401), (CLIENT_TOKEN, 401), (ADMIN_TOKEN, 200)])
async def test_only_the_admin_token_opens_the_pages(
    tmp_path: Path, address: str, token: str, status: int
) -> None:
    async with dashboard(tmp_path) as here:
        headers = {"x-tierwise-token": token} if token else {}
        async with here.running.http.get(here.running.url + address, headers=headers) as answer:
            assert answer.status == (404 if status == 200 and address.endswith("req_1") else status)


# Windows and days


@pytest.mark.parametrize(
    ("ages", "window", "requests"),
    [
        ([], "24h", 0),
        ([0.1], "24h", 1),
        ([0.1, 3], "24h", 1),
        ([3], "7d", 1),
        ([3, 20, 400], "7d", 1),
        ([20, 3 * 365], "30d", 1),
        ([400], "all time", 1),
        ([-50, 3], "7d", 1),
    ],
    ids=str,
)
async def test_the_window_is_as_wide_as_it_must_be_to_show_something(
    tmp_path: Path, ages: list[float], window: str, requests: int
) -> None:
    made = [exchange(received=time.time() - age * DAY) for age in ages]
    async with dashboard(tmp_path, exchanges=made) as here:
        overview, routing = await here.overview(), await here.routing()
    assert (overview["statsWindow"], overview["window"]["window"], routing["window"]) == (
        window,
        window,
        window,
    )
    assert overview["window"]["requests"] == overview["stats"]["totalRequests"] == requests
    assert routing["stats"]["totalRequests"] == requests


async def test_today_is_the_last_day_of_the_series(tmp_path: Path) -> None:
    """Also just after midnight, when yesterday was a moment ago."""
    now = time.time()
    start = today(now).start / 1000
    made = [
        exchange(received=start),
        exchange(received=start - 0.001),
        exchange(received=now),
        failed(received=now),
    ]
    async with dashboard(tmp_path, exchanges=made) as here:
        overview, usage = await here.overview(), await here.usage(window="7d")
    day, last = overview["today"], usage["daily"][-1]
    assert day["date"] == last["label"]
    assert day["requests"] == last["total"] == 3
    assert (day["cost"], day["saved"], day["errors"]) == (last["cost"], last["saved_usd"], last["errors"])
    assert day["totalTokens"] == sum(
        last[f"{kind}_tokens"] for kind in ("input", "cache_read", "cache_write", "output")
    )


async def test_the_overview_shows_the_last_ten(tmp_path: Path) -> None:
    made = [exchange(received=time.time() - n) for n in range(12)]
    async with dashboard(tmp_path, exchanges=made) as here:
        rows = (await here.overview())["recentRequests"]
    assert [row["id"] for row in rows] == [each.id for each in made[:10]]


# What is not there, or broken


async def all_pages(here: Dashboard) -> list[Any]:
    return [await here.overview(), await here.usage(), await here.routing(), await here.logs()]


@pytest.mark.parametrize("begun", [True, False], ids=["an empty record", "no record"])
async def test_where_nothing_is_recorded_yet_pages_are_empty(tmp_path: Path, begun: bool) -> None:
    async with dashboard(tmp_path, begun=begun) as here:
        if begun:
            await here.written()
        overview, usage, routing, logs = await all_pages(here)
    assert (tmp_path / "tierwise.db").exists() is begun
    assert (overview["today"]["requests"], overview["today"]["cost"], overview["today"]["savedPercent"]) == (
        0,
        0,
        0,
    )
    assert (overview["statsWindow"], overview["recentRequests"]) == ("24h", [])
    assert (usage["totals"]["requests"], usage["byProvider"], len(usage["daily"])) == (0, {}, 7)
    assert (routing["accuracy"]["totalRequests"], routing["providerStats"]) == (0, {})
    assert logs == {"rows": [], "next": None}


async def test_a_record_that_cannot_be_opened_says_so_in_its_parts_only(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    async with dashboard(tmp_path, file=folder) as here:
        with pytest.raises(Exception):  # noqa: B017, PT011 -- whatever it is, it was tried by then
            await here.written()
        overview, routing = await here.overview(), await here.routing()
        answers = {path: await here.answer(path) for path in ("/api/usage", "/api/logs", "/api/logs/req_1")}
    for name in OF_RECORD:
        assert overview[name]["error"] == "ledger"
        assert str(folder) in overview[name]["detail"]
    assert (overview["ledger"]["ok"], overview["metrics"]["requestsTotal"]) == (False, 0)
    assert routing["providerStats"]["error"] == "ledger"
    assert routing["tierDefinitions"]["SIMPLE"]["priority"] == 1
    assert {status for status, _ in answers.values()} == {503}
    assert '{"error":"usage_unavailable","detail":"' in answers["/api/usage"][1]


async def test_a_record_whose_folder_is_gone_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    async with dashboard(tmp_path, file=tmp_path / "gone" / "deeper" / "tierwise.db") as here:
        with pytest.raises(Exception):  # noqa: B017, PT011 -- as above
            await here.written()
        assert (await here.answer("/api/usage"))[0] == 503
        assert (await here.overview())["today"]["error"] == "ledger"


@pytest.mark.parametrize(
    ("module", "name", "part"),
    [
        (overview_page, "of_today", "today"),
        (overview_page, "_window", "window"),
        (overview_page, "logs", "recentRequests"),
        (overview_page, "statistics", "stats"),
        (referenced, "providers", "providers"),
        (referenced, "default_provider", "default_provider"),
    ],
)
async def test_a_mistake_in_one_part_of_the_overview_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, part: str
) -> None:
    async with dashboard(tmp_path, exchanges=[exchange(received=time.time())]) as here:
        await here.written()
        usual = await here.overview()
        monkeypatch.setattr(module, name, broken)
        overview = await here.overview()
    assert overview[part] == {"error": f"{part}_failed", **MISTAKE}
    related = {
        "providers": {"providers", "providerWarnings"},
        "default_provider": {"default_provider", "modelProvider"},
    }
    if part == "default_provider":  # who is the default is also told beside the providers
        related[part] |= related["providers"]
    same = usual.keys() - {"uptime", "window"} - related.get(part, {part})
    assert {key: overview[key] for key in same} == {key: usual[key] for key in same}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("accuracy", "accuracy"),
        ("statistics", "stats"),
        ("provider_statistics", "providerStats"),
        ("breakers", "circuitBreakers"),
        ("tier_definitions", "tierDefinitions"),
    ],
)
async def test_a_mistake_in_one_part_of_routing_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, part: str
) -> None:
    async with dashboard(tmp_path, exchanges=[exchange(received=time.time())]) as here:
        usual = await here.routing()
        monkeypatch.setattr(routing_page, name, broken)
        routing = await here.routing()
    assert routing[part]["detail"] == MISTAKE["detail"]
    assert {**routing, part: None} == {**usual, part: None}


@pytest.mark.parametrize(("name", "path"), [("usage", "/api/usage"), ("logs", "/api/logs")])
async def test_a_mistake_in_a_page_of_one_part_is_told_in_the_same_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, path: str
) -> None:
    async with dashboard(tmp_path) as here:
        monkeypatch.setattr(answers, name, broken)
        status, text = await here.answer(path)
    assert (status, text) == (500, f'{{"error":"{name}_failed","detail":"{MISTAKE["detail"]}"}}')


async def test_parts_are_of_one_moment(tmp_path: Path) -> None:
    """What is written while one part is read is in none of them."""
    async with dashboard(tmp_path, exchanges=[exchange()]) as here:
        count = "select count(*) from exchanges"

        def first(connection: Any) -> int:
            found = connection.execute(count).fetchone()[0]
            here.ledger.record(exchange())
            here.ledger.change(lambda _scribe: None).result()
            return int(found)

        found = await answered(
            here.ledger,
            {"first": first, "second": lambda connection: connection.execute(count).fetchone()[0]},
        )
        following = await here.ledger.ask(lambda connection: connection.execute(count).fetchone()[0])
    assert (found, following) == ({"first": 1, "second": 1}, 2)


async def test_pages_of_a_large_record_agree_with_each_other(tmp_path: Path) -> None:
    now = time.time()
    made = [
        exchange(received=now - n * 60) if n % 10 else failed(received=now - n * 60) for n in range(20_000)
    ]
    async with dashboard(tmp_path, exchanges=made) as here:
        overview, _, routing, logs = await all_pages(here)
        usage = await here.usage(window="all")
    assert (usage["totals"]["requests"], usage["totals"]["errors"]) == (20_000, 2_000)
    for group in ("byProvider", "byModel", "byTier", "byClient"):
        assert sum(line["requests"] for line in usage[group].values()) == 20_000
    assert sum(piece["total"] for piece in usage["daily"]) == 20_000
    assert (
        overview["stats"]["totalRequests"]
        == routing["stats"]["totalRequests"]
        == overview["window"]["requests"]
    )
    assert 1440 <= overview["stats"]["totalRequests"] <= 1456
    assert (overview["stats"]["errorRate"], len(logs["rows"])) == (pytest.approx(10, abs=0.1), 100)
