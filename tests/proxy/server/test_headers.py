"""What the answer headers say, and that no value can break a header."""

import json

from hypothesis import given
from hypothesis import strategies as st

from proxy.exchange import Attempt, Exchange, Surface
from proxy.routing.selection.decision import Decision, SelectionResult
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.service import Service
from proxy.server.headers import about, header_value
from proxy.wire.format import Format


def exchange(*attempts: Attempt) -> Exchange:
    return Exchange(
        "req_1",
        Surface.MESSAGES,
        "sdk",
        "m",
        Format.ANTHROPIC,
        attempts=list(attempts),
        source="passthrough",
    )


def test_nobody_is_named_while_nobody_has_answered() -> None:
    headers = about(exchange(Attempt(Service("p", "m"))))
    assert headers["x-tierwise-attempts"] == "1"
    assert "x-tierwise-service" not in headers


def test_whose_error_is_told_is_named_if_it_answered() -> None:
    silent, refusing = Attempt(Service("a", "m")), Attempt(Service("b", "n"), status=429)
    told = exchange(refusing, silent)
    told.refused_by = refusing
    assert about(told)["x-tierwise-service"] == "b/n"
    assert about(told)["x-tierwise-attempts"] == "2"
    told.refused_by = silent
    assert "x-tierwise-service" not in about(told)


def explained(*reasons: Reason, notes: tuple[str, ...] = ()) -> dict[str, str]:
    told = exchange()
    told.is_explained = True
    told.serving = Attempt(Service("p", "m"), notes=notes)
    result = SelectionResult(
        service=Service("p", "m"), source="tier", evaluated_stages=("health", "tier"), reasons=reasons
    )
    told.decision = Decision(result=result)
    return about(told)


def test_who_asks_for_it_is_told_why() -> None:
    headers = explained(
        reason("health.kept", 1, 2), reason("tier.header", "SIMPLE"), notes=("model: became m",)
    )
    assert headers["x-tierwise-stages"] == "health,tier"
    assert json.loads(headers["x-tierwise-reasons"]) == [
        {"stage": "health", "text": "1 of 2 services can take the request"},
        {"stage": "tier", "text": "a header asks for tier SIMPLE"},
        {"stage": "request", "text": "model: became m"},
    ]


def test_nobody_else_is_told_why() -> None:
    assert not {"x-tierwise-stages", "x-tierwise-reasons"} & set(about(exchange()))


def test_before_anything_was_decided_there_is_no_reason() -> None:
    told = exchange()
    told.is_explained = True
    assert about(told)["x-tierwise-reasons"] == "[]"
    assert "x-tierwise-stages" not in about(told)


@given(st.lists(st.builds(reason, st.just("smart_routing.matched"), st.text(max_size=900)), max_size=20))
def test_any_reasons_fit_into_a_plain_header(reasons: list[Reason]) -> None:
    header = explained(*reasons)["x-tierwise-reasons"]
    assert header.isascii()
    assert header.isprintable()
    assert len(header) <= 4096
    told = [each["text"] for each in json.loads(header)]
    everything = [each.text for each in reasons]
    rest = iter(everything)
    assert all(text in rest for text in told)  # in their order
    if len(json.dumps([{"stage": "smart_routing", "text": text} for text in everything])) <= 4096:
        assert told == everything


def test_where_not_everything_fits_what_settled_it_stays() -> None:
    """Sixty services that are unwell are told of as far as there is room."""
    kept, settled = reason("health.kept", 60, 60), reason("load_balancer.only", "p/m")
    marked = [
        reason("health.marked", f"provider/model-{number}", "It is overloaded.") for number in range(90)
    ]
    header = explained(kept, *marked, settled, notes=("model: became m",))["x-tierwise-reasons"]
    told = [each["text"] for each in json.loads(header)]
    assert told[:2] == [kept.text, marked[0].text]
    assert told[-2:] == [settled.text, "model: became m"]
    assert 10 < len(told) < 90
    assert 4096 - 200 < len(header) <= 4096


def test_of_findings_that_settled_it_the_last_ones_stay() -> None:
    many = [reason("smart_routing.matched", f"{number} {'x' * 900}") for number in range(20)]
    header = explained(*many)["x-tierwise-reasons"]
    assert [each["text"] for each in json.loads(header)] == [each.text for each in many[-4:]]


@given(st.text())
def test_any_text_becomes_a_plain_header_value(text: str) -> None:
    value = header_value(text.encode("utf-8", "replace").decode())
    assert value.isascii()
    assert value.isprintable()
    assert " " not in value
    assert len(value) <= 512


def test_ordinary_names_stay_readable() -> None:
    assert header_value("qwen3-coder:30b@q4/gguf[1m]") == "qwen3-coder:30b@q4/gguf[1m]"
