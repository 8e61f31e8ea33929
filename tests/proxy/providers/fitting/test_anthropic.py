"""Requests of Anthropic's format, fitted to another model than the one they were shaped for."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.providers.facts import facts
from proxy.providers.fitting import fit, has_system_turns
from proxy.wire.format import Format
from proxy.wire.splice import Body
from tests.proxy.providers.fitting.fitted import Fitted, fitted

OPUS_TURN: dict[str, Any] = {
    "max_tokens": 64_000,
    "system": [
        {"type": "text", "text": "x-anthropic-billing-header: cch=1"},
        {"type": "text", "text": "Be."},
    ],
    "messages": [{"role": "user", "content": "hello"}],
    "tools": [{"name": "Bash", "input_schema": {"type": "object", "properties": {}}}],
    "thinking": {"type": "adaptive"},
    "output_config": {"effort": "high"},
    "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
    "metadata": {"user_id": '{"session_id":"s"}'},
    "stream": True,
}
"""The members that Claude Code's main turn has."""


def anthropic(body: dict[str, Any], model: str, kind: str = "anthropic", **more: Any) -> Fitted:
    return fitted(Format.ANTHROPIC, body, kind, model, **more)


@pytest.mark.parametrize("model", ["claude-opus-4-8", "claude-opus-4-7", "claude-opus-5", "claude-fable-5"])
def test_a_turn_that_was_shaped_for_its_model_comes_out_as_it_came(model: str) -> None:
    found = anthropic(OPUS_TURN, model)

    assert (found.fit.edits, found.reasons) == ((), ())


def test_a_turn_for_opus_becomes_acceptable_to_haiku() -> None:
    found = anthropic(OPUS_TURN, "claude-haiku-4-5")

    assert found.changed == {
        "thinking": {"type": "enabled", "budget_tokens": 20_480},
        "output_config": None,
    }
    assert found.reasons == (
        (
            "thinking: adaptive became a budget of 20480 tokens, because claude-haiku-4-5 takes no adaptive "
            "thinking"
        ),
        "output_config.effort: removed, because claude-haiku-4-5 does not take it",
    )


def test_only_the_model_is_named_anew_where_nothing_else_is_in_the_way() -> None:
    data = b'{ "model" : "auto", "max_tokens": 5, "messages":[] }'

    found = fit(
        Body(data),
        format=Format.ANTHROPIC,
        model="claude-opus-4-8",
        facts=facts("anthropic", "claude-opus-4-8"),
        params={},
        stream=True,
    )

    assert Body(data).spliced(found.edits) == (
        b'{ "model" : "claude-opus-4-8", "max_tokens": 5, "messages":[] }'
    )
    assert found.reasons == ("model: claude-opus-4-8",)


def test_where_the_address_names_the_model_the_body_is_not_made_to() -> None:
    assert anthropic({"messages": []}, "claude-opus-4-8", names_model=False).fit.edits == ()


def test_the_form_of_the_answer_stays_when_the_effort_goes() -> None:
    config = {"effort": "low", "format": {"type": "json_schema", "schema": {"type": "object"}}}

    found = anthropic({"output_config": config, "max_tokens": 100}, "claude-haiku-4-5")

    assert found.changed == {"output_config": {"format": config["format"]}}


@pytest.mark.parametrize(
    ("model", "thinking", "more", "expected"),
    [
        ("claude-haiku-4-5", {"type": "adaptive"}, {}, {"type": "enabled", "budget_tokens": 20_480}),
        (
            "claude-haiku-4-5",
            {"type": "adaptive"},
            {"output_config": {"effort": "low"}},
            {"type": "enabled", "budget_tokens": 4096},
        ),
        (
            "claude-haiku-4-5",
            {"type": "adaptive"},
            {"output_config": {"effort": "max"}, "max_tokens": 20_000},
            {"type": "enabled", "budget_tokens": 10_000},
        ),
        (
            "claude-haiku-4-5",
            {"type": "adaptive", "display": "summarized"},
            {},
            {"type": "enabled", "budget_tokens": 20_480, "display": "summarized"},
        ),
        ("claude-haiku-4-5", {"type": "adaptive"}, {"max_tokens": 1500}, None),
        ("claude-haiku-4-5", {"type": "adaptive"}, {"tool_choice": {"type": "any"}}, None),
        ("claude-haiku-4-5", {"type": "adaptive"}, {"tool_choice": {"type": "tool", "name": "x"}}, None),
        (
            "claude-haiku-4-5",
            {"type": "adaptive"},
            {"tool_choice": {"type": "auto"}},
            {"type": "enabled", "budget_tokens": 20_480},
        ),
        ("claude-haiku-4-5", {"type": "disabled"}, {}, {"type": "disabled"}),
        (
            "claude-haiku-4-5",
            {"type": "enabled", "budget_tokens": 31_999},
            {"max_tokens": 32_000},
            {"type": "enabled", "budget_tokens": 31_999},
        ),
        (
            "claude-opus-4-1",
            {"type": "enabled", "budget_tokens": 40_000},
            {},
            {"type": "enabled", "budget_tokens": 16_000},
        ),
        ("claude-opus-4-8", {"type": "enabled", "budget_tokens": 9000}, {}, {"type": "adaptive"}),
        (
            "claude-opus-4-8",
            {"type": "enabled", "budget_tokens": 9000, "display": "omitted"},
            {},
            {"type": "adaptive", "display": "omitted"},
        ),
        (
            "claude-opus-4-6",
            {"type": "enabled", "budget_tokens": 9000},
            {},
            {"type": "enabled", "budget_tokens": 9000},
        ),
        ("claude-opus-4-8", {"type": "disabled"}, {}, {"type": "disabled"}),
        ("claude-fable-5", {"type": "disabled"}, {}, None),
        ("claude-3-5-haiku-20241022", {"type": "adaptive"}, {"max_tokens": 100}, None),
        ("claude-novella-7", {"type": "adaptive"}, {}, {"type": "adaptive"}),
        ("claude-haiku-4-5", "nonsense", {}, "nonsense"),
    ],
)
def test_thinking_is_asked_for_in_the_way_of_the_model(
    model: str, thinking: Any, more: dict[str, Any], expected: Any
) -> None:
    found = anthropic({"max_tokens": 64_000, "thinking": thinking, **more}, model)

    assert found.after.get("thinking") == expected


def test_a_budget_above_the_answers_limit_is_the_clients_own_where_nothing_was_changed() -> None:
    """With thinking between calls, Anthropic allows it."""
    body = {"max_tokens": 8000, "thinking": {"type": "enabled", "budget_tokens": 16_000}}

    assert anthropic(body, "claude-sonnet-4-5").fit.edits == ()


@pytest.mark.parametrize(
    ("model", "limit", "expected"),
    [
        ("claude-haiku-4-5", 64_000, 64_000),
        ("claude-haiku-4-5", 128_000, 64_000),
        ("claude-opus-4-1", 64_000, 32_000),
        ("claude-3-5-haiku-20241022", 64_000, 8192),
        ("claude-novella-7", 500_000, 500_000),
    ],
)
def test_the_answer_is_not_longer_than_the_model_writes(model: str, limit: int, expected: int) -> None:
    assert anthropic({"max_tokens": limit}, model).after["max_tokens"] == expected


@pytest.mark.parametrize(
    ("model", "sampling", "kept"),
    [
        ("claude-opus-4-8", {"temperature": 0.2, "top_p": 0.9, "top_k": 4}, {}),
        ("claude-opus-4-8", {"temperature": 1}, {"temperature": 1}),
        ("claude-haiku-4-5", {"temperature": 0.2, "top_k": 4}, {"temperature": 0.2, "top_k": 4}),
    ],
)
def test_chance_is_left_to_models_that_want_nothing_said_of_it(
    model: str, sampling: dict[str, Any], kept: dict[str, Any]
) -> None:
    after = anthropic({"max_tokens": 100, **sampling}, model).after

    assert {name: after[name] for name in sampling if name in after} == kept


def test_beside_thinking_nothing_is_said_of_chance_that_does_not_go_with_it() -> None:
    body = {**OPUS_TURN, "temperature": 0.2, "top_p": 0.5, "top_k": 4}

    after = anthropic(body, "claude-haiku-4-5").after

    assert not {"temperature", "top_p", "top_k"} & after.keys()


@pytest.mark.parametrize(
    ("effort", "model", "expected"),
    [
        ("xhigh", "claude-opus-4-8", "xhigh"),
        ("xhigh", "claude-opus-4-6", "high"),
        ("max", "claude-opus-4-5", "high"),
        ("low", "claude-opus-4-5", "low"),
        ("whatever", "claude-opus-4-5", "whatever"),
    ],
)
def test_an_effort_that_is_not_known_becomes_the_nearest(effort: str, model: str, expected: str) -> None:
    after = anthropic({"max_tokens": 100, "output_config": {"effort": effort}}, model).after

    assert after["output_config"] == {"effort": expected}


def test_edits_of_the_context_that_speak_of_thinking_go_with_it() -> None:
    tools = {"type": "clear_tool_uses_20250919"}
    edits = [{"type": "clear_thinking_20251015"}, tools]
    body = {**OPUS_TURN, "max_tokens": 1500, "context_management": {"edits": edits}}

    assert anthropic(body, "claude-haiku-4-5").after["context_management"] == {"edits": [tools]}


def test_edits_of_the_context_that_speak_of_nothing_else_are_gone_altogether() -> None:
    assert "context_management" not in anthropic({**OPUS_TURN, "max_tokens": 1500}, "claude-haiku-4-5").after


def test_clouds_are_not_told_what_only_anthropic_understands() -> None:
    body = {"max_tokens": 100, "service_tier": "auto", "metadata": {"user_id": "u"}}

    found = anthropic(body, "us.anthropic.claude-haiku-4-5-20251001-v1:0", "bedrock")

    assert found.changed == {"service_tier": None}


@pytest.mark.parametrize(
    ("params", "body", "changed"),
    [
        ({"max_tokens": 8000}, {}, {"max_tokens": 8000}),
        ({"max_tokens": 100}, {}, {}),
        ({"temperature": 0.5}, {}, {"temperature": 0.5}),
        ({"thinking": True}, {}, {"thinking": {"type": "adaptive"}}),
        ({"thinking": False}, {"thinking": {"type": "adaptive"}}, {"thinking": {"type": "disabled"}}),
        ({"thinking": False}, {}, {}),
        (
            {"thinking": 9000, "max_tokens": 20_000},
            {},
            {"thinking": {"type": "enabled", "budget_tokens": 9000}, "max_tokens": 20_000},
        ),
        ({"effort": "low"}, {}, {"output_config": {"effort": "low"}}),
        ({"inference_geo": "eu"}, {}, {"inference_geo": "eu"}),
        ({"messages": [], "model": "x", "stream": False, "system": ""}, {}, {}),
        ({"num_ctx": 4096}, {}, {}),
    ],
)
def test_params_are_set_in_the_words_of_the_format(
    params: dict[str, Any], body: dict[str, Any], changed: dict[str, Any]
) -> None:
    found = anthropic(
        {"max_tokens": 100, "messages": [{"role": "user"}], **body}, "claude-opus-4-6", params=params
    )

    assert found.changed == changed
    assert bool(found.reasons) == bool(changed)


def test_an_effort_for_a_model_that_thinks_by_budget_is_its_budget() -> None:
    shaped = {"max_tokens": 32_000, "thinking": {"type": "enabled", "budget_tokens": 31_999}}

    found = anthropic(shaped, "claude-haiku-4-5", params={"effort": "low"})

    assert found.changed == {"thinking": {"type": "enabled", "budget_tokens": 4096}}


def test_an_effort_wakes_nobody_who_was_told_to_rest() -> None:
    found = anthropic({"max_tokens": 100}, "claude-haiku-4-5", params={"effort": "low"})

    assert (found.fit.edits, found.reasons) == ((), ())


@pytest.mark.parametrize(
    ("learned", "changed"),
    [
        ({"thinking.adaptive"}, {"thinking": {"type": "enabled", "budget_tokens": 20_480}}),
        (
            {"thinking"},
            {"thinking": None, "context_management": None},
        ),
        ({"output_config.effort"}, {"output_config": None}),
        ({"context_management", "metadata"}, {"context_management": None, "metadata": None}),
        ({"messages", "system", "tools", "model"}, {}),
    ],
)
def test_what_the_service_refused_before_is_not_sent_again(
    learned: set[str], changed: dict[str, Any]
) -> None:
    assert anthropic(OPUS_TURN, "claude-novella-7", learned=learned).changed == changed


@pytest.mark.parametrize(
    ("messages", "has"),
    [
        ([{"role": "user", "content": "a"}, {"role": "system", "content": "b"}], True),
        ([{"role": "user", "content": '{"role":"system"}'}], False),
        ([{"role": "user", "content": "the system"}], False),
        ([], False),
    ],
)
def test_system_messages_among_the_others_are_seen(messages: list[Any], has: bool) -> None:
    assert has_system_turns(Body(msgspec.json.encode({"system": "x", "messages": messages}))) is has


def test_a_body_without_messages_has_no_system_messages() -> None:
    assert not has_system_turns(Body(b"{}"))


MODELS = ["claude-haiku-4-5", "claude-opus-4-1", "claude-opus-4-6", "claude-opus-4-8", "claude-fable-5"]
MODELS += ["claude-3-5-haiku", "unknown"]
BODIES = st.fixed_dictionaries(
    {"max_tokens": st.integers(1, 200_000)},
    optional={
        "thinking": st.sampled_from([{"type": "adaptive"}, {"type": "disabled"}, None, 5])
        | st.integers(1024, 100_000).map(lambda budget: {"type": "enabled", "budget_tokens": budget}),
        "output_config": st.sampled_from([{}, {"effort": "low"}, {"effort": "max", "format": {}}, None]),
        "temperature": st.sampled_from([0, 0.5, 1, 1.0, None]),
        "tool_choice": st.sampled_from([{"type": "auto"}, {"type": "any"}]),
        "context_management": st.sampled_from([{}, {"edits": [{"type": "clear_thinking_20251015"}]}, None]),
        "messages": st.just([{"role": "user", "content": "hi"}]),
        "tools": st.just([]),
    },
)


@given(body=BODIES, model=st.sampled_from(MODELS), effort=st.sampled_from([None, "low", "max"]))
def test_a_fitted_request_fits_and_keeps_the_clients_words(
    body: dict[str, Any], model: str, effort: str | None
) -> None:
    params = {} if effort is None else {"effort": effort}
    found = anthropic(body, model, params=params)

    again = anthropic({name: value for name, value in found.after.items() if name != "model"}, model)
    assert again.fit.edits == ()
    assert [found.after.get(name) for name in ("messages", "tools", "tool_choice")] == [
        body.get(name) for name in ("messages", "tools", "tool_choice")
    ]
    assert bool(found.reasons) == bool(found.fit.edits)
