"""Rules as a whole: their groups, what breaks them, and what they say."""

import pytest

from proxy.config import Condition, ConditionValue, RuleConfig, ServiceEntry
from proxy.routing.rules import Judged, compiled, described, rule_findings
from proxy.routing.rules.description import PHRASES
from proxy.routing.rules.vocabulary import SIGNALS, ops_of
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Kind
from tests.proxy.routing.rules.situations import asks, rule, situation

YES, NO = asks("tokens", "ge", 1), asks("tokens", "gt", 60000)
UNKNOWN = asks("spend_today", "ge", 5)
SEEN = situation()


def any_of(*conditions: Condition) -> Condition:
    return Condition(any_of=conditions)


def all_of(*conditions: Condition) -> Condition:
    return Condition(all_of=conditions)


def negated(condition: Condition) -> Condition:
    return Condition(negated=condition)


@pytest.mark.parametrize(
    ("when", "holds", "steps"),
    [
        ((), True, 0),
        ((YES,), True, 1),
        ((YES, YES, YES), True, 3),
        ((YES, NO, YES), False, 2),
        ((any_of(NO, YES, NO),), True, 2),
        ((any_of(NO, NO),), False, 2),
        ((all_of(YES, NO, YES),), False, 2),
        ((negated(NO),), True, 1),
        ((negated(YES), YES), False, 1),
        ((negated(negated(YES)),), True, 1),
        ((negated(any_of(NO, all_of(YES, NO))),), True, 3),
        ((UNKNOWN,), False, 1),
        ((negated(UNKNOWN),), False, 1),
        ((any_of(UNKNOWN, YES),), True, 2),
        ((any_of(UNKNOWN, NO),), False, 2),
        ((negated(any_of(UNKNOWN, NO)),), False, 2),
        ((negated(all_of(YES, UNKNOWN)),), False, 2),
        ((negated(all_of(NO, UNKNOWN)),), True, 1),
    ],
)
def test_groups_end_at_the_first_test_that_decides(
    when: tuple[Condition, ...], holds: bool, steps: int
) -> None:
    found = rule(*when).judge(SEEN)

    assert (found.holds, len(found.trace)) == (holds, steps)


def test_a_rule_keeps_what_its_table_says() -> None:
    service = Candidate(Service("p", "m"))
    table = RuleConfig(name="local", when=(YES,), services=(ServiceEntry("p", "m"),), strict=True)

    made = compiled(table, 3, (service,))

    assert (made.name, made.index, made.services) == ("local", 3, (service,))
    assert (made.tier, made.strict, made.broken) == (None, True, "")
    assert compiled(RuleConfig(when=(YES,), tier="COMPLEX"), 0, ()).tier == "COMPLEX"


BROKEN: list[tuple[Condition, str]] = [
    (asks("token", "ge", 1), 'when[1].signal: no signal is called "token"; did you mean "tokens"?'),
    (asks("colour", "is", "red"), 'when[1].signal: no signal is called "colour"; allowed: model, family,'),
    (asks("header:", "present"), 'when[1].signal: found "header:" without a name'),
    (
        asks("tokens", "gte", 1),
        'when[1].op: tokens has no op "gte"; allowed: ge, gt, le, lt, equals, between',
    ),
    (asks("thinking", "equals", value=True), 'when[1].op: thinking has no op "equals"; allowed: enabled'),
    (asks("thinking", "enabled", value=False), "when[1].value: enabled compares with nothing"),
    (asks("tokens", "ge", "60000"), "when[1].value: found 60000; allowed: one number, without quotes"),
    (asks("tokens", "ge", value=True), "when[1].value: found true; allowed: one number"),
    (asks("tokens", "ge", float("nan")), "when[1].value: found nan"),
    (asks("tokens", "ge", (1, 2)), "when[1].value: found 1, 2; allowed: one number"),
    (asks("tokens", "between", (2, 1)), "when[1].value: found 2, 1; allowed: two ascending numbers"),
    (asks("tokens", "between", (1, 2, 3)), "when[1].value: found 1, 2, 3; allowed: two"),
    (asks("tokens", "between", (1, "x")), "when[1].value: found x; allowed: two"),
    (asks("tokens", "between", 5), "when[1].value: found 5; allowed: two"),
    (asks("tokens", "ge", 1, ignore_case=True), "when[1].ignore_case: tokens ge compares no letters"),
    (asks("kind", "equals", "main", ignore_case=True), "when[1].ignore_case: kind equals compares no"),
    (asks("model", "contains", ""), "when[1].value: found an empty text, which every text contains"),
    (asks("model", "contains", 4), "when[1].value: found 4; allowed: one text"),
    (asks("model", "equals", ("a", "b")), "when[1].value: found a, b; allowed: one text"),
    (asks("model", "glob", "[a"), "when[1].value: is no glob: it has a [ without its ]"),
    (asks("model", "regex", "("), "when[1].value: is no regular expression: missing )"),
    (asks("client", "in", ()), "when[1].value: found nothing; allowed: a list of texts"),
    (asks("client", "in", ("a", 1)), "when[1].value: found a, 1; allowed: a list of texts"),
    (asks("kind", "equals", "subagnet"), 'found "subagnet"; allowed: main, subagent, compaction'),
    (asks("kind", "in", ("main", "titel")), 'did you mean "title"?'),
    (asks("surface", "equals", "message"), 'did you mean "messages"?'),
    (asks("content", "has", "images"), 'found "images"; allowed: image, document; did you mean "image"?'),
    (asks("time", "between", "22:00"), 'when[1].value: found "22:00"; allowed: a span'),
    (asks("time", "between", "22:00-22:00"), "which is no span of a day"),
    (asks("time", "between", "24:00-06:00"), "which is no span of a day"),
    (asks("time", "between", "22:00-25:00"), 'found "25:00", which is no time of day'),
    (asks("time", "between", "22:60-23:00"), 'found "22:60", which is no time of day'),
    (asks("time", "between", "22:00-06:00 Europe/Berln"), 'did you mean "Europe/Berlin"?'),
    (asks("time", "between", "22:00-06:00 /etc/passwd"), 'no time zone is called "/etc/passwd"'),
    (asks("weekday", "equals", "monday"), 'found "monday"; allowed: mon, tue,'),
    (asks("weekday", "in", ("mon UTC", "tue")), "found 2 zones"),
    (
        asks("header:Authorization", "contains", "x"),
        "Authorization may carry a secret; allowed: present, absent",
    ),
    (any_of(YES, negated(asks("tokens", "ge"))), "when[1].any[1].not: a test needs signal, op and value"),
    (Condition(), "when[1]: found an empty condition"),
    (Condition(ignore_case=True, all_of=(YES,)), "when[1]: found several forms at once"),
]


@pytest.mark.parametrize(("condition", "why"), BROKEN)
def test_what_can_never_be_tested_breaks_its_rule_and_says_where(condition: Condition, why: str) -> None:
    table = RuleConfig(when=(YES, condition), tier="SIMPLE")
    made = compiled(table, 0, ())
    (finding,) = rule_findings(table)

    assert why in made.broken
    assert made.broken.endswith(finding.message)
    assert finding.severity == "notice"
    assert finding.path[:2] == ("when", 1)
    assert made.judge(SEEN) == Judged(holds=False)


def test_every_broken_condition_is_told_and_the_first_names_the_rule() -> None:
    table = RuleConfig(when=(asks("a", "b", 1), YES, asks("tokens", "c", 1)), tier="SIMPLE")

    assert [finding.path for finding in rule_findings(table)] == [("when", 0, "signal"), ("when", 2, "op")]
    assert compiled(table, 0, ()).broken.startswith("when[0].signal: ")


def test_a_sound_rule_has_no_findings_and_a_broken_neighbour_does_not_matter() -> None:
    broken, sound = rule(asks("model", "glob", "[")), rule(YES)

    assert not broken.judge(SEEN).holds
    assert sound.judge(SEEN).holds
    assert list(rule_findings(RuleConfig(when=(YES,), tier="SIMPLE"))) == []


def test_conditions_do_not_stand_endlessly_inside_each_other() -> None:
    deep = YES
    for _ in range(50):
        deep = negated(deep)

    assert "more than 20 deep" in rule(deep).broken
    assert "..." in described(RuleConfig(when=(deep,), tier="SIMPLE"))


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ((), "always"),
        (
            (asks("tokens", "ge", 60000), asks("kind", "equals", "subagent")),
            "tokens at least 60000 and kind is subagent",
        ),
        ((asks("tokens", "ge", 60000.0),), "tokens at least 60000"),
        ((asks("time", "between", "22:00-06:00 Europe/Berlin"),), "time from 22:00-06:00 Europe/Berlin"),
        ((asks("tokens", "between", (20000, 60000)),), "tokens from 20000 up to 60000"),
        ((any_of(YES, negated(NO)),), "(tokens at least 1 or not (tokens above 60000))"),
        ((all_of(YES, YES), NO), "(tokens at least 1 and tokens at least 1) and tokens above 60000"),
        ((any_of(YES),), "tokens at least 1"),
        (
            (asks("latest_user_text", "contains", "bug", ignore_case=True),),
            'latest user text contains "bug", in any case',
        ),
        ((asks("header:x-a_b", "present"),), "header x-a_b is present"),
        ((asks("kind", "in", ("title", "count")),), "kind is one of title, count"),
        ((asks("latency", "max_le", 500),), "latency (99th percentile) at most 500 ms"),
        ((asks("thinking", "enabled"),), "thinking enabled"),
        ((asks("what", "{ever}", "x"),), "what {ever} x"),
    ],
)
def test_a_rule_is_one_sentence(when: tuple[Condition, ...], sentence: str) -> None:
    assert described(RuleConfig(when=when, tier="SIMPLE")) == sentence


def test_every_op_has_a_phrase() -> None:
    ops = {op for tests in (*SIGNALS.values(), ops_of("header:x")) for op in tests}

    assert ops == set(PHRASES)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_call_can_be_asked_for(kind: Kind) -> None:
    value: ConditionValue = kind.value
    assert rule(asks("kind", "equals", value)).judge(situation(kind=kind)).holds
