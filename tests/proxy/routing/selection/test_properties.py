"""What holds of every selection; of chance; of room for pins; and that looking on changes nothing."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given, seed, settings

from proxy.routing.affinity.affinity import Affinity
from proxy.routing.affinity.pins import Pin
from proxy.routing.affinity.threads import Thread
from proxy.routing.selection.request import Request
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.service import Service
from proxy.routing.signals import Signals
from tests.proxy.configured import configured
from tests.proxy.routing.selection.arbitrary import Case, cases
from tests.proxy.routing.selection.laws import LAWS, Law, selected
from tests.proxy.routing.selection.simulator import AFTER_A_CALL, Simulator


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_holds(law: Law) -> None:
    met = 0

    @settings(max_examples=300)
    @given(cases())
    def holds(case: Case) -> None:
        nonlocal met
        met += law(case, selected(case))

    holds()
    assert met >= 5, "hardly any case had to do with it"
