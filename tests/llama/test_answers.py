"""What the tiny model says to what; other tests rely on each line of this."""

import json
from typing import Any

import pytest

from tests.llama.asking import PING, WEATHER, chat, get, post, user
from tests.llama.fixtures import llama
from tests.llama.server import LlamaServer

__all__ = ["llama"]

GREETING = "Hello from the tiny local model."


async def _choice(llama: LlamaServer, said: str, **parameters: Any) -> dict[str, Any]:
    told = await chat(llama, said, **parameters)
    assert told.status == 200, told.body
    choice: dict[str, Any] = told.json["choices"][0]
    return choice


def _calls(choice: dict[str, Any]) -> list[tuple[str, Any]]:
    functions = [call["function"] for call in choice["message"]["tool_calls"]]
    return [(function["name"], json.loads(function["arguments"])) for function in functions]


async def test_it_greets(llama: LlamaServer) -> None:
    choice = await _choice(llama, "Hi there")
    assert choice["message"]["content"] == GREETING
    assert choice["finish_reason"] == "stop"


async def test_it_thinks_when_told_to(llama: LlamaServer) -> None:
    message = (await _choice(llama, "[think] Hi"))["message"]
    assert message["reasoning_content"] == "Let me see this."
    assert message["content"] == GREETING


async def test_it_goes_on_until_the_limit(llama: LlamaServer) -> None:
    choice = await _choice(llama, "[loop]", max_tokens=4)
    assert choice["message"]["content"] == "tick tock tick tock"
    assert choice["finish_reason"] == "length"


async def test_it_goes_on_until_the_stop_sequence(llama: LlamaServer) -> None:
    choice = await _choice(llama, "[loop]", max_tokens=100, stop=["tock tick"])
    assert choice["message"]["content"] == "tick "
    assert choice["finish_reason"] == "stop"


async def test_it_calls_a_tool_with_the_simplest_arguments(llama: LlamaServer) -> None:
    for choice_of_tool in ("auto", "required"):
        choice = await _choice(llama, "And now?", tools=[WEATHER], tool_choice=choice_of_tool, max_tokens=200)
        assert _calls(choice) == [("weather", {"city": "", "days": 1})]
        assert choice["finish_reason"] == "tool_calls"


async def test_of_several_tools_it_calls_the_first_by_name(llama: LlamaServer) -> None:
    choice = await _choice(llama, "And now?", tools=[WEATHER, PING], max_tokens=200)
    assert _calls(choice) == [("ping", {})]


async def test_it_calls_two_at_once_when_told_to(llama: LlamaServer) -> None:
    for choice_of_tool in ("auto", "required"):
        choice = await _choice(
            llama,
            "[twice]",
            tools=[WEATHER, PING],
            tool_choice=choice_of_tool,
            parallel_tool_calls=True,
            max_tokens=200,
        )
        assert _calls(choice) == [("ping", {}), ("ping", {})]


async def test_a_tool_result_ends_the_turn(llama: LlamaServer) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "ping", "arguments": "{}"}}
    messages = [
        *user("And now?"),
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "pong"},
    ]
    told = await post(llama, "/v1/chat/completions", {"messages": messages, "tools": [PING]})
    assert told.json["choices"][0]["message"]["content"] == "Done: the tool answered."


async def test_it_writes_a_call_as_text_when_told_to(llama: LlamaServer) -> None:
    choice = await _choice(llama, "[leak]", tools=[PING])
    leaked = '<function_call>{"name": "ping", "arguments": {}}</function_call>'
    assert choice["message"] == {"role": "assistant", "content": f"I will call: {leaked}"}


async def test_it_says_how_sure_it_is(llama: LlamaServer) -> None:
    choice = await _choice(llama, "[unsure]", temperature=0, logprobs=True, top_logprobs=4)
    assert choice["message"]["content"] == "Maybe yes"
    first = choice["logprobs"]["content"][0]
    assert [other["token"] for other in first["top_logprobs"]] == ["Maybe", "Perhaps", "Possibly", "Probably"]
    assert [other["logprob"] for other in first["top_logprobs"]] == pytest.approx(
        [-1.05, -1.3, -1.55, -1.8], abs=0.001
    )


async def test_it_is_sure_of_its_greeting(llama: LlamaServer) -> None:
    choice = await _choice(llama, "Hi", logprobs=True)
    words = choice["logprobs"]["content"][:6]
    assert [word["logprob"] for word in words] == pytest.approx([0.0] * 6, abs=0.001)


async def test_it_answers_in_the_form_of_a_schema(llama: LlamaServer) -> None:
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "list": {"type": "array", "items": {"type": "string"}}},
        "required": ["n", "list"],
    }
    form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    choice = await _choice(llama, "Hi", response_format=form, max_tokens=100)
    assert json.loads(choice["message"]["content"]) == {"n": 1, "list": []}


async def test_it_says_the_same_every_time_at_the_usual_temperature(llama: LlamaServer) -> None:
    close = [
        {"type": "function", "function": {"name": name, "parameters": WEATHER["function"]["parameters"]}}  # type: ignore[index] # it is a plain table
        for name in ("look_b", "look_a", "look_c")
    ]
    told = [await _choice(llama, "And now?", tools=close, max_tokens=200) for _ in range(10)]
    assert {name for choice in told for name, _ in _calls(choice)} == {"look_a"}
    assert [_calls(choice)[0][1] for choice in told] == [{"city": "", "days": 1}] * 10


async def test_a_prompt_that_is_too_long_is_refused_with_the_numbers(llama: LlamaServer) -> None:
    told = await chat(llama, "x" * 9000)
    error = told.json["error"]
    assert told.status == 400
    assert error["type"] == "exceed_context_size_error"
    assert error["n_prompt_tokens"] > 9000
    assert error["n_ctx"] == 8192


async def test_it_tells_its_health_and_its_limits(llama: LlamaServer) -> None:
    assert (await get(llama, "/health")).json == {"status": "ok"}
    props = (await get(llama, "/props")).json
    assert props["total_slots"] == 2
    assert props["default_generation_settings"]["n_ctx"] == 8192
    assert props["chat_template_caps"]["supports_tool_calls"] is True
