"""The formats as a table: what each can do for a client, and what for a provider.

A client's request is read and its answer written; a provider's request is written and its answer read.
Formats that no client of ours speaks have the provider's side only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from proxy.wire.anthropic.read_answer import read_answer as read_anthropic_answer
from proxy.wire.anthropic.read_request import read_request as read_anthropic_request
from proxy.wire.anthropic.read_stream import stream_reader as anthropic_stream_reader
from proxy.wire.anthropic.write_answer import write_answer as write_anthropic_answer
from proxy.wire.anthropic.write_request import write_request as write_anthropic_request
from proxy.wire.anthropic.write_stream import StreamWriter as AnthropicStreamWriter
from proxy.wire.bedrock.read_answer import read_answer as read_bedrock_answer
from proxy.wire.bedrock.read_stream import stream_reader as bedrock_stream_reader
from proxy.wire.bedrock.write_request import write_request as write_bedrock_request
from proxy.wire.canonical import Answer, Conversation
from proxy.wire.format import Format
from proxy.wire.gemini.read_answer import read_answer as read_gemini_answer
from proxy.wire.gemini.read_request import read_request as read_gemini_request
from proxy.wire.gemini.read_stream import stream_reader as gemini_stream_reader
from proxy.wire.gemini.write_answer import write_answer as write_gemini_answer
from proxy.wire.gemini.write_request import write_request as write_gemini_request
from proxy.wire.gemini.write_stream import StreamWriter as GeminiStreamWriter
from proxy.wire.ollama.read_answer import read_answer as read_ollama_answer
from proxy.wire.ollama.read_stream import stream_reader as ollama_stream_reader
from proxy.wire.ollama.write_request import write_request as write_ollama_request
from proxy.wire.openai_chat.read_answer import read_answer as read_chat_answer
from proxy.wire.openai_chat.read_request import read_request as read_chat_request
from proxy.wire.openai_chat.read_stream import stream_reader as chat_stream_reader
from proxy.wire.openai_chat.write_answer import write_answer as write_chat_answer
from proxy.wire.openai_chat.write_request import write_request as write_chat_request
from proxy.wire.openai_chat.write_stream import StreamWriter as ChatStreamWriter
from proxy.wire.responses.read_answer import read_answer as read_response
from proxy.wire.responses.read_request import read_request as read_responses_request
from proxy.wire.responses.read_stream import stream_reader as responses_stream_reader
from proxy.wire.responses.write_answer import write_answer as write_response
from proxy.wire.responses.write_request import write_request as write_responses_request
from proxy.wire.responses.write_stream import StreamWriter as ResponsesStreamWriter
from proxy.wire.streams import Reader, Writer
from proxy.wire.target import Expecting, Reply, Target, Written


@dataclass(frozen=True, slots=True)
class ClientSide:
    """How a client that speaks the format is understood and answered."""

    read_request: Callable[[bytes], Conversation]
    write_answer: Callable[[Answer, Reply], bytes]
    stream_writer: Callable[[Reply], Writer]


@dataclass(frozen=True, slots=True)
class ProviderSide:
    """How a provider that speaks the format is asked and understood."""

    write_request: Callable[[Conversation, Target], Written]
    read_answer: Callable[[bytes, Expecting], Answer]
    stream_reader: Callable[[Expecting], Reader]


CLIENT: Mapping[Format, ClientSide] = {
    Format.ANTHROPIC: ClientSide(read_anthropic_request, write_anthropic_answer, AnthropicStreamWriter),
    Format.OPENAI_CHAT: ClientSide(read_chat_request, write_chat_answer, ChatStreamWriter),
    Format.RESPONSES: ClientSide(read_responses_request, write_response, ResponsesStreamWriter),
    Format.GEMINI: ClientSide(read_gemini_request, write_gemini_answer, GeminiStreamWriter),
}

PROVIDER: Mapping[Format, ProviderSide] = {
    Format.ANTHROPIC: ProviderSide(write_anthropic_request, read_anthropic_answer, anthropic_stream_reader),
    Format.OPENAI_CHAT: ProviderSide(write_chat_request, read_chat_answer, chat_stream_reader),
    Format.RESPONSES: ProviderSide(write_responses_request, read_response, responses_stream_reader),
    Format.GEMINI: ProviderSide(write_gemini_request, read_gemini_answer, gemini_stream_reader),
    Format.OLLAMA: ProviderSide(write_ollama_request, read_ollama_answer, ollama_stream_reader),
    Format.BEDROCK: ProviderSide(write_bedrock_request, read_bedrock_answer, bedrock_stream_reader),
}
