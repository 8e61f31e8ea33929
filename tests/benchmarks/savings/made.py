"""Sessions and prompts that are made up, as small as they can be for what they show."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.savings.prompts import Mark, Prompt
from benchmarks.savings.session import Answer, Called, Request, Session

OPUS, SONNET, HAIKU = "claude-opus-4-8", "claude-sonnet-4-5", "claude-haiku-4-5"
MARK = {"type": "ephemeral"}
LONG = "Some words of a system prompt that is long enough to be kept. " * 400


def prompt(*pieces: tuple[str, int] | tuple[str, int, int]) -> Prompt:
    """Pieces by name and tokens; the third number is how long its mark asks the prompt to be kept."""
    chain: list[bytes] = []
    tokens: list[int] = []
    marks: list[Mark] = []
    for place, (name, count, *seconds) in enumerate(pieces):
        chain.append((chain[-1] if chain else b"") + b"/" + name.encode())
        tokens.append((tokens[-1] if tokens else 0) + count)
        marks += [Mark(place, each) for each in seconds]
    return Prompt(tuple(chain), tuple(tokens), tuple(marks), ())


def body(messages: Sequence[Mapping[str, Any]], **more: Any) -> bytes:
    """As Claude Code marks it: the system's text, and the last message."""
    *before, last = messages
    content = last["content"]
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    marked = {**last, "content": [*blocks[:-1], {**blocks[-1], "cache_control": MARK}]}
    asked = {
        "model": OPUS,
        "max_tokens": 1000,
        "stream": True,
        "system": [
            {"type": "text", "text": "x-anthropic-billing-header: nonce=1"},
            {"type": "text", "text": LONG, "cache_control": MARK},
        ],
        "tools": [{"name": "Read", "input_schema": {"type": "object"}}],
        "messages": [*before, marked],
        **more,
    }
    return json.dumps(asked, separators=(",", ":")).encode()


@dataclass
class Talk:
    """A session that grows by what is typed into it."""

    model: str = OPUS
    at: float = 0.0
    turns: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: iter(range(1_000_000)))

    def typed(self, text: str, *, tools: int = 0, pause: float = 30.0, result: str = "It is so. ") -> "Talk":
        """A turn, with so many calls before its last answer, and the seconds since the answer before."""
        self.at += pause if self.requests else 0.0
        self.messages.append({"role": "user", "content": text})
        self._ask(is_typed=True, calls=tools > 0)
        for left in reversed(range(tools)):
            self.at += 10.0
            id_ = f"toolu_{next(self._ids)}"
            use = {"type": "tool_use", "id": id_, "name": "Read", "input": {"path": id_}}
            found = {"type": "tool_result", "tool_use_id": id_, "content": result * 50}
            self.messages += [{"role": "assistant", "content": [use]}, {"role": "user", "content": [found]}]
            self._ask(is_typed=False, calls=left > 0)
        self.messages.append({"role": "assistant", "content": "Done."})
        self.turns += 1
        return self

    def session(self, name: str = "made", cls: str = "short-questions") -> Session:
        return Session(name, cls, "claude-code", self.model, held=False, requests=tuple(self.requests))

    def labels(self, *by_turn: str) -> tuple[str, ...]:
        return tuple(by_turn[each.turn] for each in self.requests)

    def _ask(self, *, is_typed: bool, calls: bool) -> None:
        called = (Called("Read", {"path": "any"}),) if calls else ()
        self.requests.append(
            Request(
                surface="messages",
                path="/v1/messages?beta=true",
                headers={"x-claude-code-session-id": "s1", "user-agent": "claude-cli/2.1"},
                body=body(self.messages, model=self.model),
                at=self.at,
                typed=is_typed,
                turn=self.turns,
                call="main",
                agent=-1,
                answer=Answer(200, "" if calls else "Done.", called),
            )
        )


def codex(*texts: str, model: str = "gpt-5.4") -> Session:
    """Typed turns of Codex, each of which is answered at once."""

    def item(role: str, sort: str, text: str) -> dict[str, Any]:
        return {"type": "message", "role": role, "content": [{"type": sort, "text": text}]}

    around = "<environment_context>\nhere\n</environment_context>"
    said = [item("developer", "input_text", LONG), item("user", "input_text", around)]
    tools = [{"type": "function", "name": name} for name in ("exec_command", "apply_patch")]
    requests = []
    for turn, text in enumerate(texts):
        said.append(item("user", "input_text", text))
        asked = {"model": model, "input": said, "tools": tools, "prompt_cache_key": "s1", "stream": True}
        requests.append(
            Request(
                surface="responses",
                path="/v1/responses",
                headers={"session-id": "s1"},
                body=json.dumps(asked, separators=(",", ":")).encode(),
                at=60.0 * turn,
                typed=True,
                turn=turn,
                call="main",
                agent=-1,
                answer=Answer(200, "Done.", ()),
            )
        )
        said.append(item("assistant", "output_text", "Done."))
    return Session("codex", "bug-fixes", "codex", model, held=False, requests=tuple(requests))
