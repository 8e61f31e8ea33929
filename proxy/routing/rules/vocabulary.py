"""Every signal a rule can look at, and the ops it can be tested with.

A row is a signal: what it reads from the situation, and the family of tests that suits it. `docs/rules.md`
tells users the same.
"""

from collections.abc import Callable, Mapping
from typing import Final

from proxy.config import Condition, did_you_mean
from proxy.config.routes import OPS_ALONE
from proxy.routing.rules.check import Asked, Check, Make, MisfitError
from proxy.routing.rules.numbers import capacity_tests, figure_tests, number_tests
from proxy.routing.rules.situation import Situation
from proxy.routing.rules.texts import (
    OPS_WITH_CASE,
    choice_tests,
    header_tests,
    names_tests,
    presence_tests,
    text_tests,
)
from proxy.routing.rules.times import time_tests, weekday_tests
from proxy.routing.signals import Kind
from proxy.routing.signals.texts import the_end_of

SURFACES: Final = ("messages", "chat", "responses", "gemini", "embeddings")
_PROSE: Final = ("contains", "equals", "glob", "regex")
_HEADER: Final = "header:"


def _content_tests() -> Mapping[str, Make]:
    def make(asked: Asked) -> Check:
        count = _CONTENTS.get(asked.text)
        if count is None:
            allowed = ", ".join(_CONTENTS)
            raise MisfitError(
                f'found "{asked.text}"; allowed: {allowed}{did_you_mean(asked.text, _CONTENTS)}'
            )
        return lambda situation: (count(situation) > 0, count(situation))

    return {"has": make, "equals": make}


_CONTENTS: Final[Mapping[str, Callable[[Situation], int]]] = {
    "image": lambda s: s.signals.images,
    "document": lambda s: s.signals.documents,
}

SIGNALS: Final[Mapping[str, Mapping[str, Make]]] = {
    "model": text_tests(lambda s: s.signals.model, *_PROSE),
    "family": choice_tests(lambda s: s.signals.family),
    "client": text_tests(lambda s: s.signals.client, "equals", "glob", "in"),
    "surface": choice_tests(lambda s: s.signals.surface, SURFACES),
    "kind": choice_tests(lambda s: s.signals.kind, tuple(Kind)),
    "thinking": presence_tests(lambda s: s.signals.thinking, "enabled", "disabled"),
    "system_text": text_tests(lambda s: the_end_of(s.signals.system_text), *_PROSE),
    "user_text": text_tests(lambda s: the_end_of(s.signals.user_text), *_PROSE),
    "latest_user_text": text_tests(lambda s: the_end_of(s.signals.latest_user_text), *_PROSE),
    "content": _content_tests(),
    "tool_used": names_tests(lambda s: s.signals.tools_used, "equals", "glob", "in"),
    "tool_count": number_tests(lambda s: s.signals.tool_count),
    "extra_tools": number_tests(lambda s: s.signals.extra_tools),
    "tokens": number_tests(lambda s: s.signals.tokens),
    "turn": number_tests(lambda s: s.signals.turns),
    "session_age": number_tests(lambda s: s.session_age),
    "spend_today": number_tests(lambda s: s.spent_today),
    "time": time_tests(),
    "weekday": weekday_tests(),
    "latency": figure_tests(lambda f: f.latency_ms, lambda f: f.latency_p99_ms),
    "first_byte": figure_tests(lambda f: f.first_byte_ms, lambda f: f.first_byte_p99_ms),
    "capacity_use": capacity_tests(),
}

_WITH_CASE: Final = frozenset(
    {"model", "client", "system_text", "user_text", "latest_user_text", "tool_used"}
)


def ops_of(signal: str) -> Mapping[str, Make]:
    """The ops of a signal; MisfitError if there is no such signal."""
    if signal.startswith(_HEADER):
        if not signal.removeprefix(_HEADER).strip():
            raise MisfitError(
                'found "header:" without a name; allowed: header:NAME, such as header:user-agent', "signal"
            )
        return header_tests(signal.removeprefix(_HEADER).strip())
    if signal in SIGNALS:
        return SIGNALS[signal]
    meant = did_you_mean(signal, (*SIGNALS, "header:NAME"))
    raise MisfitError(
        f'no signal is called "{signal}"{meant or "; allowed: " + ", ".join((*SIGNALS, "header:NAME"))}',
        "signal",
    )


def check_of(condition: Condition) -> Check:
    """The test that a condition without groups describes; MisfitError if it can never be made."""
    tests = ops_of(condition.signal)
    if condition.op not in tests:
        allowed = ", ".join(tests)
        meant = did_you_mean(condition.op, tests)
        raise MisfitError(f'{condition.signal} has no op "{condition.op}"; allowed: {allowed}{meant}', "op")
    if condition.op in OPS_ALONE and condition.value is not None:
        raise MisfitError(f"{condition.op} compares with nothing; leave the value out")
    if condition.ignore_case and not _has_case(condition):
        raise MisfitError(
            f"{condition.signal} {condition.op} compares no letters; leave it out", "ignore_case"
        )
    return tests[condition.op](Asked(condition.value, condition.ignore_case))


def _has_case(condition: Condition) -> bool:
    is_text = condition.signal in _WITH_CASE or condition.signal.startswith(_HEADER)
    return is_text and condition.op in OPS_WITH_CASE
