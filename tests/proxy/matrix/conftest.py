"""The matrix as a table at the end of the run: which API works against which format, flow by flow."""

from collections import defaultdict
from collections.abc import Generator
from typing import Any

import pytest

from proxy.wire.format import Format
from tests.proxy.matrix.table import Outcomes, lines

_OUTCOMES = pytest.StashKey[Outcomes]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    given: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    if report.when == "call" and "client" in given and "column" in given:
        nothing_yet: Outcomes = defaultdict(list)
        outcomes = item.config.stash.setdefault(_OUTCOMES, nothing_yet)
        flow = item.originalname.removeprefix("test_").replace("_", " ")
        outcomes[given["client"].surface, flow, given["column"].format].append(report.passed)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    outcomes = config.stash.get(_OUTCOMES, None)
    if not outcomes:
        return
    terminalreporter.section("clients against providers")
    for line in lines(outcomes, tuple(Format)):
        terminalreporter.write_line(line)
