"""Whatever a rule asks and whatever a request says: no error, and no words of the request kept."""

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.config import Condition, RuleConfig
from proxy.routing.rules import Judged, Situation, compiled, described, rule_findings
from proxy.routing.rules.vocabulary import SIGNALS
from tests.proxy.routing.rules.situations import asks, rule, situation

OPS = sorted({op for tests in SIGNALS.values() for op in tests} | {"present", "absent", "other"})
SCALARS = (
    st.text(max_size=12)
    | st.sampled_from(["22:00-06:00 Europe/Berlin", "mon-fri", "main", "*[a-z]{a,b}", "(a+)+$", ".", "image"])
    | st.floats()
    | st.integers(-(10**20), 10**20)
    | st.booleans()
)
VALUES = st.none() | SCALARS | st.lists(SCALARS, max_size=3).map(tuple)
TESTS = st.builds(
    Condition,
    signal=st.sampled_from([*SIGNALS, "header:x-team", "header:", "", "other"]),
    op=st.sampled_from([*OPS, ""]),
    value=VALUES,
    ignore_case=st.booleans(),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: (
        st.builds(Condition, any_of=st.lists(inner, max_size=3).map(tuple))
        | st.builds(Condition, all_of=st.lists(inner, max_size=3).map(tuple))
        | st.builds(Condition, negated=inner)
        | st.builds(Condition, negated=inner, all_of=st.lists(inner, max_size=2).map(tuple))
    ),
    max_leaves=6,
)
WORDS = st.text(max_size=40)
REQUESTS = st.builds(
    situation,
    model=WORDS,
    client=WORDS,
    family=WORDS,
    headers=st.fixed_dictionaries({}, optional={"x-team": WORDS}),
    tools_used=st.frozensets(WORDS, max_size=3),
    system_text=WORDS,
    user_text=WORDS,
    latest_user_text=WORDS,
    tokens=st.integers(0, 10**7),
    now=st.floats(0, 4e9),
    session_age=st.none() | st.floats(0, 1e9),
    spent_today=st.none() | st.floats(0, 1e6),
)


@settings(deadline=None)
@given(st.lists(CONDITIONS, max_size=3).map(tuple), REQUESTS)
def test_no_rule_raises(when: tuple[Condition, ...], seen: Situation) -> None:
    table = RuleConfig(when=when, tier="SIMPLE")

    made = compiled(table, 0, ())

    assert bool(made.broken) == bool(list(rule_findings(table)))
    assert isinstance(made.judge(seen), Judged)
    assert described(table)


SOUND = [
    *(
        asks(signal, op, "zq")
        for signal in ("model", "system_text", "user_text")
        for op in ("contains", "glob", "equals", "regex")
    ),
    asks("latest_user_text", "regex", ".+"),
    asks("user_text", "glob", "*"),
    asks("client", "in", ("zq", "zz")),
    asks("tool_used", "glob", "*zq*"),
    asks("header:x-team", "contains", "zq", ignore_case=True),
    asks("family", "equals", "zq"),
]
SECRET = "Geheimnis"


@given(st.sampled_from(SOUND), st.text(max_size=20), st.text(max_size=20))
def test_a_trace_never_holds_words_of_the_request(condition: Condition, before: str, after: str) -> None:
    text = before + "zq" + SECRET + after
    texts: dict[str, Any] = dict.fromkeys(
        ("model", "client", "family", "system_text", "user_text", "latest_user_text"), text
    )
    seen = situation(**texts, headers={"x-team": text}, tools_used=frozenset({text}))

    found = rule(condition).judge(seen)

    assert SECRET not in msgspec.json.encode(found).decode()
    assert [step.value for step in found.trace] == [rule(condition).judge(situation()).trace[0].value]
