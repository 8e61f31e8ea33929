"""The settings of a request: limits, randomness, thinking, form, and who asks."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    Choice,
    ChoiceMode,
    Output,
    OutputKind,
    Reasoning,
)
from proxy.wire.target import Loss
from tests.proxy.wire.bedrock.asking import (
    CLAUDE,
    LLAMA,
    LOOK,
    NOVA_2,
    UNKNOWN,
    asked,
)

THINKING = "additionalModelRequestFields"


def test_what_converse_names_stands_in_its_place() -> None:
    request = asked(max_tokens=100, temperature=0.5, stop=("END",), model=LLAMA)
    assert request.body["inferenceConfig"] == {"maxTokens": 100, "temperature": 0.5, "stopSequences": ["END"]}
    assert request.lost == set()


@pytest.mark.parametrize(
    ("said", "target", "written", "lost"),
    [
        ({"max_tokens": 100}, {"max_output": 50}, {"maxTokens": 50}, {Loss.MAX_TOKENS}),
        ({}, {"max_output": 50}, None, set()),
        ({"temperature": 1.5}, {}, {"temperature": 1.0}, {Loss.TEMPERATURE}),
        ({"temperature": 0.0, "top_p": 0.5}, {}, {"temperature": 0.0, "topP": 0.5}, set()),
        ({"stop": (" \n", "END")}, {}, {"stopSequences": ["END"]}, {Loss.STOP}),
        ({"stop": ("\n",)}, {}, None, {Loss.STOP}),
        (
            {"temperature": 0.5},
            {"refuses": frozenset(["inferenceConfig.temperature"])},
            None,
            {Loss.TEMPERATURE},
        ),
        (
            {"temperature": 0.5, "top_p": 0.5},
            {"refuses": frozenset(["inferenceConfig.topP"])},
            {"temperature": 0.5},
            {Loss.TOP_P},
        ),
    ],
    ids=["capped", "no wish", "too hot", "both", "blank stop", "only blank stops", "refused", "one refused"],
)
def test_limits_of_the_settings(
    said: dict[str, Any], target: dict[str, Any], written: dict[str, Any] | None, lost: set[Loss]
) -> None:
    request = asked(model=LLAMA, target=target, **said)
    assert request.body.get("inferenceConfig") == written
    assert request.lost == lost


@pytest.mark.parametrize(
    ("model", "written"),
    [
        (CLAUDE, {"top_k": 40}),
        (NOVA_2, {"inferenceConfig": {"topK": 40}}),
        (LLAMA, None),
        (UNKNOWN, None),
    ],
)
def test_top_k_goes_beside_where_it_is_known_how(model: str, written: Any) -> None:
    request = asked(top_k=40, model=model)
    assert request.body.get(THINKING) == written
    assert request.lost == (set() if written else {Loss.TOP_K})


def test_claude_is_asked_which_stop_sequence_it_came_upon() -> None:
    assert asked(stop=("END",)).body["additionalModelResponseFieldPaths"] == ["/stop_sequence"]
    assert "additionalModelResponseFieldPaths" not in asked(stop=("END",), model=LLAMA).body
    assert "additionalModelResponseFieldPaths" not in asked().body


def test_a_schema_stands_as_text() -> None:
    output = Output(
        OutputKind.SCHEMA,
        schema=Raw(b'{"type":"object","properties":{"x":{"type":"object"}}}'),
        name="answer",
        description="The answer.",
        strict=True,
    )
    form = asked(output=output).body["outputConfig"]["textFormat"]
    assert form["type"] == "json_schema"
    schema = form["structure"]["jsonSchema"]
    assert (schema["name"], schema["description"]) == ("answer", "The answer.")
    assert json.loads(schema["schema"]) == {
        "type": "object",
        "properties": {"x": {"type": "object", "additionalProperties": False}},
        "additionalProperties": False,
    }


def test_json_of_any_shape_cannot_be_asked_for() -> None:
    request = asked(output=Output(OutputKind.JSON))
    assert "outputConfig" not in request.body
    assert request.lost == {Loss.OUTPUT}


def test_a_schema_that_is_no_utf_8_is_written_nonetheless() -> None:
    output = Output(OutputKind.SCHEMA, schema=Raw(b'{"title":"\xff"}'))
    schema = asked(output=output).body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"]
    assert schema == '{"title":"\ufffd"}'


@pytest.mark.parametrize(
    ("metadata", "user", "written", "lost"),
    [
        (b'{"user_id":"u_1","team":"a b"}', "u_1", {"user_id": "u_1", "team": "a b"}, set()),
        (b'{"user_id":"u_1"}', "someone", {"user_id": "u_1"}, {Loss.USER}),
        (b'{"user_id":"{\\"quoted\\"}"}', None, None, {Loss.METADATA}),
        (b'{"depth":{"x":1}}', None, None, {Loss.METADATA}),
        (b'{"":"x"}', None, None, {Loss.METADATA}),
        (json.dumps({str(n): "x" for n in range(17)}).encode(), None, None, {Loss.METADATA}),
        (b"{}", None, None, {Loss.METADATA}),
        (None, "someone", None, {Loss.USER}),
    ],
)
def test_metadata_is_a_few_harmless_words(
    metadata: bytes | None, user: str | None, written: Any, lost: set[Loss]
) -> None:
    request = asked(metadata=Raw(metadata) if metadata is not None else None, user=user)
    assert request.body.get("requestMetadata") == written
    assert request.lost == lost


@pytest.mark.parametrize(
    ("tier", "written", "lost"),
    [
        ("priority", {"type": "priority"}, set()),
        ("flex", {"type": "flex"}, set()),
        ("default", {"type": "default"}, set()),
        ("standard_only", {"type": "default"}, set()),
        ("auto", None, set()),
        ("scale", None, {Loss.SERVICE_TIER}),
    ],
)
def test_service_tiers(tier: str, written: Any, lost: set[Loss]) -> None:
    request = asked(service_tier=tier)
    assert request.body.get("serviceTier") == written
    assert request.lost == lost


@pytest.mark.parametrize(
    ("said", "loss"),
    [
        ({"frequency_penalty": 0.5}, Loss.PENALTIES),
        ({"presence_penalty": 0.5}, Loss.PENALTIES),
        ({"seed": 7}, Loss.SEED),
        ({"verbosity": "low"}, Loss.VERBOSITY),
        ({"cache_key": "s"}, Loss.CACHE_KEY),
        ({"previous_id": "r"}, Loss.PREVIOUS_ID),
        ({"store": True}, Loss.STORE),
    ],
)
def test_what_converse_has_no_word_for_is_told_as_lost(said: dict[str, Any], loss: Loss) -> None:
    request = asked(**said)
    assert request.body.keys() == {"messages"}
    assert request.lost == {loss}


def test_what_a_target_refuses_is_taken_out_and_told() -> None:
    refuses = frozenset(
        ["serviceTier", "additionalModelRequestFields.thinking", "toolConfig.toolChoice", "other"]
    )
    request = asked(
        service_tier="flex",
        reasoning=Reasoning(enabled=False),
        tools=(LOOK,),
        choice=Choice(ChoiceMode.AUTO),
        target={"refuses": refuses},
    )
    assert request.body.keys() == {"messages", "toolConfig"}
    assert request.body["toolConfig"].keys() == {"tools"}
    assert request.lost == {Loss.SERVICE_TIER, Loss.REASONING, Loss.TOOL_CHOICE}
