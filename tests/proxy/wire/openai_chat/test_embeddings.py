"""Embeddings pass through with another model's name in them."""

import pytest

from proxy.wire.canonical import Usage
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.openai_chat.embeddings import asked_model, for_model, usage_of


def test_only_the_models_name_changes() -> None:
    body = b'{"input": ["\\u00e9",  "b"],\n "model" : "text-embedding", "x": {"model": "inner"}}'
    assert asked_model(body) == "text-embedding"
    assert for_model(body, 'nomic "v1"') == body.replace(b'"text-embedding"', b'"nomic \\"v1\\""')


@pytest.mark.parametrize("body", [b"{}", b'{"model": ""}', b'{"model": null}', b'{"model": 1}', b"x"])
def test_a_request_that_names_no_model_is_a_bad_one(body: bytes) -> None:
    with pytest.raises(Failure) as caught:
        asked_model(body)
    assert caught.value.kind is FailureKind.BAD_REQUEST


@pytest.mark.parametrize(
    ("body", "usage"),
    [
        (
            b'{"data": [{"embedding": [0.1]}], "usage": {"prompt_tokens": 8, "total_tokens": 8}}',
            Usage(input=8),
        ),
        (b'{"data": []}', Usage()),
        (b'{"data": [], "usage": null}', Usage()),
        (b"not JSON", Usage()),
    ],
)
def test_usage_of_an_answer(body: bytes, usage: Usage) -> None:
    assert usage_of(body) == usage
