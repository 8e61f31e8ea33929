"""How fast services write."""

from pathlib import Path

import pytest

from proxy.exchange import Exchange, Outcome
from proxy.ledger.queries.speeds import speeds
from proxy.routing.service import Service
from proxy.wire.canonical import Usage
from tests.proxy.ledger.made import NOW, attempt, exchange
from tests.proxy.ledger.queries.opened import opened

_WEEK = 7 * 86_400


def written(tokens: int, seconds: float, service: str, **more: object) -> Exchange:
    """That many tokens in that time, from the first byte on."""
    made = attempt(
        service, began=0.0, first_byte=1.0, ended=1.0 + seconds, usage=Usage(input=10, output=tokens)
    )
    return exchange(made, closed=1.0 + seconds, streamed=True, **more)


def test_the_middle_of_what_was_measured_is_told_for_each_service(tmp_path: Path) -> None:
    made = [written(100, seconds, "ollama/qwen3:8b") for seconds in (2.0, 4.0, 100.0)]
    made += [written(300, 2.0, "llamacpp/tiny")]
    with opened(tmp_path, made) as connection:
        found = speeds(connection, NOW)
    assert found == {
        Service("ollama", "qwen3:8b"): pytest.approx(25, rel=0.06),
        Service("llamacpp", "tiny"): pytest.approx(150, rel=0.06),
    }


def test_what_was_measured_a_week_ago_says_nothing_any_more(tmp_path: Path) -> None:
    with opened(tmp_path, [written(100, 2.0, "ollama/qwen3:8b")]) as connection:
        assert speeds(connection, NOW + _WEEK + 7200) == {}


def test_an_answer_that_was_not_measured_has_no_speed(tmp_path: Path) -> None:
    hung_up = exchange(attempt("ollama/qwen3:8b", outcome=Outcome.FAILED), outcome=Outcome.FAILED)
    with opened(tmp_path, [hung_up]) as connection:
        assert speeds(connection, NOW) == {}
