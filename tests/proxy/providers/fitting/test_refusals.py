"""Vendors' own sentences about parameters they do not take, and what is learned from each."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.providers.fitting import Correction, refused
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format

ANTHROPIC, CHAT, RESPONSES = Format.ANTHROPIC, Format.OPENAI_CHAT, Format.RESPONSES
GEMINI, OLLAMA, BEDROCK = Format.GEMINI, Format.OLLAMA, Format.BEDROCK


def said(sentence: str, kind: FailureKind = FailureKind.BAD_REQUEST) -> Failure:
    return Failure(kind, sentence)


@pytest.mark.parametrize(
    ("spoken", "sentence", "names"),
    [
        (ANTHROPIC, "adaptive thinking is not supported on this model", {"thinking.adaptive"}),
        (
            ANTHROPIC,
            (
                '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and '
                '"output_config.effort" to control thinking behavior.'
            ),
            {"thinking.enabled"},
        ),
        (ANTHROPIC, '"thinking.type.disabled" is not supported for this model.', {"thinking.disabled"}),
        (
            ANTHROPIC,
            (
                "thinking: Input tag 'adaptive' found using 'type' does not match any of the expected tags: "
                "'disabled', 'enabled'"
            ),
            {"thinking.adaptive"},
        ),
        (ANTHROPIC, "This model does not support the effort parameter.", {"output_config.effort"}),
        (ANTHROPIC, "output_config.effort: Extra inputs are not permitted", {"output_config.effort"}),
        (ANTHROPIC, "context_management: Extra inputs are not permitted", {"context_management"}),
        (
            ANTHROPIC,
            "`clear_thinking_20251015` strategy requires `thinking` to be enabled or adaptive",
            {"context_management"},
        ),
        (ANTHROPIC, "`temperature` is deprecated for this model.", {"temperature"}),
        (
            ANTHROPIC,
            "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
            {"top_p"},
        ),
        (
            BEDROCK,
            (
                "Malformed input request: #: extraneous key [service_tier] is not permitted, please reformat "
                "your input and try again."
            ),
            {"service_tier"},
        ),
        (
            CHAT,
            "Unsupported parameter: 'temperature' is not supported with this model.",
            {"temperature"},
        ),
        (
            CHAT,
            (
                "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) "
                "value is supported."
            ),
            {"temperature"},
        ),
        (CHAT, "Unrecognized request argument supplied: reasoning_effort", {"reasoning_effort"}),
        (CHAT, "Unrecognized request arguments supplied: store, verbosity", {"store", "verbosity"}),
        (CHAT, "Unknown parameter: 'prompt_cache_key'.", {"prompt_cache_key"}),
        (
            RESPONSES,
            "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
            {"reasoning"},
        ),
        (CHAT, "`reasoning_effort` is not supported with this model", {"reasoning_effort"}),
        (CHAT, "property 'store' is unsupported", {"store"}),
        (
            CHAT,
            "Model grok-4-latest does not support parameter reasoningEffort.",
            {"reasoning_effort"},
        ),
        (CHAT, "Argument not supported on this model: presencePenalty", {"presence_penalty"}),
        (CHAT, "Extra inputs are not permitted, field: 'logit_bias'", {"logit_bias"}),
        (CHAT, "invalid temperature: only 1 is allowed for this model", {"temperature"}),
        (CHAT, '"llama3.2" does not support thinking', {"reasoning_effort"}),
        (OLLAMA, '"llama3.2" does not support thinking', {"think"}),
        (OLLAMA, 'think value "low" is not supported for this model', {"think"}),
        (
            GEMINI,
            (
                'Invalid JSON payload received. Unknown name "thinkingLevel" at '
                "'generation_config.thinking_config': Cannot find field."
            ),
            {"thinkingConfig"},
        ),
        (
            GEMINI,
            "Invalid JSON payload received. Unknown name \"seed\" at 'generation_config': Cannot find field.",
            {"seed"},
        ),
        (
            GEMINI,
            (
                'Invalid JSON payload received. Unknown name "parametersJsonSchema" at '
                "'tools[0].function_declarations[0]': Cannot find field."
            ),
            {"parametersJsonSchema"},
        ),
        (GEMINI, "Budget 0 is invalid. This model only works in thinking mode.", {"thinkingConfig"}),
        (GEMINI, "Thinking level is not supported for this model.", {"thinkingConfig"}),
    ],
)
def test_the_name_of_what_is_refused_is_read(spoken: Format, sentence: str, names: set[str]) -> None:
    assert refused(said(sentence), spoken) == Correction(refuses=frozenset(names))


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        (
            (
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                "'max_completion_tokens' instead."
            ),
            "max_tokens",
        ),
        ("max_completion_tokens: Extra inputs are not permitted", "max_completion_tokens"),
    ],
)
def test_of_the_two_names_of_the_limit_only_one_is_refused(sentence: str, name: str) -> None:
    assert refused(said(sentence), CHAT) == Correction(refuses=frozenset({name}))


def test_all_that_one_answer_complains_of_is_learned_at_once() -> None:
    detail = [
        {
            "type": "extra_forbidden",
            "loc": ["body", name],
            "msg": "Extra inputs are not permitted",
            "input": 1,
        }
        for name in ("store", "max_completion_tokens")
    ]
    failure = read_error(422, json.dumps({"detail": detail}).encode())

    assert refused(failure, CHAT) == Correction(refuses=frozenset({"store", "max_completion_tokens"}))


@pytest.mark.parametrize(
    ("sentence", "largest"),
    [
        (
            (
                "max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for "
                "claude-opus-4-1-20250805"
            ),
            32_000,
        ),
        (
            (
                "max_tokens is too large: 64000. This model supports at most 16384 completion tokens, "
                "whereas you provided 64000."
            ),
            16_384,
        ),
        (
            (
                "`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is "
                "less than the `context_window` for this model"
            ),
            8192,
        ),
        ("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", 8192),
        (
            (
                "The maximum tokens you requested exceeds the model limit of 10000. Try again with a maximum "
                "tokens value that is lower than 10000."
            ),
            10_000,
        ),
        (
            (
                "Unable to submit request because it has a maxOutputTokens value of 100000 but the supported "
                "range is from 1 (inclusive) to 65537 (exclusive). Update the value and try again."
            ),
            65_536,
        ),
    ],
)
def test_the_longest_answer_is_read(sentence: str, largest: int) -> None:
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": sentence}}
    failure = read_error(400, json.dumps(error).encode())

    assert refused(failure, ANTHROPIC) == Correction(max_output=largest)


@pytest.mark.parametrize(
    "sentence",
    [
        "messages.1.content.0: Invalid `signature` in `thinking` block",
        "messages.3.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.",
        (
            "messages.5.content.1: `thinking` or `redacted_thinking` blocks in the latest assistant message "
            "cannot be modified."
        ),
        "This thinking block is bound to a different conversation.",
        "The `reasoning_content` in the thinking mode must be passed back to the API.",
        "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2",
        "Function call is missing a thought_signature in functionCall parts.",
        "Thinking may not be enabled when tool_choice forces tool use.",
        "messages.1: role 'system' is not supported on this model",
    ],
)
def test_thinking_in_the_history_that_is_not_accepted_is_left_out_once(sentence: str) -> None:
    assert refused(said(sentence), ANTHROPIC) == Correction(drops_thinking=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "messages.0.content.1.cache_control.ttl: Extra inputs are not permitted",
        "tools.3.custom.defer_loading: Extra inputs are not permitted",
        "system.0.cache_control.scope: Extra inputs are not permitted",
        "Extra inputs are not permitted, field: 'messages[0].cache_control'",
        "Invalid JSON payload received. Unknown name \"x\" at 'contents[0].parts[0]': Cannot find field.",
        "Unknown parameter: 'input[2].content[0].cache_control'.",
        "messages: at least one message is required",
        "Your credit balance is too low to access the API.",
        "image exceeds 5 MB maximum",
        "",
    ],
)
@pytest.mark.parametrize("spoken", [ANTHROPIC, CHAT, RESPONSES, GEMINI])
def test_complaints_about_the_clients_own_words_teach_nothing(sentence: str, spoken: Format) -> None:
    assert refused(said(sentence), spoken) is None


@pytest.mark.parametrize("kind", [FailureKind.RATE_LIMIT, FailureKind.SERVER, FailureKind.CONTEXT_OVERFLOW])
def test_only_a_refused_request_teaches(kind: FailureKind) -> None:
    assert refused(said("Unknown parameter: 'store'.", kind), CHAT) is None


@given(st.text(max_size=300), st.sampled_from(list(Format)))
def test_no_sentence_ever_takes_the_clients_words_away(sentence: str, spoken: Format) -> None:
    for text in (sentence, f"Unknown parameter: {sentence}", f"{sentence}: Extra inputs are not permitted"):
        correction = refused(said(text), spoken)
        kept = {"model", "messages", "system", "tools", "input", "contents", "tool_choice", "stream"}
        assert correction is None or not correction.refuses & kept
