"""The real clients, put to work once more, do what the recordings say."""

import pytest

from benchmarks.savings.record.recording import recorded
from benchmarks.savings.record.scenario import scenario
from benchmarks.savings.session import read
from tests.e2e.clients.npm import MISSING

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(120),
    pytest.mark.skipif(bool(MISSING), reason=MISSING),
]


@pytest.mark.parametrize("name", ["short-codex-python", "short-shop-money", "agents-logs-bench"])
def test_a_scenario_is_recorded_as_before(name: str) -> None:
    before = read(name)
    now = recorded(scenario(name), before.held)
    assert [(one.call, one.agent, one.typed) for one in now.requests] == [
        (one.call, one.agent, one.typed) for one in before.requests
    ]
    assert [one.answer.text for one in now.requests] == [one.answer.text for one in before.requests]
    assert [one.at for one in now.requests] == [one.at for one in before.requests]
    assert now.requests[0].headers == before.requests[0].headers
