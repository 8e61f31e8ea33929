"""What has no price is listed with what it did, and so is what cannot be compared."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from proxy.config import Config
from proxy.exchange import Exchange, Origin
from proxy.ledger.queries.unpriced import Uncompared, Unpriced, uncompared, unpriced
from proxy.ledger.store.database import Database
from proxy.ledger.store.schema import QUARTER_MS
from proxy.secret import Secret
from proxy.wire.canonical import UNKNOWN, Usage
from tests.proxy.ledger.made import CONFIG, NOW, attempt, config_of, exchange, failed, filled

T = TypeVar("T")

DAY = 86_400.0
RENTED = "openai/rented/qwen"
NOWHERE = config_of()


def asked(
    path: Path, question: Callable[..., T], *exchanges: Exchange, config: Config = CONFIG, now: float = NOW
) -> T:
    filled(path / "tierwise.db", exchanges, config)
    with Database(path / "tierwise.db").reading() as connection:
        return question(connection, now)


def rented(**overrides: Any) -> Exchange:
    usage = Usage(input=1, cache_read=20, cache_write=300, output=4000, reasoning=50)
    return exchange(attempt(RENTED, usage=usage), **overrides)


def test_a_service_without_a_price_is_listed_with_its_tokens(tmp_path: Path) -> None:
    exchanges = [exchange(), rented(received=NOW - 3 * DAY), rented(received=NOW - 1)]
    (found,) = asked(tmp_path, unpriced, *exchanges)
    quarter = QUARTER_MS / 1000
    assert found == Unpriced(
        "openai/rented/qwen",
        "openai",
        "rented/qwen",
        2,
        2 * 4321,
        int((NOW - 3 * DAY) // quarter * QUARTER_MS),
        int((NOW - 1) // quarter * QUARTER_MS),
    )


def test_who_served_most_comes_first(tmp_path: Path) -> None:
    more = [exchange(attempt("openai/other")) for _ in range(2)]
    found = asked(tmp_path, unpriced, rented(), *more)
    assert [each.service for each in found] == ["openai/other", RENTED]


@pytest.mark.parametrize(
    "left_out",
    [
        pytest.param(exchange, id="priced"),
        pytest.param(lambda: rented(received=NOW - 91 * DAY), id="long ago"),
        pytest.param(lambda: rented(origin=Origin.TEST), id="not a client's"),
        pytest.param(lambda: exchange(attempt("ollama/qwen")), id="local"),
        pytest.param(lambda: exchange(attempt(RENTED, usage=UNKNOWN)), id="tokens not known"),
        pytest.param(
            lambda: exchange(attempt(RENTED, usage=Usage(1, output=1, cost_usd=0.5))), id="reported"
        ),
        pytest.param(failed, id="not served"),
        pytest.param(
            lambda: exchange(
                attempt("anthropic/new-model", key="client:claude-code"), credential=Secret("sk-ant-oat-x")
            ),
            id="subscription",
        ),
    ],
)
def test_what_is_not_missing_a_price_is_not_listed(tmp_path: Path, left_out: Callable[[], Exchange]) -> None:
    assert asked(tmp_path, unpriced, left_out()) == []


def test_what_was_asked_for_and_cannot_be_compared_is_listed(tmp_path: Path) -> None:
    exchanges = [
        exchange(requested_model="auto"),
        exchange(requested_model="my-model"),
        exchange(requested_model="auto"),
        exchange(requested_model=None),
        exchange(),
    ]
    assert asked(tmp_path, uncompared, *exchanges, config=NOWHERE) == [
        Uncompared("auto", 2),
        Uncompared("", 1),
        Uncompared("my-model", 1),
    ]


@pytest.mark.parametrize(
    "left_out",
    [
        pytest.param(lambda: rented(requested_model="auto"), id="its cost is not known either"),
        pytest.param(lambda: failed(requested_model="auto"), id="not served"),
        pytest.param(lambda: exchange(requested_model="auto", received=NOW - 91 * DAY), id="long ago"),
        pytest.param(lambda: exchange(requested_model="auto", origin=Origin.DEMO), id="not a client's"),
    ],
)
def test_what_is_no_loss_to_a_comparison_is_not_listed(
    tmp_path: Path, left_out: Callable[[], Exchange]
) -> None:
    assert asked(tmp_path, uncompared, left_out(), config=NOWHERE) == []


def test_with_a_reference_everything_can_be_compared(tmp_path: Path) -> None:
    assert asked(tmp_path, uncompared, exchange(requested_model="auto"), config=CONFIG) == []
