"""The log: the newest first, filtered before the limit, and no row twice or left out between two pages."""

import random
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.exchange import Exchange, Origin, Outcome, Purpose
from proxy.ledger.queries.logs import LogFilters, Place, log_news, logs, said, written, written_since
from proxy.ledger.queries.logs import exchange as one
from proxy.ledger.queries.usage import Filters
from proxy.routing.selection.snapshot import Abilities, Snapshot
from proxy.routing.service import Service
from proxy.wire.canonical import Usage
from tests.proxy.ledger.made import (
    NOW,
    attempt,
    decided,
    exchange,
    failed,
    refused,
    selector,
    write,
    writing,
)
from tests.proxy.ledger.queries.opened import opened

HOUR, DAY = 3600.0, 86_400.0


def pages(connection: sqlite3.Connection, limit: int, **wanted: Any) -> list[str]:
    """The ids on all pages, from the first to the last."""
    found, before = [], None
    while True:
        asked = LogFilters(**wanted) if before is None else LogFilters(**wanted, before=Place.named(before))
        page = logs(connection, asked, limit)
        assert len(page["rows"]) <= limit
        found += [row["id"] for row in page["rows"]]
        before = page["next"]
        if before is None:
            return found
        assert len(page["rows"]) == limit


def expected(made: Iterable[Exchange]) -> list[str]:
    """By when they were received; of those of one millisecond the last one that was written first."""
    numbered = sorted(enumerate(made), key=lambda each: (int(each[1].received * 1000), each[0]), reverse=True)
    return [each.id for _, each in numbered]


@settings(deadline=None, max_examples=40)
@given(
    made=st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.0, 0.0005, 0.001, 5.0, 899.9, 900.0, 7200.0, 90_000.0]), st.integers(0, 3)
        ),
        max_size=30,
    ),
    limit=st.integers(1, 12),
    wanted=st.sampled_from(["all", "provider", "tier", "none", "errors"]),
)
def test_pages_have_every_row_once_however_they_are_cut(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[float, int]], limit: int, wanted: str
) -> None:
    sorts = [
        lambda received: exchange(received=received),
        lambda received: exchange(attempt("openai/gpt-5.4", tier="COMPLEX"), received=received),
        lambda received: failed(received=received),
        lambda received: failed(refused(tier=None), received=received),
    ]
    exchanges = [sorts[sort](NOW - age) for age, sort in made]
    filters, fitting = {
        "all": ({}, (0, 1, 2, 3)),
        "provider": ({"filters": Filters(provider="openai")}, (1,)),
        "tier": ({"filters": Filters(tier="SIMPLE")}, (0, 2)),
        "none": ({"filters": Filters(tier="none")}, (3,)),
        "errors": ({"errors_only": True}, (2, 3)),
    }[wanted]
    with opened(tmp_path_factory.mktemp("record"), exchanges) as connection:
        found = pages(connection, limit, **filters)  # type: ignore[arg-type] # of two sorts
    wanted_ids = {each.id for each, (_, sort) in zip(exchanges, made, strict=True) if sort in fitting}
    assert found == [id_ for id_ in expected(exchanges) if id_ in wanted_ids]


@pytest.mark.parametrize("filters", [Filters(), Filters(provider="anthropic")], ids=["all", "filtered"])
def test_what_is_written_between_two_pages_neither_repeats_a_row_nor_hides_one(
    tmp_path: Path, filters: Filters
) -> None:
    first = [exchange(received=NOW - n // 3) for n in range(30)]
    late = [
        exchange(received=NOW + 1),
        exchange(received=NOW),
        exchange(received=NOW - 9),
        exchange(received=NOW - 40),
    ]
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, first)
        with closing(sqlite3.connect(tmp_path / "tierwise.db")) as connection:
            page = logs(connection, LogFilters(filters=filters), 10)
            write(scribe, late)
            rest = []
            before = page["next"]
            while before is not None:
                following = logs(connection, LogFilters(filters=filters, before=Place.named(before)), 10)
                rest += [row["id"] for row in following["rows"]]
                before = following["next"]
    seen = [row["id"] for row in page["rows"]] + rest
    assert len(seen) == len(set(seen))
    assert {each.id for each in first} <= set(seen)
    assert late[2].id in seen
    assert late[3].id in seen


def test_a_rare_sort_is_found_across_a_year_in_a_record_of_20_000(tmp_path: Path) -> None:
    chance = random.Random(7)
    common = [exchange(received=NOW - chance.random() * 365 * DAY) for _ in range(20_000)]
    rare = [
        exchange(
            attempt("openai/gpt-5.4", tier="REASONING"),
            received=NOW - chance.random() * 365 * DAY,
            client="rare",
        )
        for _ in range(57)
    ]
    errors = [failed(received=NOW - chance.random() * 365 * DAY) for _ in range(33)]
    everything = [*common, *rare, *errors]
    chance.shuffle(everything)
    with opened(tmp_path, everything) as connection:
        assert pages(connection, 10, filters=Filters(provider="openai")) == expected(rare)
        assert pages(connection, 100, filters=Filters(client="rare", tier="REASONING")) == expected(rare)
        assert pages(connection, 10, errors_only=True) == expected(errors)
        assert pages(connection, 7, errors_only=True, filters=Filters(provider="none")) == expected(errors)
        since = int((NOW - 100 * DAY) * 1000)
        assert pages(connection, 10, filters=Filters(provider="openai"), since=since) == expected(
            each for each in rare if each.received * 1000 >= since
        )
        assert pages(connection, 500) == expected(everything)


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [
        ({}, 4),
        ({"provider": "openai"}, 1),
        ({"model": "claude-haiku-4-5"}, 1),
        ({"client": "codex"}, 1),
        ({"tier": "none"}, 1),
        ({"provider": "none"}, 2),
        ({"tier": "MEDIUM"}, 1),
        ({"provider": "never heard of"}, 0),
        ({"client": "none"}, 0),
        ({"origin": "probe"}, 1),
        ({"origin": "test"}, 0),
    ],
    ids=str,
)
def test_rows_are_narrowed(tmp_path: Path, narrowed: Mapping[str, str], count: int) -> None:
    made = [
        exchange(attempt("openai/gpt-5.4", tier="COMPLEX"), client="codex"),
        exchange(),
        failed(refused(tier=None)),
        failed(refused(tier="MEDIUM")),
        exchange(origin=Origin.PROBE),
    ]
    with opened(tmp_path, made) as connection:
        assert len(pages(connection, 2, filters=Filters(**narrowed))) == count


def test_somebody_called_none_is_found_with_nobody(tmp_path: Path) -> None:
    """As its line in the numbers is one with that of nobody."""
    made = [exchange(attempt("none/none", tier=None)), failed(), exchange()]
    with opened(tmp_path, made) as connection:
        assert pages(connection, 5, filters=Filters(provider="none")) == expected(made[:2])
        assert pages(connection, 5, filters=Filters(model="none")) == expected(made[:2])
        assert pages(connection, 5, filters=Filters(tier="none")) == expected(made[:1])


def test_errors_are_what_nobody_answered_and_what_broke_off(tmp_path: Path) -> None:
    broken = exchange(outcome=Outcome.FAILED)
    made = [exchange(), failed(), broken, exchange(outcome=Outcome.CANCELLED)]
    with opened(tmp_path, made) as connection:
        assert pages(connection, 1, errors_only=True) == expected(made[1:3])


def test_since_is_exact_to_the_millisecond(tmp_path: Path) -> None:
    made = [exchange(received=NOW + n / 1000) for n in range(3)]
    with opened(tmp_path, made) as connection:
        assert pages(connection, 5, since=int(NOW * 1000) + 1) == expected(made[1:])
        assert pages(connection, 5, since=int(NOW * 1000) + 1, filters=Filters(tier="SIMPLE")) == expected(
            made[1:]
        )


def test_an_empty_record_has_an_empty_page(tmp_path: Path) -> None:
    with opened(tmp_path) as connection:
        assert logs(connection, LogFilters(), 10) == {"rows": [], "next": None}
        assert logs(connection, LogFilters(errors_only=True), 10) == {"rows": [], "next": None}
        assert written_since(connection, 1, 10) == ([], 1)


@pytest.mark.parametrize("text", ["", "7", "7.", ".7", "a.b", "1.2.3", "9" * 30 + ".1", "1." + "9" * 30])
def test_a_text_that_names_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- what is said is the business of who asks
        Place.named(text)


def test_a_place_is_named_and_found_again() -> None:
    assert Place.named(str(Place(1_780_000_000_000, 42))) == Place(1_780_000_000_000, 42)


def test_one_exchange_tells_its_attempts_and_reasons(tmp_path: Path) -> None:
    made = exchange(
        refused("openai/gpt-5.4"), attempt(notes=("written anew",)), reasons=("because", "of that")
    )
    with opened(tmp_path, [exchange(), made]) as connection:
        found = one(connection, made.id)
        row = logs(connection, LogFilters(), 1)["rows"][0]
    assert found is not None
    assert {key: found[key] for key in row} == row
    assert found["reasons"] == ["because", "of that"]
    first, second = found["attempts"]
    assert (first["service"], first["serves"], first["status"], first["outcome"], first["error"]) == (
        "openai/gpt-5.4", False, 529, "failed", "overloaded",
    )  # fmt: skip
    assert (first["cost_usd"], first["input_tokens"], first["notes"]) == (0, None, [])
    assert (second["service"], second["serves"], second["output_tokens"], second["notes"]) == (
        "anthropic/claude-haiku-4-5", True, 800, ["written anew"],
    )  # fmt: skip
    assert second["cost_usd"] == found["cost_usd"]
    assert (found["attempt_count"], found["retry_count"], found["was_fallback"]) == (2, 1, 1)


def test_one_exchange_tells_the_decision_and_what_came_of_it(tmp_path: Path) -> None:
    decision = decided(tokens=2000, tool_count=1)
    assert decision.service == Service("anthropic", "claude-sonnet-4-6")
    made = exchange(
        refused("anthropic/claude-sonnet-4-6", tier="COMPLEX"), attempt("openai/gpt-5.5"), decision=decision
    )
    with opened(tmp_path, [exchange(), made]) as connection:
        found = one(connection, made.id)
        rows = logs(connection, LogFilters(), 2)["rows"]
    assert found is not None
    told = found["decision"]
    assert {key: told[key] for key in ("service", "route", "rule", "matched_rule_index", "kind", "turn")} == {
        "service": "anthropic/claude-sonnet-4-6",
        "route": "default",
        "rule": "long",
        "matched_rule_index": 1,
        "kind": "main",
        "turn": "typed",
    }
    assert told["stages"] == ["health", "smart_routing", "tier", "affinity", "load_balancer"]
    assert told["session"] == {"from": "header"}
    assert (told["explored"], told["config_version"]) == (False, selector().version)
    assert {"stage": "smart_routing", "text": "rule long applies"} in told["reasons"]
    assert found["reasons"] == [each["text"] for each in told["reasons"]]
    assert told["sentence"].startswith(
        "Sent to openai/gpt-5.5: anthropic/claude-sonnet-4-6 failed (overloaded)"
    )
    assert sum(part["points"] for part in told["score"]["contributions"]) == told["score"]["value"]
    assert {row["id"]: row["score"] for row in rows} == {made.id: told["score"]["value"], rows[1]["id"]: None}
    assert [each["service"] for each in told["candidates"]] == [
        "anthropic/claude-sonnet-4-6", "openai/gpt-5.5", "ollama/qwen3-coder:30b",
    ]  # fmt: skip


def test_who_was_left_out_and_why(tmp_path: Path) -> None:
    blind = Snapshot(abilities={Service("openai", "gpt-5.5"): Abilities(vision=False)})
    made = exchange(attempt(), decision=decided(images=2, snapshot=blind))
    with opened(tmp_path, [made]) as connection:
        found = one(connection, made.id)
    assert found is not None
    (out,) = [each for each in found["decision"]["candidates"] if not each["kept"]]
    assert out == {
        "service": "openai/gpt-5.5",
        "kept": False,
        "dropped_by": "health",
        "why": "the model sees no images, and the request holds 2",
    }
    held = {each["rule"]: (each["holds"], each["steps"][0]["found"]) for each in found["decision"]["judged"]}
    assert held["eyes"] == (True, 2)


def test_an_exchange_that_nobody_answered_says_so(tmp_path: Path) -> None:
    made = failed(refused("ollama/qwen3-coder:30b"), decision=decided(model="claude-haiku-4-5"))
    with opened(tmp_path, [made]) as connection:
        found = one(connection, made.id)
    assert found is not None
    assert found["decision"]["sentence"].startswith(
        "Not answered: ollama/qwen3-coder:30b failed (overloaded)"
    )


def test_a_shadow_that_failed_is_no_reason_for_anything(tmp_path: Path) -> None:
    shadow = refused("openai/gpt-5.5", purpose=Purpose.SHADOW)
    served = attempt("ollama/qwen3-coder:30b")
    made = exchange(shadow, served, decision=decided(model="claude-haiku-4-5"))
    with opened(tmp_path, [made]) as connection:
        found = one(connection, made.id)
    assert found is not None
    assert "gpt-5.5" not in found["decision"]["sentence"]


def test_an_exchange_without_a_decision_has_none(tmp_path: Path) -> None:
    made = failed(reasons=(), attempts=[], serving=None, refused_by=None)
    with opened(tmp_path, [made]) as connection:
        found = one(connection, made.id)
    assert found is not None
    assert (found["decision"], found["reasons"], found["is_traced"], found["score"]) == (
        None,
        [],
        False,
        None,
    )


@pytest.mark.parametrize(
    "id_",
    [
        "",
        "req_",
        "x",
        "req_zz",
        "req_0000000000000000",
        "0" * 15,
        "f" * 17,
        "ff" * 500,
        "req_é",
        "req_" + "g" * 16,
    ],
)
def test_what_is_not_there_or_is_no_id_is_not_found(tmp_path: Path, id_: str) -> None:
    with opened(tmp_path, [exchange()]) as connection:
        assert one(connection, id_) is None
        assert said(connection, id_) is None


def test_an_exchange_is_found_also_by_the_number_of_its_id_alone(tmp_path: Path) -> None:
    made = [exchange(id="req_ffffffffffffffff"), exchange(id="req_7fffffffffffffff")]
    with opened(tmp_path, made) as connection:
        assert [(one(connection, each.id.removeprefix("req_")) or {})["id"] for each in made] == [
            each.id for each in made
        ]


def test_speed_is_told_of_streams_only(tmp_path: Path) -> None:
    quick = attempt(first_byte=1.0, ended=3.0, usage=Usage(input=1, output=100))
    made = [
        exchange(quick, closed=3.0),
        exchange(quick, closed=3.0, streamed=False),
        exchange(quick, closed=1.0),
    ]
    with opened(tmp_path, made) as connection:
        speeds = {row["id"]: row["tokens_per_second"] for row in logs(connection, LogFilters(), 5)["rows"]}
    assert [speeds[each.id] for each in made] == [50.0, None, None]


def test_rows_are_told_in_the_order_they_were_written_in(tmp_path: Path) -> None:
    made = [exchange(received=NOW - n) for n in range(5)]
    with opened(tmp_path, made) as connection:
        assert [row["id"] for row in written(connection, 2, 4)] == [each.id for each in made[1:4]]
        rows, following = written_since(connection, 3, 10)
        assert ([row["seq"] for row in rows], following) == ([3, 4, 5], 6)
        rows, following = written_since(connection, 1, 2)
        assert ([row["seq"] for row in rows], following) == ([4, 5], 6)
        assert written_since(connection, 6, 10) == ([], 6)


def test_a_record_that_was_begun_anew_is_told_from_its_beginning(tmp_path: Path) -> None:
    with opened(tmp_path, [exchange(), exchange()]) as connection:
        rows, following = written_since(connection, 2**62, 10)
    assert ([row["seq"] for row in rows], following) == ([1, 2], 3)


def test_news_are_what_was_written_since_wherever_in_the_log_it_lies(tmp_path: Path) -> None:
    first, last = exchange(received=NOW), exchange(received=NOW + DAY)
    late = [exchange(received=NOW - DAY), exchange(received=NOW + HOUR, client="codex")]
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, [first, last])
        known = log_news(scribe.connection, LogFilters(), None, 1)
        write(scribe, late)
        everyone = log_news(scribe.connection, LogFilters(), known["last"], 2)
        limited = log_news(scribe.connection, LogFilters(), known["last"], 1)
        codex = log_news(scribe.connection, LogFilters(filters=Filters(client="codex")), known["last"], 1)
        newer = log_news(scribe.connection, LogFilters(since=int(NOW * 1000)), known["last"], 1)
        other = log_news(scribe.connection, LogFilters(), 99, 1)

    assert known == {"rows": [], "is_all": True, "last": 2}
    assert [row["id"] for row in everyone["rows"]] == [late[1].id, late[0].id]
    assert (everyone["is_all"], everyone["last"]) == (True, 4)
    assert ([row["id"] for row in limited["rows"]], limited["is_all"]) == ([late[1].id], False)
    for narrowed in (codex, newer):
        assert ([row["id"] for row in narrowed["rows"]], narrowed["is_all"]) == ([late[1].id], True)
    assert other == {"rows": [], "is_all": False, "last": 4}


def test_news_are_found_by_their_number_without_looking_through_the_rest(tmp_path: Path) -> None:
    asked: list[str] = []
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, [exchange()])
        scribe.connection.set_trace_callback(asked.append)
        log_news(scribe.connection, LogFilters(), 0, 10)
        scribe.connection.set_trace_callback(None)
        (question,) = [each for each in asked if "not indexed" in each]
        plan = [row[3] for row in scribe.connection.execute(f"explain query plan {question}")]
    assert plan == ["SEARCH exchanges USING INTEGER PRIMARY KEY (rowid>?)"]
