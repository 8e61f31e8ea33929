"""Every dialect's calls, as the models write them."""

import json
from typing import Any

import pytest

from proxy.wire.canonical import StopReason
from proxy.wire.text_calls import Rescue
from proxy.wire.text_calls.dialects.deepseek import token
from tests.proxy.wire.text_calls.telling import answer, plain

BAR = "\uff5c"

MINIMAX = """<minimax:tool_call>
<invoke name="look">
<parameter name="path">a b</parameter>
<parameter name="depth">3</parameter>
</invoke>
<invoke name="look_up">
</invoke>
</minimax:tool_call>"""
INVOKE = '<invoke name="look"><parameter name="path">a b</parameter></invoke>'
GROUPED = f"<function_calls>\n{INVOKE}\n</function_calls>"
GLM = """<tool_call>look
<arg_key>path</arg_key>
<arg_value>a b</arg_value>
<arg_key>depth</arg_key>
<arg_value>3</arg_value>
</tool_call>"""
HERMES = '<tool_call>\n{"name": "look", "arguments": {"path": "a b", "depth": 3}}\n</tool_call>'
QWEN_CODER = """<tool_call>
<function=look>
<parameter=path>
a b
</parameter>
<parameter=depth>
3
</parameter>
</function>
</tool_call>"""
DEEPSEEK = (
    f'{token("tool_calls_begin")}{token("tool_call_begin")}look{token("tool_sep")}{{"path": "a b"}}'
    f"{token('tool_call_end')}{token('tool_call_begin')}look_up{token('tool_sep')}{{}}{token('tool_call_end')}"
    f"{token('tool_calls_end')}"
)
DEEPSEEK_3 = (
    f"{token('tool_calls_begin')}{token('tool_call_begin')}function{token('tool_sep')}look\n"
    f'```json\n{{"path": "a b"}}\n```{token("tool_call_end")}{token("tool_calls_end")}'
)
DEEPSEEK_MARKED = """<|DSML|function_calls>
<|DSML|invoke name="look">
<|DSML|parameter name="path" string="true">a b</|DSML|parameter>
</|DSML|invoke>
</|DSML|function_calls>""".replace("|", BAR)
MISTRAL = (
    '[TOOL_CALLS] [{"name": "look", "arguments": {"path": "a b"}}, {"name": "look_up", "arguments": {}}]'
)
MISTRAL_NEW = '[TOOL_CALLS]look[ARGS]{"path": "a b"}[TOOL_CALLS]look_up[ARGS]{}'
LLAMA = '<|python_tag|>{"name": "look", "parameters": {"path": "a b"}}<|eom_id|>'
HARMONY = '<|channel|>commentary to=functions.look <|constrain|>json<|message|>{"path": "a b"}<|call|>'
HARMONY_TWICE = f"{HARMONY}<|start|>assistant<|channel|>commentary to=functions.look_up<|message|>{{}}"
FUNCTION_CALL = '<function_call>{"name": "look", "arguments": {"path": "a b"}}</function_call>'

LOOK = ("look", {"path": "a b"})
LOOK_DEEP = ("look", {"path": "a b", "depth": 3})
LOOK_UP: tuple[str, dict[str, Any]] = ("look_up", {})

WRITTEN: dict[str, tuple[Rescue, str, list[Any]]] = {
    "minimax": (Rescue.INVOKE, MINIMAX, [LOOK_DEEP, LOOK_UP]),
    "invoke alone": (Rescue.INVOKE, INVOKE, [LOOK]),
    "invoke in a group": (Rescue.INVOKE, GROUPED, [LOOK]),
    "glm": (Rescue.GLM, GLM, [LOOK_DEEP]),
    "glm on one line": (Rescue.GLM, GLM.replace("\n", ""), [LOOK_DEEP]),
    "glm without arguments": (Rescue.GLM, "<tool_call>look_up\n</tool_call>", [LOOK_UP]),
    "hermes": (Rescue.HERMES, HERMES, [LOOK_DEEP]),
    "hermes twice": (Rescue.HERMES, f"{HERMES}\n{HERMES}", [LOOK_DEEP, LOOK_DEEP]),
    "hermes without arguments": (Rescue.HERMES, '<tool_call>{"name": "look_up"}</tool_call>', [LOOK_UP]),
    "hermes with arguments in a string": (
        Rescue.HERMES,
        '<tool_call>{"name": "look", "arguments": "{\\"path\\": \\"a b\\"}"}</tool_call>',
        [LOOK],
    ),
    "hermes with the openai wrapping": (
        Rescue.HERMES,
        '<tool_call>{"function": {"name": "look", "arguments": {"path": "a b"}}}</tool_call>',
        [LOOK],
    ),
    "qwen coder": (Rescue.QWEN_CODER, QWEN_CODER, [LOOK_DEEP]),
    "qwen coder without the outer tag": (
        Rescue.QWEN_CODER,
        QWEN_CODER.removeprefix("<tool_call>\n"),
        [LOOK_DEEP],
    ),
    "deepseek": (Rescue.DEEPSEEK, DEEPSEEK, [LOOK, LOOK_UP]),
    "deepseek 3": (Rescue.DEEPSEEK, DEEPSEEK_3, [LOOK]),
    "deepseek with marked tags": (Rescue.DEEPSEEK, DEEPSEEK_MARKED, [LOOK]),
    "mistral": (Rescue.MISTRAL, MISTRAL, [LOOK, LOOK_UP]),
    "newer mistral": (Rescue.MISTRAL, MISTRAL_NEW, [LOOK, LOOK_UP]),
    "llama": (Rescue.LLAMA, LLAMA, [LOOK]),
    "gpt-oss": (Rescue.HARMONY, HARMONY, [LOOK]),
    "gpt-oss twice": (Rescue.HARMONY, HARMONY_TWICE, [LOOK, LOOK_UP]),
    "function_call": (Rescue.FUNCTION_CALL, FUNCTION_CALL, [LOOK]),
}


def _calls(content: list[object]) -> list[Any]:
    return [(each[0], json.loads(each[1])) if isinstance(each, tuple) else each for each in content]


@pytest.mark.parametrize(("rescue", "text", "calls"), WRITTEN.values(), ids=WRITTEN)
def test_a_call_written_as_text_is_a_call(rescue: Rescue, text: str, calls: list[Any]) -> None:
    for looked_for in (rescue, Rescue.ALL):
        rescued = answer(text, rescue=looked_for)
        assert _calls(plain(rescued.content)) == calls
        assert rescued.stop.reason is StopReason.TOOL_USE


@pytest.mark.parametrize(("rescue", "text", "calls"), WRITTEN.values(), ids=WRITTEN)
def test_what_stands_around_a_call_stays(rescue: Rescue, text: str, calls: list[Any]) -> None:
    rescued = answer(f"I will look.\n{text}\nThat was it.", rescue=rescue)
    assert _calls(plain(rescued.content)) == ["I will look.\n", *calls, "That was it."]


@pytest.mark.parametrize(("rescue", "text", "calls"), WRITTEN.values(), ids=WRITTEN)
def test_a_dialect_that_is_not_looked_for_is_text(rescue: Rescue, text: str, calls: list[Any]) -> None:
    assert calls
    assert plain(answer(text, rescue=Rescue.ALL & ~rescue).content) == [text]


@pytest.mark.parametrize(("rescue", "text", "calls"), WRITTEN.values(), ids=WRITTEN)
def test_a_call_of_a_tool_that_was_not_offered_is_text(rescue: Rescue, text: str, calls: list[Any]) -> None:
    rescued = answer(text, offered=("other",), rescue=rescue)
    assert calls
    assert plain(rescued.content) == [text]
    assert rescued.stop.reason is StopReason.END_TURN


@pytest.mark.parametrize(("rescue", "text", "calls"), WRITTEN.values(), ids=WRITTEN)
def test_a_call_that_is_cut_off_is_the_text_it_was(rescue: Rescue, text: str, calls: list[Any]) -> None:
    for length in range(1, len(text), 3):
        rescued = plain(answer(text[:length], rescue=rescue).content)
        whole: list[object] = [each for each in rescued if isinstance(each, tuple)]
        assert _calls(whole) == calls[: len(whole)]
        if not whole:
            assert rescued == [text[:length]]
