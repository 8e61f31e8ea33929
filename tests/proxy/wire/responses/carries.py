"""What the Responses format cannot carry, as code: what is left of a conversation, written and read.

It is told for a target that takes everything the format's own vendor does, and for conversations that
careful clients send: every call is answered by the message after it, names and ids are valid.
"""

from collections.abc import Iterable, Iterator

from msgspec import Raw
from msgspec.structs import replace

from proxy.wire.canonical import (
    AnyTool,
    Block,
    Choice,
    ChoiceMode,
    Conversation,
    Document,
    FileId,
    Image,
    Message,
    Opaque,
    OpaqueTool,
    Output,
    PlainText,
    Reasoning,
    RedactedThinking,
    Refusal,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolGroup,
    ToolResult,
    Url,
)
from proxy.wire.canonical.reasoning import BUDGETS
from proxy.wire.format import Format
from proxy.wire.responses.write_parts import UNREAD_DOCUMENT, UNSEEN_IMAGE

RESPONSES = Format.RESPONSES
OPENAI = (Format.OPENAI_CHAT, Format.RESPONSES)


def carried(conversation: Conversation) -> Conversation:
    """What is left of a conversation of any format."""
    x = conversation
    own = x.format is RESPONSES
    tools = tuple(_tools(x.tools, own))
    reasoning = _reasoning(x.reasoning, own)
    return Conversation(
        format=RESPONSES,
        model=x.model,
        # Instructions are one text.
        system=_instructions(x.system),
        messages=tuple(_messages(x.messages, own)),
        tools=tools,
        # Without tools there is nothing to choose.
        choice=_choice(x.choice, own) if tools or own else None,
        parallel_calls=x.parallel_calls if tools or own else None,
        # Limits of fewer than 16 tokens are refused.
        max_tokens=x.max_tokens if own or x.max_tokens is None else max(x.max_tokens, 16),
        temperature=x.temperature,
        top_p=x.top_p,
        # top_k, penalties, seed and stop sequences are unknown to it.
        reasoning=reasoning,
        # A schema must have a name.
        output=_output(x.output),
        verbosity=x.verbosity,
        stream=x.stream,
        # A long name of a user is another vendor's.
        user=x.user if own or len(x.user or "") <= 64 else None,
        # Metadata and service tiers mean something else elsewhere.
        metadata=x.metadata if x.format in OPENAI else None,
        service_tier=x.service_tier if x.format in OPENAI else None,
        cache_key=x.cache_key,
        # For clients of other formats nothing is stored, and thinking comes along, sealed.
        store=x.store if own else False,
        previous_id=x.previous_id if own else None,
        extra=x.extra if own else _include(x.reasoning),
    )


def _instructions(system: tuple[Block, ...]) -> tuple[Block, ...]:
    text = "\n\n".join(block.text for block in system if isinstance(block, Text))
    return (Text(text),) if text else ()


def _messages(messages: Iterable[Message], own: bool) -> Iterator[Message]:
    for message in messages:
        blocks = tuple(_blocks(message, own))
        # Results come first.
        results = tuple(block for block in blocks if isinstance(block, ToolResult))
        rest = tuple(block for block in blocks if not isinstance(block, ToolResult))
        # Names of speakers are unknown to it.
        if results:
            yield Message(Role.USER, results)
        if rest:
            yield Message(message.role, rest, extra=message.extra if own else None)


def _blocks(message: Message, own: bool) -> Iterator[Block]:
    for block in message.content:
        left = _block(block, message.role, own)
        if left is not None:
            # Members that only another format knows; cache marks.
            gone = {"cache": None} if own else {"cache": None, "extra": None}
            yield replace(left, **{name: None for name in gone if hasattr(left, name)})


def _block(block: Block, role: Role, own: bool) -> Block | None:
    match block:
        case Text(text):
            # Citations are each format's own, and only the assistant cites.
            ours = tuple(c for c in block.citations if c.format is RESPONSES and role is Role.ASSISTANT)
            return replace(block, citations=ours) if text else None
        case Image(source):
            # The assistant cannot be shown its own images, and nobody another provider's files.
            unseen = role is Role.ASSISTANT or (isinstance(source, FileId) and not own)
            return Text(UNSEEN_IMAGE) if unseen else replace(block, source=_plain(source))
        case Document(PlainText(text)):
            return Text(text)
        case Document(source, name):
            if role is Role.ASSISTANT or (isinstance(source, FileId) and not own):
                return Text(UNREAD_DOCUMENT)
            named = (
                (name or "document.pdf") if not isinstance(source, Url | FileId) else name if own else None
            )
            return replace(block, source=_plain(source), name=named, context=None, citable=None)
        case Thinking(signature=signature, id=id_):
            # Thinking that nobody sealed is of no use. Items of other formats have no id.
            return replace(block, id=id_ if own else None) if signature else None
        case RedactedThinking(data):
            return RedactedThinking(data)
        case Refusal(text):
            return block if role is Role.ASSISTANT else Text(text)
        case ToolCall(arguments=arguments):
            # Calls are not signed.
            return replace(
                block, arguments=arguments or "{}", signature=None, item_id=block.item_id if own else None
            )
        case ToolResult():
            inner = tuple(b for c in block.content if (b := _block(c, Role.USER, own)) is not None)
            # There is no flag for errors, so the text says it.
            return replace(block, content=_as_error(inner) if block.is_error else inner, is_error=False)
        case Opaque(format_):
            return block if format_ is RESPONSES else None


def _plain(source: object) -> object:
    return Url(source.url) if isinstance(source, Url) else source


def _as_error(content: tuple[Block, ...]) -> tuple[Block, ...]:
    for place, block in enumerate(content):
        if isinstance(block, Text):
            if block.text.lower().startswith("error"):
                return content
            told = replace(block, text=f"Error: {block.text}")
            return (*content[:place], told, *content[place + 1 :])
    return (Text("Error:"), *content)


def _tools(tools: Iterable[AnyTool], own: bool) -> Iterator[AnyTool]:
    for tool in tools:
        match tool:
            case Tool():
                yield _tool(tool, own)
            case ToolGroup():
                inner = tuple(_tool(one, own) for one in tool.tools)
                yield replace(tool, tools=inner, extra=tool.extra if own else None)
            case OpaqueTool(format_) if format_ is RESPONSES:
                yield tool


def _tool(tool: Tool, own: bool) -> Tool:
    tool = replace(tool, cache=None, extra=tool.extra if own else None)
    if own or tool.custom:
        return tool
    # A schema is demanded; strictness is the rule here and the exception elsewhere.
    return replace(
        tool, schema=tool.schema or Raw(b'{"type":"object","properties":{}}'), strict=bool(tool.strict)
    )


def _choice(choice: Choice | None, own: bool) -> Choice | None:
    if choice is None or (choice.mode is ChoiceMode.OPAQUE and not own):
        return None
    return choice


def _reasoning(reasoning: Reasoning | None, own: bool) -> Reasoning | None:
    """How much, in words: thinking is on unless the effort is none, and budgets are efforts."""
    if reasoning is None:
        return None
    extra = reasoning.extra if own else None
    if reasoning.enabled is False or reasoning.effort == "none":
        return Reasoning(enabled=False, summary=reasoning.summary, extra=extra)
    effort = reasoning.effort
    if effort is None and reasoning.budget is not None:
        effort = next((word for word, most in BUDGETS.items() if reasoning.budget <= most), "max")
    left = Reasoning(effort=effort, summary=reasoning.summary, extra=extra)
    return left if left != Reasoning() else None


def _include(reasoning: Reasoning | None) -> dict[str, Raw] | None:
    wanted = reasoning is not None and reasoning.enabled is not False and reasoning.effort != "none"
    return {"include": Raw(b'["reasoning.encrypted_content"]')} if wanted else None


def _output(output: Output | None) -> Output | None:
    if output is None or output.schema is None:
        return output
    return replace(output, name=output.name or "answer")
