"""What a history leaves behind when it moves to another provider, and what it keeps."""

import msgspec
from hypothesis import given

from proxy.wire.canonical import (
    Block,
    Conversation,
    Message,
    RedactedThinking,
    Role,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from proxy.wire.format import Format
from proxy.wire.history import fitted
from proxy.wire.target import IdRule, Loss, Target
from tests.proxy.wire.normal import Everything
from tests.proxy.wire.strategies import conversations

IDS = IdRule()


def history(*content: Block, results: tuple[Block, ...] = ()) -> Conversation:
    messages = [Message(Role.USER, (Text("go"),)), Message(Role.ASSISTANT, content)]
    if results:
        messages.append(Message(Role.USER, results))
    return Conversation(format=Format.ANTHROPIC, messages=tuple(messages))


def fit(conversation: Conversation, target: Target) -> tuple[tuple[Block, ...], frozenset[Loss]]:
    fit_, lost = fitted(conversation, target, IDS)
    return fit_.messages[1].content, lost


@given(conversations())
def test_nothing_changes_for_the_provider_that_issued_it_all(conversation: Conversation) -> None:
    conversation = msgspec.structs.replace(conversation)
    fit_, lost = fitted(conversation, Target(model="m", issued=Everything()), IDS)
    assert fit_ == conversation
    assert not lost


def test_thinking_of_another_provider_stays_behind_and_the_call_goes_on() -> None:
    call, result = ToolCall("a", "Read", "{}"), ToolResult("a", (Text("x"),))
    conversation = history(
        Thinking("hm", "foreign"), RedactedThinking("foreign too"), call, results=(result,)
    )
    assert fit(conversation, Target(model="m")) == ((call,), frozenset({Loss.THINKING}))


def test_thinking_that_the_target_signed_itself_is_kept_byte_for_byte() -> None:
    mine, foreign = Thinking("hm \n", "mine=="), Thinking("hm", "other==")
    content, lost = fit(history(foreign, mine, Text("ok")), Target(model="m", issued={"mine=="}))
    assert content == (mine, Text("ok"))
    assert lost == {Loss.THINKING}


def test_unsigned_thinking_is_the_writers_to_judge() -> None:
    content, lost = fit(history(Thinking("hm"), Text("ok")), Target(model="m"))
    assert content == (Thinking("hm"), Text("ok"))
    assert not lost


def test_a_call_signed_elsewhere_loses_its_signature_only() -> None:
    signed = ToolCall("a", "Read", "{}", signature="foreign")
    content, lost = fit(history(signed, results=(ToolResult("a"),)), Target(model="m"))
    assert content == (ToolCall("a", "Read", "{}"),)
    assert lost == {Loss.SIGNATURE}


def test_ids_that_do_not_fit_become_ones_that_do_the_same_for_call_and_result_every_time() -> None:
    odd = "functions.Read:0/" + "x" * 100
    conversation = history(ToolCall(odd, "Read", "{}"), results=(ToolResult(odd),))
    rule = IdRule(pattern=r"[a-zA-Z0-9]+", longest=9)
    first, _ = fitted(conversation, Target(model="m", id_rule=rule), IDS)
    again, _ = fitted(conversation, Target(model="m", id_rule=rule), IDS)
    (call,), (result,) = first.messages[1].content, first.messages[2].content
    assert isinstance(call, ToolCall)
    assert isinstance(result, ToolResult)
    assert call.id == result.call_id
    assert len(call.id) == 9
    assert call.id.isalnum()
    assert first == again


def test_the_billing_line_that_changes_with_every_request_goes_to_nobody_else() -> None:
    line = Text("x-anthropic-billing-header: cc_version=2; cch=abc12;")
    conversation = Conversation(format=Format.ANTHROPIC, system=(line, Text("You are helpful.")))
    kept, lost = fitted(conversation, Target(model="m"), IDS)
    assert kept.system == (Text("You are helpful."),)
    assert lost == {Loss.BILLING_HEADER}
    own, _ = fitted(conversation, Target(model="m", keeps_billing_header=True), IDS)
    assert own.system == conversation.system


def test_instructions_behind_the_billing_line_are_kept() -> None:
    flat = "x-anthropic-billing-header: cch=abc;\nYou are helpful."
    said = Message(Role.SYSTEM, (Text(flat),))
    conversation = Conversation(format=Format.OPENAI_CHAT, system=(Text(flat),), messages=(said,))
    kept, lost = fitted(conversation, Target(model="m"), IDS)
    assert kept.system == (Text("You are helpful."),)
    assert kept.messages == (Message(Role.SYSTEM, (Text("You are helpful."),)),)
    assert lost == {Loss.BILLING_HEADER}
