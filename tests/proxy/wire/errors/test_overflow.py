"""Every vendor's way of saying that a prompt is too long, with the numbers it gives."""

import json

import pytest

from proxy.wire.errors import read_error
from proxy.wire.failure import FailureKind
from proxy.wire.format import Format
from proxy.wire.formats import ERRORS

SENTENCES = [
    ("prompt is too long: 203456 tokens > 200000 maximum", 203456, 200000),
    (
        (
            "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease "
            "input length"
        ),
        210000,
        200000,
    ),
    (
        (
            "This model's maximum context length is 4097 tokens. However, your messages resulted in "
            "4545 tokens. Please reduce the length of the messages."
        ),
        4545,
        4097,
    ),
    (
        (
            "This model's maximum context length is 4097 tokens, however you requested 4120 tokens "
            "(3120 in your prompt; 1000 for the completion)."
        ),
        4120,
        4097,
    ),
    (
        (
            "This endpoint's maximum context length is 1048576 tokens. However, you requested about "
            "1293741 tokens (1227853 of text input, 65888 in the output). Please reduce the length of "
            'either one, or use the "middle-out" transform.'
        ),
        1293741,
        1048576,
    ),
    (
        (
            "'max_tokens' or 'max_completion_tokens' is too large: 2000. This model's maximum context "
            "length is 4096 tokens and your request has 2104 input tokens (2000 > 4096 - 2104)."
        ),
        4104,
        4096,
    ),
    (
        (
            "This model's maximum context length is 128000 tokens. However, you requested 65535 "
            "output tokens and your prompt contains at least 62466 input tokens, for a total of at "
            "least 128001 tokens."
        ),
        128001,
        128000,
    ),
    (
        ("This model's maximum context length is 4096 tokens. However, your request has 5000 input tokens."),
        5000,
        4096,
    ),
    (
        ("The decoder prompt (length 5000) is longer than the maximum model length of 4096."),
        5000,
        4096,
    ),
    (
        ("The input (5000 tokens) is longer than the model's context length (4096 tokens)."),
        5000,
        4096,
    ),
    (
        (
            "Requested token count exceeds the model's maximum context length of 4096 tokens. You "
            "requested a total of 5000 tokens: 4000 tokens from the input messages and 1000 tokens "
            "for the completion."
        ),
        5000,
        4096,
    ),
    (
        ("request (12000 tokens) exceeds the available context size (4096 tokens), try increasing it"),
        12000,
        4096,
    ),
    (
        ("the request exceeds the available context size. try increasing the context size"),
        None,
        None,
    ),
    (
        (
            "Trying to keep the first 111490 tokens when context the overflows. However, the model is "
            "loaded with context length of only 32768 tokens, which is not enough."
        ),
        111490,
        32768,
    ),
    (
        (
            "The number of tokens to keep from the initial prompt is greater than the context length "
            "(n_keep: 13055>= n_ctx: 4096). Try to load the model with a larger context length"
        ),
        13055,
        4096,
    ),
    ("Cannot truncate prompt with n_keep (15028) >= n_ctx (7424)", 15028, 7424),
    ("Trying to keep the first 5000 tokens when context the overflows.", 5000, None),
    (
        ("The number of tokens to keep from the initial prompt is greater than the context length."),
        None,
        None,
    ),
    ("Reached context length of 4096 tokens with model (arch: llama)", None, 4096),
    ("prompt too long; exceeded max context length by 1234 tokens", None, None),
    ("input length exceeds maximum context length", None, None),
    ("the input length exceeds the context length", None, None),
    (
        "the prompt is longer than the context length currently available to the model; shorten the prompt",
        None,
        None,
    ),
    (
        ("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."),
        1200000,
        1048576,
    ),
    (
        ("The input token count exceeds the maximum number of tokens allowed 1,048,576."),
        None,
        1048576,
    ),
    ("Input is too long for requested model.", None, None),
    (
        ("This model's maximum prompt length is 131072 but the request contains 150000 tokens."),
        150000,
        131072,
    ),
    (
        (
            "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum "
            "context length"
        ),
        40000,
        32768,
    ),
    ("Please reduce the length of the messages or completion.", None, None),
    (
        (
            "Please reduce the length of the messages or completion. Current length is 9000 while "
            "limit is 8192"
        ),
        9000,
        8192,
    ),
    (
        ("Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)"),
        269030,
        262144,
    ),
    ("prompt token count of 140000 exceeds the limit of 128000", 140000, 128000),
    (
        (
            "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9000 "
            "`inputs` tokens and 10 `max_new_tokens`"
        ),
        9010,
        8193,
    ),
    ("The prompt is too long: 150000, model maximum context length: 131071", 150000, 131071),
    ("Range of input length should be [1, 30720]", None, 30720),
    ("invalid params, context window exceeds limit (2013)", None, None),
    (
        ("Your input exceeds the context window of this model. Please adjust your input and try again."),
        None,
        None,
    ),
]


@pytest.mark.parametrize(("sentence", "tokens", "maximum"), SENTENCES)
@pytest.mark.parametrize("status", [400, 413, 500, None])
def test_a_prompt_that_is_too_long_is_known_by_its_words(
    sentence: str, tokens: int | None, maximum: int | None, status: int | None
) -> None:
    failure = read_error(status, json.dumps({"error": {"message": sentence, "code": None}}).encode())
    assert failure.kind is FailureKind.CONTEXT_OVERFLOW
    assert (failure.tokens, failure.maximum) == (tokens, maximum)
    assert failure.sentence == sentence


def test_numbers_beside_the_sentence_are_read() -> None:
    error = {
        "code": 400,
        "message": "the request exceeds the available context size, try increasing it",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": 12000,
        "n_ctx": 4096,
    }
    failure = read_error(400, json.dumps({"error": error}).encode())
    assert failure.kind is FailureKind.CONTEXT_OVERFLOW
    assert (failure.tokens, failure.maximum) == (12000, 4096)


@pytest.mark.parametrize(
    "error",
    [
        {"code": "context_length_exceeded", "message": "zu lang"},
        {
            "code": "tokens_limit_reached",
            "message": "Body too large for gpt-4o. Max size: 8000",
        },
        {"code": "1261", "message": "Prompt 超长"},
        {"type": "invalid_request_error", "code": "3051", "message": "?"},
    ],
)
def test_a_code_says_it_without_words(error: dict[str, str]) -> None:
    failure = read_error(400, json.dumps({"error": error}).encode())
    assert failure.kind is FailureKind.CONTEXT_OVERFLOW


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (429, "Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 40000."),
        (429, "This request would exceed the maximum context length is 30000 tokens per minute"),
        (400, "max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens"),
        (400, "messages.0.content: the text is too long"),
        (400, "The maximum tokens you requested exceeds the model limit of 4096."),
    ],
)
def test_other_limits_are_not_the_prompts(status: int, message: str) -> None:
    failure = read_error(status, json.dumps({"error": {"message": message}}).encode())
    assert failure.kind is not FailureKind.CONTEXT_OVERFLOW


def test_a_prompt_that_would_fit_with_a_shorter_answer_is_not_told_as_too_long() -> None:
    message = (
        "'max_tokens' or 'max_completion_tokens' is too large: 100000. This model's maximum context "
        "length is 32768 tokens and your request has 500 input tokens (100000 > 32768 - 500)."
    )
    failure = read_error(400, json.dumps({"error": {"message": message}}).encode())
    told = json.loads(ERRORS[Format.ANTHROPIC].body(failure, "r"))["error"]["message"]
    assert told.startswith("input length and `max_tokens` exceed context limit: 500 + 100000 > 32768")


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (None, None, "Rate limit: maximum context length is 200000 tokens per minute"),
        (529, "overloaded_error", "maximum context length is 8192 tokens"),
        (503, None, "maximum context length is 8192 tokens"),
    ],
)
def test_words_about_rates_and_load_are_not_about_the_prompt(
    status: int | None, code: str | None, message: str
) -> None:
    failure = read_error(status, json.dumps({"error": {"message": message, "code": code}}).encode())
    assert failure.kind is not FailureKind.CONTEXT_OVERFLOW
