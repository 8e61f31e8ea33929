"""What Ollama's chat format cannot carry. Everything else comes through."""

from collections.abc import Iterable, Iterator

from msgspec import Raw

from proxy.wire.canonical import (
    Block,
    Choice,
    ChoiceMode,
    Conversation,
    Data,
    Document,
    Image,
    Message,
    Output,
    PlainText,
    Reasoning,
    Refusal,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
    Url,
)
from proxy.wire.format import Format
from proxy.wire.history import fitted, hoisted
from proxy.wire.names import NameRule, Naming
from proxy.wire.target import IdRule, Target
from tests.proxy.wire.normal import Everything
from tests.proxy.wire.ollama.reader import PICTURE

FREE_TEXT = Raw(b'{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}')
NO_ARGUMENTS = Raw(b'{"type":"object","properties":{}}')


def carried(conversation: Conversation) -> Conversation:
    fit, _ = fitted(conversation, Target(model="any", issued=Everything()), IdRule())
    return _Carrying(hoisted(fit)).conversation()


class _Carrying:
    def __init__(self, conversation: Conversation) -> None:
        self.asked = conversation
        self.naming = Naming(conversation, NameRule())

    def conversation(self) -> Conversation:
        asked = self.asked
        return Conversation(
            format=Format.OLLAMA,
            model=asked.model,
            system=tuple(self.content(asked.system)),
            messages=tuple(more for message in asked.messages for more in self.message(message)),
            tools=tuple(self.tools()),
            # There is no choice: what must not be called is not offered, what must be is only offered.
            choice=None,
            parallel_calls=None,
            max_tokens=asked.max_tokens,
            temperature=asked.temperature,
            top_p=asked.top_p,
            top_k=asked.top_k,
            frequency_penalty=asked.frequency_penalty,
            presence_penalty=asked.presence_penalty,
            seed=asked.seed,
            stop=asked.stop,
            reasoning=self.reasoning(),
            # A schema has no name, and is always obeyed.
            output=asked.output and Output(asked.output.kind, asked.output.schema),
            stream=asked.stream,
            # Verbosity, user, metadata, service tier, cache key, store, earlier answers and whatever only
            # another format knows are unknown here.
        )

    def message(self, message: Message) -> Iterator[Message]:
        """Results stand apart; a message holds thinking, one text, pictures and calls, in this order. The
        developer is the system, and nobody has a name."""
        role = Role.SYSTEM if message.role is Role.DEVELOPER else message.role
        results = [block for block in message.content if isinstance(block, ToolResult)]
        if results:
            yield Message(Role.USER, tuple(map(self.result, results)))
        # What a result shows comes after all of them, under a line that names the call.
        shown: list[Block] = []
        for result in results:
            if pictures := [block for block in result.content if self.is_seen(block)]:
                name = self.name_of(result.call_id)
                shown.append(Text(f"[From the result of the tool call {name}, {result.call_id}:]"))
                shown += pictures
        # Signatures have no place, nor has thinking that only its provider can read.
        thoughts = [block.text for block in message.content if isinstance(block, Thinking) and block.text]
        content: list[Block] = [Thinking("\n\n".join(thoughts))] if thoughts else []
        content += self.content([*shown, *message.content])
        content += [
            ToolCall(block.id, self.naming.sent(block.name, block.namespace), block.arguments)
            for block in message.content
            if isinstance(block, ToolCall)
        ]
        if content:
            yield Message(role, tuple(content))

    def content(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """One text, then the pictures."""
        blocks = list(blocks)
        texts = [text for block in blocks if (text := self.text(block)) is not None]
        if texts:
            yield Text("\n\n".join(texts))
        for block in blocks:
            if isinstance(block, Image) and isinstance(block.source, Data):
                yield Image(Data(PICTURE, block.source.base64))

    def text(self, block: Block) -> str | None:
        match block:
            case Text(text) | Refusal(text) | Document(PlainText(text)):
                return text or None
            case Document():
                return "[A document stood here, but this model cannot be given it.]"
            case Image(Url(url)):
                # The server fetches nothing.
                return f"[An image stood here, but this model cannot fetch it: {url}]"
            case Image() if not self.is_seen(block):
                return "[An image stood here, but this model cannot be shown it.]"
        return None

    def is_seen(self, block: Block) -> bool:
        return isinstance(block, Image) and isinstance(block.source, Data)

    def result(self, result: ToolResult) -> ToolResult:
        """Results are text alone, and errors are told by it."""
        text = "\n\n".join(text for block in result.content if (text := self.text(block)) is not None)
        if not text and any(map(self.is_seen, result.content)):
            text = "[The result is shown in the next message.]"
        if result.is_error and not text.lower().startswith("error"):
            text = f"Error: {text}".strip()
        return ToolResult(result.call_id, (Text(text),) if text else ())

    def name_of(self, call_id: str) -> str:
        return next(
            self.naming.sent(block.name, block.namespace)
            for message in self.asked.messages
            for block in message.content
            if isinstance(block, ToolCall) and block.id == call_id
        )

    def tools(self) -> Iterator[Tool]:
        choice = self.asked.choice
        for name, tool in self.naming.tools:
            if choice is None or self.is_offered(name, choice):
                schema = FREE_TEXT if tool.custom else tool.schema or NO_ARGUMENTS
                yield Tool(name, tool.description, schema)

    def is_offered(self, name: str, choice: Choice) -> bool:
        allowed = [self.naming.sent(ref.name, ref.namespace) for ref in choice.allowed]
        return choice.mode is not ChoiceMode.NONE and (not allowed or name in allowed)

    def reasoning(self) -> Reasoning | None:
        """Yes or no; only a few models take a level, and none a budget."""
        asked = self.asked.reasoning
        if asked is None:
            return None
        if asked.enabled is False or asked.effort == "none":
            return Reasoning(enabled=False)
        asks = asked.enabled or asked.adaptive or asked.effort or asked.budget
        return Reasoning(enabled=True) if asks else None
