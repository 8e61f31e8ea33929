"""The same question in every format, as a client of that format asks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from proxy.wire.format import Format
from tests.fakes.server import FakeLlm

MODEL = "some-model"
_SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}}


@dataclass(frozen=True)
class Question:
    path: str
    body: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes


def question(spoken: Format, *, stream: bool = False, text: str = "Hello?") -> Question:
    """With one tool, `look`, on offer."""
    return _QUESTIONS[spoken](stream, text)


async def got(fake: FakeLlm, *, stream: bool = False, text: str = "Hello?") -> Got:
    """The whole of what a fake answers; nothing is unpacked."""
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        return await got_in(session, fake, question(fake.speech.format, stream=stream, text=text))


async def got_in(session: aiohttp.ClientSession, fake: FakeLlm, asked: Question) -> Got:
    async with session.post(fake.url + asked.path, json=asked.body, headers=asked.headers) as response:
        return Got(response.status, response.headers, await response.read())


def _anthropic(stream: bool, text: str) -> Question:
    tools = [{"name": "look", "description": "Looks.", "input_schema": _SCHEMA}]
    messages = [{"role": "user", "content": text}]
    body = {"model": MODEL, "max_tokens": 100, "system": "Be brief.", "messages": messages, "tools": tools}
    return Question("/v1/messages", body | {"stream": stream}, {"anthropic-version": "2023-06-01"})


def _chat(stream: bool, text: str) -> Question:
    tools = [{"type": "function", "function": {"name": "look", "parameters": _SCHEMA}}]
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}]
    options = {"stream_options": {"include_usage": True}} if stream else {}
    body = {"model": MODEL, "max_completion_tokens": 100, "messages": messages, "tools": tools}
    return Question("/v1/chat/completions", body | {"stream": stream} | options)


def _responses(stream: bool, text: str) -> Question:
    tools = [{"type": "function", "name": "look", "parameters": _SCHEMA}]
    body = {
        "model": MODEL,
        "instructions": "Be brief.",
        "input": text,
        "tools": tools,
        "max_output_tokens": 100,
    }
    return Question("/v1/responses", body | {"stream": stream, "include": ["reasoning.encrypted_content"]})


def _gemini(stream: bool, text: str) -> Question:
    body = {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [{"role": "user", "parts": [{"text": text}]}],
        "tools": [{"functionDeclarations": [{"name": "look", "parameters": _SCHEMA}]}],
        "generationConfig": {"maxOutputTokens": 100},
    }
    how = "streamGenerateContent?alt=sse" if stream else "generateContent"
    return Question(f"/v1beta/models/{MODEL}:{how}", body)


def _ollama(stream: bool, text: str) -> Question:
    tools = [{"type": "function", "function": {"name": "look", "parameters": _SCHEMA}}]
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}]
    body = {"model": MODEL, "messages": messages, "tools": tools, "options": {"num_predict": 100}}
    return Question("/api/chat", body | {"stream": stream})


def _bedrock(stream: bool, text: str) -> Question:
    body = {
        "system": [{"text": "Be brief."}],
        "messages": [{"role": "user", "content": [{"text": text}]}],
        "toolConfig": {"tools": [{"toolSpec": {"name": "look", "inputSchema": {"json": _SCHEMA}}}]},
        "inferenceConfig": {"maxTokens": 100},
    }
    return Question(f"/model/{MODEL}/{'converse-stream' if stream else 'converse'}", body)


_QUESTIONS = {
    Format.ANTHROPIC: _anthropic,
    Format.OPENAI_CHAT: _chat,
    Format.RESPONSES: _responses,
    Format.GEMINI: _gemini,
    Format.OLLAMA: _ollama,
    Format.BEDROCK: _bedrock,
}
