"""What is asked from within the process is answered as it is over HTTP."""

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from proxy.ledger.ledger import LedgerError
from proxy.ledger.queries.logs import LogFilters
from proxy.ledger.queries.spans import Days, today
from proxy.ledger.queries.usage import Filters
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.wire.failure import Failure, FailureKind
from tests.proxy.gateway_fixture import running_gateway
from tests.proxy.ledger.made import attempt, config_of, exchange, failed
from tests.proxy.server.dashboard.stage import ADMIN, Dashboard, dashboard

HAIKU = "anthropic/claude-haiku-4-5"
CONFIG = config_of(
    tiers={"SIMPLE": {"services": [{"provider": "anthropic", "model": "claude-haiku-4-5"}]}},
    savings={"reference": "anthropic/claude-opus-4-8"},
)
ALL = Filters()
MOVING = ("uptime", "window", "today", "until", "since", "memory")
"""What is another one at every look."""


def exchanges() -> list[Any]:
    now = time.time()
    return [
        exchange(attempt(HAIKU), received=now - 3600),
        exchange(attempt("openai/gpt-5.5", tier="COMPLEX"), received=now - 7200, client="codex"),
        failed(received=now - 100),
    ]


def still(page: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in page.items() if name not in MOVING}


def as_json(answer: Any) -> Any:
    """Plain values are the same after it."""
    told = json.loads(json.dumps(answer))
    assert told == answer
    return told


async def test_every_page_of_the_record_is_the_answer(tmp_path: Path) -> None:
    async with dashboard(tmp_path, CONFIG, exchanges()) as here:
        answers = here.running.gateway.answers
        assert still(as_json(await answers.overview(ALL))) == still(await here.overview())
        assert still(as_json(await answers.routing(ALL))) == still(await here.routing())
        assert as_json(await answers.logs(LogFilters(), 2)) == await here.logs(limit=2)
        assert as_json(await answers.usage("30d", ALL)) == await here.usage(window="30d")
        id_ = (await here.logs())["rows"][0]["id"]
        assert as_json(await answers.exchange(id_)) == await here.told_of(id_)
        assert as_json(await answers.prices()) == await here.page("/api/prices")
        assert as_json(await answers.quota()) == await here.page("/api/quota")
        assert as_json(await answers.sessions()) == await here.page("/api/sessions")
        assert as_json(await answers.recent()) == (await here.page("/api/recent"))["recent"]


async def test_what_is_in_no_tier_has_the_price_that_it_will_have_there(tmp_path: Path) -> None:
    here, away = "ollama/qwen3:8b", "openai/gpt-5.5"
    config = config_of()
    in_use = config_of(tiers={"SIMPLE": {"services": [{"provider": "ollama", "model": "qwen3:8b"}]}})
    async with dashboard(tmp_path / "a", config) as one, dashboard(tmp_path / "b", in_use) as other:
        answers = one.running.gateway.answers
        told = {each["service"]: each for each in (await answers.prices([here, away]))["services"]}
        assert (await answers.prices())["services"] == []
        assert told[here] == (await other.running.gateway.answers.prices())["services"][0]
    assert (told[here]["source"], told[here]["prices"]["input"]) == ("local", 0.0)
    assert told[away]["prices"]["input"] > 0


async def test_certain_days_are_asked_for_by_their_dates(tmp_path: Path) -> None:
    async with dashboard(tmp_path, CONFIG, exchanges()) as here:
        first, last = date(2020, 1, 30), date.fromisoformat(today(time.time()).label)
        page = await here.usage(since=str(first), until=str(last))
        assert page == await here.running.gateway.answers.usage(Days(first, last), ALL)
        assert page == await here.usage(since=str(first))
        assert (page["window"], page["series_unit"]) == (f"{first}..{last}", "month")
        assert page["totals"]["requests"] == 3
        assert (await here.usage(since="2020-01-30", until="2020-01-30"))["totals"]["requests"] == 0


@pytest.mark.parametrize(
    ("path", "query", "word"),
    [
        ("/api/usage", {"since": "2026-02-02", "until": "2026-02-01"}, "until"),
        ("/api/usage", {"until": "2026-02-01"}, "since"),
        ("/api/usage", {"since": "yesterday"}, "since"),
        ("/api/usage", {"since": "1900-01-01"}, "1970"),
        ("/api/logs", {"outcome": "well"}, "outcome"),
        ("/api/logs", {"status": "3xx"}, "status"),
        ("/api/logs", {"session": "mine"}, "session"),
        ("/api/logs", {"until": "soon"}, "until"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    tmp_path: Path, path: str, query: dict[str, str], word: str
) -> None:
    async with dashboard(tmp_path, CONFIG) as here:
        status, text = await here.answer(path, **query)
        assert status == 400
        assert f"`{word}`" in text or word in text


async def test_the_log_is_narrowed_by_what_only_its_rows_tell(tmp_path: Path) -> None:
    async with dashboard(tmp_path, CONFIG, exchanges()) as here:
        (bad,) = (await here.logs(outcome="failed"))["rows"]
        assert [row["id"] for row in (await here.logs(status="5xx"))["rows"]] == [bad["id"]]
        assert len((await here.logs(session=bad["session"]))["rows"]) == 3
        assert len((await here.logs(until=bad["received"]))["rows"]) == 2


async def test_a_question_is_explained_as_on_the_page_also_where_nobody_could_serve_it(
    tmp_path: Path,
) -> None:
    body = {"model": "auto", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}
    question = {"surface": "messages", "body": body}
    async with dashboard(tmp_path, CONFIG, secrets={"provider/anthropic": "key"}) as here:
        answers = here.running.gateway.answers
        told = as_json(await answers.explain(question))
        status, page = await _explained(here, question)
        assert (status, told["refusal"]) == (200, "")
        assert told["decision"] == page
        assert (await answers.explain(json.dumps(question).encode()))["decision"] == page
    async with dashboard(tmp_path, config_of(providers={})) as here:
        told = await here.running.gateway.answers.explain(question)
        status, page = await _explained(here, question)
        assert status == 422
        assert told["refusal"] == page["error"]["message"] != ""
        assert told["decision"] == page["decision"]


async def _explained(here: Dashboard, question: Any) -> tuple[int, Any]:
    url = here.running.url + "/api/explain"
    async with here.running.http.post(url, data=json.dumps(question), headers=ADMIN) as answer:
        return answer.status, await answer.json()


async def test_what_does_not_exist_is_a_failure() -> None:
    async with running_gateway(CONFIG) as running:
        answers = running.gateway.answers
        for service in ("nobody/model", "nothing"):
            with pytest.raises(Failure, match="provider/model"):
                await answers.reset_breaker(service)
        with pytest.raises(Failure, match="nobody"):
            await answers.models_of("nobody")
        with pytest.raises(Failure, match="nobody"):
            await anext(answers.test_provider("nobody"))
        with pytest.raises(Failure) as raised:
            await answers.explain({"id": "req_0000000000000000"})
        assert raised.value.kind is FailureKind.NOT_FOUND


async def test_without_a_record_only_what_is_of_it_cannot_be_answered() -> None:
    async with running_gateway(CONFIG) as running:
        answers = running.gateway.answers
        for question in (answers.overview(ALL), answers.logs(LogFilters(), 1), answers.usage("7d", ALL)):
            with pytest.raises(LedgerError, match="No record is kept"):
                await question
        assert (await answers.local()) == {"enabled": True, "looked": False, "servers": []}
        assert answers.last() is None


async def test_the_models_of_a_provider_are_those_in_tiers_and_then_those_that_are_suggested() -> None:
    async with running_gateway(CONFIG) as running:
        first, *others = await running.gateway.answers.models_of("anthropic")
    assert (first["service"], first["tiers"], first["listed"]) == (HAIKU, ["SIMPLE"], None)
    assert others
    assert len({each["model"] for each in others} | {first["model"]}) == len(others) + 1


async def test_a_breaker_that_opens_is_told_and_can_be_reset(tmp_path: Path) -> None:
    service, key = Service.named(HAIKU), Key("anthropic", "main")
    assert service is not None
    async with dashboard(tmp_path, CONFIG) as here:
        answers, board = here.running.gateway.answers, here.running.gateway.answers.world.board
        told: list[int] = []
        stop = answers.on_health(lambda: told.append(1))
        while not board.is_open(service):
            board.failed(service, key, Failure(FailureKind.SERVER, "It failed."))
        assert told == [1]
        assert (await answers.routing(ALL))["circuitBreakers"][0]["state"] == "open"
        await answers.reset_breaker(HAIKU)
        assert len(told) > 1
        stop()
        assert (await answers.routing(ALL))["circuitBreakers"] == []
