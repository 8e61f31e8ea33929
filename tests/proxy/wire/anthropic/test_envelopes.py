"""What Amazon and Google want changed in a request, made in its bytes."""

from proxy.wire.anthropic.envelopes import BEDROCK, VERTEX, VERTEX_COUNT
from proxy.wire.splice import spliced

BODY = b'{ "model":"m", "stream": true,"messages":[{"role":"user","content":"\\u00e9"}] }'


def test_amazon_names_model_and_streaming_in_the_address_and_takes_betas_in_the_body() -> None:
    assert spliced(BODY, BEDROCK.edits(["a-1", "b-2"])) == (
        b'{ "messages":[{"role":"user","content":"\\u00e9"}]'
        b',"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["a-1","b-2"] }'
    )


def test_amazon_without_betas() -> None:
    assert b"anthropic_beta" not in spliced(BODY, BEDROCK.edits())


def test_google_names_the_model_in_the_address_and_takes_betas_in_the_header() -> None:
    assert spliced(BODY, VERTEX.edits(["a-1"])) == (
        b'{ "stream": true,"messages":[{"role":"user","content":"\\u00e9"}]'
        b',"anthropic_version":"vertex-2023-10-16" }'
    )


def test_google_counts_tokens_at_one_address_for_all_models() -> None:
    assert b'"model":"m"' in spliced(BODY, VERTEX_COUNT.edits())
