"""A secret leaves by `reveal` and by no other way."""

import copy
import dataclasses
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable

import msgspec
import pytest

from proxy.secret import Secret, SecretUnavailableError

CANARY = "sk-canary-7f3a9"


@dataclasses.dataclass
class Holder:
    key: Secret


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        ascii,
        format,
        pprint.pformat,
        lambda secret: f"{secret} {secret!r} {secret:>40} {secret!s:x<9}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 -- this way of showing is one of the cases
        lambda secret: repr({"key": [secret]}),
        lambda secret: repr(Holder(secret)),
        lambda secret: json.dumps(secret, default=str),
        lambda secret: msgspec.json.encode({"key": secret}, enc_hook=str).decode(),
        lambda secret: repr(dataclasses.asdict(Holder(secret))),
        lambda secret: str(SecretUnavailableError(secret)),
    ],
)
def test_it_shows_a_mask(show: Callable[[Secret], str]) -> None:
    shown = show(Secret(CANARY))

    assert CANARY not in shown
    assert "<secret>" in shown


@pytest.mark.parametrize(
    "carry",
    [
        pickle.dumps,
        json.dumps,
        msgspec.json.encode,
        msgspec.msgpack.encode,
        msgspec.to_builtins,
        lambda secret: secret.__getstate__(),
        lambda secret: secret.__reduce__(),
        lambda secret: secret.__reduce_ex__(2),
        vars,
        bytes,
        list,
        len,
        hash,
        lambda secret: "key: " + secret,
        lambda secret: secret < Secret("b"),
    ],
)
def test_it_cannot_be_carried_away(carry: Callable[[Secret], object]) -> None:
    with pytest.raises((TypeError, NotImplementedError)) as caught:
        carry(Secret(CANARY))

    assert CANARY not in str(caught.value)


def test_it_stays_out_of_logs_and_tracebacks(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(CANARY)
    try:
        raise RuntimeError("failed with %s", secret)
    except RuntimeError as error:
        logging.getLogger("test").exception("key %s %r", secret, {"key": secret})
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())

    assert "secret = <secret>" in shown
    assert CANARY not in shown + traceback.format_exc() + caplog.text


def test_it_equals_secrets_of_the_same_text_only() -> None:
    assert Secret("é\U0001f600") == Secret("é\U0001f600")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert Secret("\udcff") == Secret("\udcff")


def test_it_is_false_when_empty() -> None:
    assert Secret(CANARY)
    assert not Secret("")


def test_it_does_not_change() -> None:
    secret = Secret(CANARY)

    with pytest.raises(AttributeError):
        secret._Secret__value = "other"  # type: ignore[attr-defined] # what an intruder would write
    with pytest.raises(AttributeError):
        del secret._Secret__value  # type: ignore[attr-defined] # the same
    assert secret.reveal() == CANARY


def test_copies_are_itself() -> None:
    secret = Secret(CANARY)

    assert copy.copy(secret) is secret
    assert copy.deepcopy({"key": secret})["key"] is secret
