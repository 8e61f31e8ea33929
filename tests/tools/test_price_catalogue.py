"""How prices are taken over: only what is charged for text, in few words."""

import json
from datetime import UTC, date, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from genai_prices import types

from tools.price_catalogue import FILE, _model, compiled


def told(prices: Any, match: Any = None, name: str = "Some-Model") -> dict[str, Any]:
    clause = match or types.ClauseEquals(equals=name)
    return _model(types.ModelInfo(id=name, match=clause, prices=prices))


def at(amount: str, **more: Any) -> types.ModelPrice:
    return types.ModelPrice(input_mtok=Decimal(amount), **more)


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        (at("3", output_mtok=Decimal(15)), [[3], [15]]),
        (at("0.15", cache_read_mtok=Decimal("0.003")), [[0.15], None, [0.003]]),
        (at("3", input_audio_mtok=Decimal(40), web_searches_kcount=Decimal(10)), [[3]]),
        (
            types.ModelPrice(
                input_mtok=types.TieredPrices(
                    base=Decimal("1.25"), tiers=[types.Tier(start=200000, price=Decimal("2.5"))]
                )
            ),
            [[1.25, [[200000, 2.5]]]],
        ),
    ],
)
def test_prices_of_text_stand_in_their_order(prices: types.ModelPrice, expected: list[Any]) -> None:
    assert told(prices) == {"id": "Some-Model", "prices": expected}


def test_a_model_that_is_charged_otherwise_has_no_price() -> None:
    assert told(types.ModelPrice(input_audio_mtok=Decimal(6))) == {"id": "Some-Model"}


def test_no_price_at_all_is_free_only_where_the_name_says_so() -> None:
    assert told(types.ModelPrice()) == {"id": "Some-Model"}
    assert told(types.ModelPrice(), name="glm:free")["prices"] == [[0]] * 5


def test_later_prices_keep_their_order_and_condition() -> None:
    prices = [
        types.ConditionalPrice(prices=at("1")),
        types.ConditionalPrice(types.StartDateConstraint(date(2026, 3, 13)), prices=at("2")),
        types.ConditionalPrice(
            types.TimeOfDateConstraint(time(0, 30, tzinfo=UTC), time(16, 30, tzinfo=UTC)), prices=at("3")
        ),
    ]
    assert told(prices) == {
        "id": "Some-Model",
        "prices": [[1]],
        "later": [
            {"since": "2026-03-13", "prices": [[2]]},
            {"hours": ["00:30", "16:30"], "prices": [[3]]},
        ],
    }


def test_hours_of_another_zone_are_refused() -> None:
    away = time(9, tzinfo=timezone(timedelta(hours=8)))
    prices = [
        types.ConditionalPrice(prices=at("1")),
        types.ConditionalPrice(types.TimeOfDateConstraint(away, away), prices=at("2")),
    ]
    with pytest.raises(ValueError, match="UTC"):
        told(prices)


def test_clauses_are_written_short() -> None:
    match = types.ClauseOr(
        or_=[
            types.ClauseEquals(equals="GPT-5"),
            types.ClauseStartsWith(starts_with="gpt-5-"),
            types.ClauseEndsWith(ends_with="-latest"),
            types.ClauseContains(contains="five"),
            types.ClauseRegex(regex=r"^o\d$"),
            types.ClauseAnd(and_=[types.ClauseStartsWith(starts_with="a"), types.ClauseRegex(regex="b")]),
        ]
    )
    written = ["=gpt-5", "^gpt-5-", "$-latest", "*five", r"~^o\d$", ["^a", "~b"]]
    assert told(at("1"), match)["match"] == written


def test_compiling_twice_gives_the_same_file() -> None:
    assert compiled("2026-01-01") == compiled("2026-01-01")
    assert json.loads(compiled("2026-01-01"))["date"] == "2026-01-01"


def test_every_model_of_the_file_has_a_line() -> None:
    text = FILE.read_text(encoding="utf-8")
    models = sum(len(provider["models"]) for provider in json.loads(text)["providers"].values())
    assert text.count('\n   {"id":') == models
