"""What the answer headers say, and that no value can break a header."""

from hypothesis import given
from hypothesis import strategies as st

from proxy.exchange import Attempt, Exchange, Surface
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


@given(st.text())
def test_any_text_becomes_a_plain_header_value(text: str) -> None:
    value = header_value(text.encode("utf-8", "replace").decode())
    assert value.isascii()
    assert value.isprintable()
    assert " " not in value
    assert len(value) <= 512


def test_ordinary_names_stay_readable() -> None:
    assert header_value("qwen3-coder:30b@q4/gguf[1m]") == "qwen3-coder:30b@q4/gguf[1m]"
