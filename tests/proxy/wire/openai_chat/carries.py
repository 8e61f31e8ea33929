"""What the Chat Completions format, as its vendor speaks it, cannot carry. Everything else comes through."""

from collections.abc import Iterable

import msgspec
from msgspec import Raw

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
    OutputKind,
    PlainText,
    Reasoning,
    RedactedThinking,
    Refusal,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolRef,
    ToolResult,
    Url,
)
from proxy.wire.format import Format
from proxy.wire.history import fitted
from proxy.wire.names import NameRule, Naming
from proxy.wire.target import IdRule, Target
from tests.proxy.wire.normal import Everything

OWN = Format.OPENAI_CHAT
FREE_TEXT = Raw(b'{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}')
BUDGETS = {"minimal": 1024, "low": 4096, "medium": 10240, "high": 20480, "xhigh": 24576}


def carried(conversation: Conversation) -> Conversation:
    fit, _ = fitted(conversation, Target(model="any", issued=Everything()), IdRule())
    return _Carrying(fit).conversation()


class _Carrying:
    def __init__(self, conversation: Conversation) -> None:
        self.asked = conversation
        self.own = conversation.format is OWN
        self.related = self.own or conversation.format is Format.RESPONSES
        self.naming = Naming(conversation, NameRule())

    def conversation(self) -> Conversation:
        asked = self.asked
        tools = self.tools()
        # A user's name of another vendor's making may be longer than this one takes.
        user = asked.user if self.own or len(asked.user or "") <= 64 else None
        return msgspec.structs.replace(
            asked,
            format=OWN,
            system=self.texts(asked.system),
            messages=self.messages(),
            tools=tools,
            # Without tools there is nothing to choose from.
            choice=self.choice() if tools else None,
            parallel_calls=asked.parallel_calls if tools else None,
            # Only dialects have it, and their clients know.
            top_k=asked.top_k if self.own else None,
            # Four sequences at most.
            stop=asked.stop[:4],
            reasoning=self.reasoning(),
            output=self.output(),
            # We always ask for usage.
            usage_in_stream=True,
            user=user,
            # They mean something else, or nothing, to other vendors.
            metadata=asked.metadata if self.related else None,
            service_tier=asked.service_tier if self.related else None,
            store=asked.store if self.own else None,
            previous_id=None,
            extra=asked.extra if self.own else None,
        )

    def messages(self) -> tuple[Message, ...]:
        messages: list[Message] = []
        names: dict[str, str] = {}
        for message in self.asked.messages:
            if message.role is Role.ASSISTANT:
                calls = [block for block in message.content if isinstance(block, ToolCall)]
                names = {call.id: self.naming.sent(call.name, call.namespace) for call in calls}
            messages += self.message(message, names)
        return tuple(messages)

    def message(self, message: Message, names: dict[str, str]) -> list[Message]:
        # The developer is told from the system only where the target knows the role.
        role = Role.SYSTEM if message.role is Role.DEVELOPER else message.role
        results = [block for block in message.content if isinstance(block, ToolResult)]
        rest: list[Block] = [block for block in message.content if not isinstance(block, ToolResult)]
        extra = message.extra if self.own else None
        if role is Role.ASSISTANT:
            content = self.said(rest)
        else:
            shown = [more for result in results for more in self.shown(result, names)]
            content = self.texts([*shown, *rest])
        messages = [Message(Role.USER, tuple(self.result(result) for result in results))] if results else []
        # A message of which nothing could be carried is gone; one that said nothing stays.
        if content or (not results and all(isinstance(block, Text) for block in rest)):
            messages.append(Message(role, content, message.name, extra))
        return messages

    def said(self, blocks: list[Block]) -> tuple[Block, ...]:
        """Each kind has its place. Thinking has one in some dialects only."""
        others = (ToolCall, Refusal, Thinking, RedactedThinking)
        refusals = [block.text for block in blocks if isinstance(block, Refusal)]
        calls = [self.call(block) for block in blocks if isinstance(block, ToolCall)]
        spoken = self.texts(block for block in blocks if not isinstance(block, others))
        return (*spoken, *([Refusal("\n\n".join(refusals))] if refusals else []), *calls)

    def call(self, call: ToolCall) -> ToolCall:
        return ToolCall(
            call.id,
            # Names of groups become part of the tool's.
            self.naming.sent(call.name, call.namespace),
            call.arguments,
            custom=call.custom and self.own,
            signature=call.signature,
            extra=call.extra if self.own else None,
        )

    def texts(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """Texts alone are one text, for many servers take nothing but a string."""
        kept = [kept for block in blocks if (kept := self.block(block)) is not None]
        if kept and not self.own and all(isinstance(block, Text) for block in kept):
            return (Text("\n\n".join(block.text for block in kept if isinstance(block, Text))),)
        return tuple(kept)

    def block(self, block: Block) -> Block | None:
        extra = getattr(block, "extra", None) if self.own else None
        match block:
            case Text(text):
                # Neither citations nor, without being told that they are welcome, cache marks.
                return Text(text, extra=extra) if text else None
            case Image(FileId() | PlainText()):
                return Text("[An image stood here, but this model cannot be shown it.]")
            case Image(Url(url), detail):
                # What is found at an address is not told.
                return Image(Url(url), detail, extra=extra)
            case Image(source, detail):
                return Image(source, detail, extra=extra)
            case Document(PlainText(text)):
                return Text(text, extra=extra)
            case Document(FileId() | Url()) if not self.own:
                return Text("[A document stood here, but this model cannot be given it.]")
            case Document(source, name):
                return Document(source, name or (None if self.own else "document.pdf"), extra=extra)
            case Refusal(text):
                return Text(text)
            case Opaque(format_) if format_ is OWN:
                return block
        return None

    def result(self, result: ToolResult) -> ToolResult:
        """Results are text alone, and errors are told by it."""
        texts = [b.text for b in map(self.block, result.content) if isinstance(b, Text)]
        if not texts and self.shown(result, {}):
            texts = ["[The result is shown in the next message.]"]
        if result.is_error and not texts:
            texts = ["Error:"]
        elif result.is_error and not texts[0].lower().startswith("error"):
            texts[0] = f"Error: {texts[0]}"
        extra = result.extra if self.own else None
        return ToolResult(result.call_id, self.texts(map(Text, texts)), custom=False, extra=extra)

    def shown(self, result: ToolResult, names: dict[str, str]) -> list[Block]:
        """What is not text comes after the results, under a line that names the call."""
        kept = [self.block(block) for block in result.content]
        more = [block for block in kept if block is not None and not isinstance(block, Text)]
        called = ", ".join(filter(None, [names.get(result.call_id), result.call_id]))
        return [Text(f"[From the result of the tool call {called}:]"), *more] if more else []

    def tools(self) -> tuple[AnyTool, ...]:
        """Groups are taken apart; what other providers run themselves stays behind."""
        functions = [self.tool(name, tool) for name, tool in self.naming.tools]
        opaque = [t for t in self.asked.tools if isinstance(t, OpaqueTool) and t.format is OWN]
        return (*functions, *opaque)

    def tool(self, name: str, tool: Tool) -> Tool:
        if tool.custom and self.own:
            return msgspec.structs.replace(tool, name=name, cache=None)
        schema = FREE_TEXT if tool.custom else tool.schema
        if schema is None and not self.own:
            schema = Raw(b'{"type":"object","properties":{}}')
        extra = tool.extra if self.own else None
        return Tool(name, tool.description, schema, strict=tool.strict, extra=extra)

    def choice(self) -> Choice | None:
        choice = self.asked.choice
        if choice is None or choice.mode is ChoiceMode.OPAQUE:
            return choice if self.own else None
        refs = (
            ToolRef(self.naming.sent(r.name, r.namespace), custom=r.custom and self.own)
            for r in choice.allowed
        )
        return Choice(choice.mode, tuple(refs))

    def reasoning(self) -> Reasoning | None:
        """One word says it all."""
        asked = self.asked.reasoning
        if asked is None:
            return None
        if asked.enabled is False or asked.effort == "none":
            return Reasoning(enabled=False)
        effort = asked.effort
        if effort is None and asked.budget is not None:
            effort = next((word for word, most in BUDGETS.items() if asked.budget <= most), "max")
        return Reasoning(effort=effort) if effort is not None else None

    def output(self) -> Output | None:
        """A schema must have a name."""
        asked = self.asked.output
        if asked is None or asked.kind is OutputKind.JSON:
            return asked and Output(OutputKind.JSON)
        return msgspec.structs.replace(asked, name=asked.name or "answer")
