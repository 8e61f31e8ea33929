"""What the Gemini format, as its vendor's newest models take it, cannot carry. All else comes through."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import Raw

from proxy.wire.canonical import (
    AnyTool,
    Block,
    Choice,
    ChoiceMode,
    Conversation,
    Data,
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
    Source,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolRef,
    ToolResult,
    Url,
)
from proxy.wire.format import Format
from proxy.wire.history import fitted, folded, hoisted, merged
from proxy.wire.names import NameRule, Naming
from proxy.wire.target import IdRule, Target
from tests.proxy.wire.normal import Everything

OWN = Format.GEMINI
FREE_TEXT = Raw(b'{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}')
TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".pdf": "application/pdf"}
BUDGETS = {"minimal": 1024, "low": 4096, "medium": 10240}
UNSEEN = {
    Image: Text("[An image stood here, but this model cannot be shown it.]"),
    Document: Text("[A document stood here, but this model cannot be given it.]"),
}


def carried(conversation: Conversation) -> Conversation:
    fit, _ = fitted(conversation, Target(model="any", issued=Everything()), IdRule())
    return _Carrying(hoisted(fit)).conversation()


class _Carrying:
    def __init__(self, conversation: Conversation) -> None:
        self.asked = conversation
        self.own = conversation.format is OWN
        self.naming = Naming(conversation, NameRule(r"[a-zA-Z_][a-zA-Z0-9_.-]*"))

    def conversation(self) -> Conversation:
        asked = self.asked
        return Conversation(
            format=OWN,
            # Which model, and whether for a stream, stands in the address.
            model=None,
            stream=False,
            system=tuple(self.blocks(asked.system)),
            messages=tuple(self.messages()),
            tools=tuple(self.tools()),
            choice=self.choice(),
            # Calls are always allowed to be parallel.
            parallel_calls=None,
            max_tokens=asked.max_tokens,
            temperature=asked.temperature,
            top_p=asked.top_p,
            top_k=asked.top_k,
            frequency_penalty=asked.frequency_penalty,
            presence_penalty=asked.presence_penalty,
            seed=asked.seed,
            # Five sequences at most.
            stop=asked.stop[:5],
            reasoning=self.reasoning(),
            # A schema has no name, and is always obeyed.
            output=asked.output and Output(asked.output.kind, asked.output.schema),
            # Verbosity, user, metadata, service tier, cache key, store and earlier answers are unknown here.
            extra=asked.extra if self.own else None,
        )

    def messages(self) -> Iterator[Message]:
        """Instructions in the middle become the user's, who begins; neighbours are one; results come first,
        in the order of their calls."""
        # Names of speakers are unknown here.
        plain = (Message(m.role, m.content, extra=m.extra if self.own else None) for m in self.asked.messages)
        calls: dict[str, str] = {}
        is_first = True
        for message in merged(folded(plain)):
            if message.role is Role.ASSISTANT:
                called = [block for block in message.content if isinstance(block, ToolCall)]
                calls = {call.id: self.naming.sent(call.name, call.namespace) for call in called}
                content = tuple(self.blocks(message.content))
            else:
                content = tuple(self.said(message.content, calls))
            if not content:
                continue
            if is_first and message.role is Role.ASSISTANT and not self.own:
                yield Message(Role.USER, (Text("(The conversation begins here.)"),))
            is_first = False
            yield msgspec.structs.replace(message, content=content)

    def said(self, blocks: Sequence[Block], calls: dict[str, str]) -> Iterator[Block]:
        by_id = {block.call_id: block for block in blocks if isinstance(block, ToolResult)}
        results = [by_id[id_] for id_ in calls if id_ in by_id]
        yield from map(self.result, results)
        for result in results:
            if beside := self.beside(result):
                yield Text(f"[From the result of the tool call {calls[result.call_id]}, {result.call_id}:]")
                yield from beside
        yield from self.blocks(block for block in blocks if not isinstance(block, ToolResult))

    def result(self, result: ToolResult) -> ToolResult:
        """One text, then what fits inside."""
        inside = [block for block in result.content if self.is_inside(block)]
        outside = self.blocks(block for block in result.content if not self.is_inside(block))
        texts = [block.text for block in outside if isinstance(block, Text)]
        if not texts and self.beside(result):
            texts = ["[The result is shown below.]"]
        text: list[Block] = [Text("\n\n".join(texts))] if "".join(texts) else []
        return ToolResult(
            result.call_id,
            (*text, *self.blocks(inside)),
            result.is_error,
            extra=result.extra if self.own else None,
        )

    def beside(self, result: ToolResult) -> list[Block]:
        """Addresses are not fetched inside a result, so what they name is shown after all results."""
        outside = self.blocks(block for block in result.content if not self.is_inside(block))
        return [block for block in outside if not isinstance(block, Text)]

    def is_inside(self, block: Block) -> bool:
        if isinstance(block, Image | Document):
            return isinstance(block.source, Data) or (self.own and not isinstance(block.source, PlainText))
        return self.own and not isinstance(block, Text)

    def blocks(self, blocks: Iterable[Block]) -> Iterator[Block]:
        return (kept for block in blocks if (kept := self.block(block)) is not None)

    def block(self, block: Block) -> Block | None:
        extra = getattr(block, "extra", None) if self.own else None
        match block:
            case Text(text):
                # Neither citations nor cache marks; empty texts say nothing.
                return Text(text, extra=extra) if text else None
            case Refusal(text):
                return Text(text)
            case Thinking(text, signature):
                return Thinking(text, signature, extra=extra) if text or signature else None
            case RedactedThinking():
                # Thinking that only its provider can read has no place.
                return None
            case Image(source) | Document(source):
                return self.medium(block, source)
            case ToolCall():
                return ToolCall(
                    block.id,
                    # Names of groups become part of the tool's.
                    self.naming.sent(block.name, block.namespace),
                    block.arguments or "{}",
                    signature=block.signature,
                    extra=extra,
                )
            case Opaque(format_) if format_ is OWN:
                return block
        return None

    def medium(self, block: Image | Document, source: Source) -> Block:
        extra = block.extra if self.own else None
        match source:
            case PlainText(text):
                return Text(text, extra=extra) if isinstance(block, Document) else UNSEEN[Image]
            case FileId() if not self.own:
                # A file uploaded elsewhere.
                return UNSEEN[type(block)]
            case Url(url, None):
                # What stands at an address is told.
                source = Url(url, next((t for ending, t in TYPES.items() if url.endswith(ending)), None))
        if isinstance(block, Image):
            # Google is not told how closely to look.
            return Image(source, extra=extra)
        # Other vendors' names of files, what they are about and whether to cite them is unknown here.
        return Document(source, name=block.name if self.own else None, extra=extra)

    def tools(self) -> Iterator[AnyTool]:
        """Groups are taken apart; what other providers run themselves stays behind."""
        for name, tool in self.naming.tools:
            yield self.tool(name, tool)
        for opaque in self.asked.tools:
            if isinstance(opaque, OpaqueTool) and opaque.format is OWN:
                yield opaque

    def tool(self, name: str, tool: Tool) -> Tool:
        """Schemas are obeyed as well as the model can; there is no free text and no grammar for it."""
        schema = FREE_TEXT if tool.custom else tool.schema
        return Tool(name, tool.description, schema, extra=tool.extra if self.own else None)

    def choice(self) -> Choice | None:
        choice = self.asked.choice
        if choice is None or (self.own and choice.raw is not None):
            return choice
        if choice.mode is ChoiceMode.OPAQUE or not self.naming.tools:
            return None
        if choice.mode is ChoiceMode.NONE:
            return Choice(ChoiceMode.NONE)
        allowed = tuple(ToolRef(self.naming.sent(ref.name, ref.namespace)) for ref in choice.allowed)
        one_of_one = choice.mode is ChoiceMode.ANY and len(allowed) == 1
        return Choice(ChoiceMode.TOOL if one_of_one else choice.mode, allowed)

    def reasoning(self) -> Reasoning | None:
        """One of five levels, or none at all, and whether to tell the thoughts."""
        asked = self.asked.reasoning
        if asked is None or self.own:
            return asked
        if asked.enabled is False or asked.effort == "none":
            return Reasoning(enabled=False)
        effort = asked.effort
        if effort is None and asked.budget is not None:
            effort = next((word for word, most in BUDGETS.items() if asked.budget <= most), "high")
        effort = "high" if effort in ("xhigh", "max") else effort
        summary = None if asked.summary in (None, "none") else "auto"
        kept = Reasoning(effort=effort, summary=summary)
        return kept if kept != Reasoning() else None
