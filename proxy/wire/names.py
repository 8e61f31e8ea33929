"""The names and ids of tools, made to fit where they are sent.

Nothing is remembered: a name or an id that does not fit becomes, by a digest of itself, the same one in
every request, so calls and results stay together over all turns of a session.
"""

import re
from dataclasses import dataclass
from hashlib import blake2s

from proxy.wire.canonical import Conversation, Tool, ToolCall, ToolGroup, ToolRef
from proxy.wire.target import IdRule, ToolNames


@dataclass(frozen=True, slots=True)
class NameRule:
    """What a tool may be called."""

    pattern: str = r"[a-zA-Z0-9_-]+"
    longest: int = 64


class Naming:
    """What the tools of one conversation are called at the target."""

    def __init__(self, conversation: Conversation, rule: NameRule) -> None:
        self._rule = rule
        self._sent: dict[tuple[str | None, str], str] = {}
        self._taken: dict[str, ToolRef] = {}
        tools: list[tuple[str, Tool]] = []
        for namespace, tool in _client_tools(conversation):
            name = self._assign(ToolRef(tool.name, namespace, tool.custom))
            tools.append((name, tool))
        for ref in _called(conversation):
            self._assign(ref)
        self.tools = tuple(tools)
        """The client's own tools under the names to send, groups taken apart."""

    @property
    def names(self) -> ToolNames:
        """The way back, for the names in the answer."""
        return ToolNames({sent: ref for sent, ref in self._taken.items() if ref != ToolRef(sent)})

    def sent(self, name: str, namespace: str | None = None) -> str:
        return self._sent.get((namespace, name)) or _fitting(_joined(namespace, name), self._rule)

    def _assign(self, ref: ToolRef) -> str:
        key = (ref.namespace, ref.name)
        if key in self._sent:
            return self._sent[key]
        name = _fitting(_joined(ref.namespace, ref.name), self._rule)
        if name in self._taken:
            name = _digested(_joined(ref.namespace, ref.name), name, self._rule.longest, f"{ref.namespace}/")
        self._taken[name] = ref
        self._sent[key] = name
        return name


def fitting_id(id_: str, rule: IdRule) -> str:
    """The id itself where it fits, else one made from it."""
    if len(id_) <= rule.longest and re.fullmatch(rule.pattern, id_):
        return id_
    return made_id(rule, id_)


def made_id(rule: IdRule, *of: object) -> str:
    """An id that depends on nothing but what it is made of."""
    digest = blake2s("\x00".join(map(str, of)).encode("utf-8", "surrogatepass")).hexdigest()
    # Where there is little room all of it is needed to tell ids apart.
    prefix = rule.prefix if rule.longest >= len(rule.prefix) + 16 else ""
    return (prefix + digest[:24])[: rule.longest]


def _fitting(name: str, rule: NameRule) -> str:
    if len(name) <= rule.longest and re.fullmatch(rule.pattern, name):
        return name
    plain = re.sub(r"[^a-zA-Z0-9_-]", "_", name)
    if not re.match(r"[a-zA-Z_]", plain):
        plain = "_" + plain
    return _digested(name, plain, rule.longest, "")


def _digested(name: str, readable: str, longest: int, salt: str) -> str:
    digest = blake2s((salt + name).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{readable[: longest - 9]}_{digest}"


def _joined(namespace: str | None, name: str) -> str:
    return f"{namespace}__{name}" if namespace else name


def _client_tools(conversation: Conversation) -> list[tuple[str | None, Tool]]:
    tools: list[tuple[str | None, Tool]] = []
    for tool in conversation.tools:
        if isinstance(tool, Tool):
            tools.append((None, tool))
        elif isinstance(tool, ToolGroup):
            tools += [(tool.name, inner) for inner in tool.tools]
    return tools


def _called(conversation: Conversation) -> list[ToolRef]:
    """Tools that the history calls, whether or not they are offered any longer."""
    return [
        ToolRef(block.name, block.namespace, block.custom)
        for message in conversation.messages
        for block in message.content
        if isinstance(block, ToolCall)
    ]
