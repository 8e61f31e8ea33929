"""Messages as the format wants them: the user first, turns that alternate, words beside documents."""

from collections.abc import Iterable, Sequence

from proxy.wire.bedrock.write_blocks import BlockWriter, Written
from proxy.wire.canonical import Block, Message, RedactedThinking, Role, Thinking, ToolCall, ToolResult
from proxy.wire.history import folded
from proxy.wire.target import Loss

OPENING = "(The conversation begins here.)"
BESIDE_DOCUMENTS = "(See the document.)"

Turn = dict[str, object]


class Turns:
    """The written messages, and what had to be added to them."""

    def __init__(self, messages: Sequence[Message], writer: BlockWriter, lost: set[Loss]) -> None:
        self.added: list[str] = []
        self._turns: list[tuple[Role, list[Written]]] = []
        for role, blocks in _merged(messages, writer, lost):
            self._add(role, _content(role, blocks, writer))
        self._open()
        self._put_words_beside_documents()
        self._end()

    @property
    def written(self) -> list[Turn]:
        return [{"role": role, "content": content} for role, content in self._turns]

    @property
    def ends_with_assistant(self) -> bool:
        return self._turns[-1][0] is Role.ASSISTANT

    @property
    def have_calls(self) -> bool:
        return any("toolUse" in block for _, content in self._turns for block in content)

    def _add(self, role: Role, content: list[Written]) -> None:
        if self._turns and self._turns[-1][0] is role:
            self._turns[-1][1].extend(content)
        elif content:
            self._turns.append((role, content))

    def _open(self) -> None:
        if not self._turns or self._turns[0][0] is not Role.USER:
            self._turns.insert(0, (Role.USER, [{"text": OPENING}]))
            self.added.append("A first message of the user, for the format demands one.")

    def _put_words_beside_documents(self) -> None:
        for _, content in self._turns:
            if _holds("document", content) and not _holds("text", content):
                content.append({"text": BESIDE_DOCUMENTS})
                self.added.append("A text beside the documents of a message, for the format demands one.")

    def _end(self) -> None:
        """The beginning of an answer that the model goes on with may not end in whitespace."""
        last = self._turns[-1][1][-1]
        if self.ends_with_assistant and "text" in last:
            self._turns[-1][1][-1] = {"text": last["text"].rstrip()}


def runs_tools_without_thinking(messages: Sequence[Message]) -> bool:
    """Whether the model's last turn, which goes on after its calls, did not begin with thinking."""
    last = next((m for m in reversed(messages) if m.role is Role.ASSISTANT), None)
    if last is None or last is messages[-1] or not any(isinstance(b, ToolCall) for b in last.content):
        return False
    return not isinstance(last.content[0], Thinking | RedactedThinking)


def _merged(
    messages: Sequence[Message], writer: BlockWriter, lost: set[Loss]
) -> Iterable[tuple[Role, list[Block]]]:
    turns: list[tuple[Role, list[Block]]] = []
    for message in messages:
        if message.name is not None:
            lost.add(Loss.NAMES)
        writer.note_extra(message.extra)
    for message in folded(messages):
        if turns and turns[-1][0] is message.role:
            turns[-1][1].extend(message.content)
        else:
            turns.append((message.role, list(message.content)))
    return turns


def _content(role: Role, blocks: Sequence[Block], writer: BlockWriter) -> list[Written]:
    if role is Role.ASSISTANT:
        return writer.of_assistant(blocks)
    results = [block for block in blocks if isinstance(block, ToolResult)]
    return writer.of_user(results, [block for block in blocks if not isinstance(block, ToolResult)])


def _holds(kind: str, content: Iterable[Written]) -> bool:
    return any(kind in block for block in content)
