"""The formats by name."""

from collections.abc import Mapping

from proxy.wire.format import Format
from tests.fakes.formats.anthropic import Anthropic
from tests.fakes.formats.bedrock import Bedrock
from tests.fakes.formats.gemini import Gemini
from tests.fakes.formats.ollama import Ollama
from tests.fakes.formats.openai_chat import OpenAIChat
from tests.fakes.formats.responses import Responses
from tests.fakes.formats.speech import Speech

SPEECHES: Mapping[Format, Speech] = {
    speech.format: speech
    for speech in (Anthropic(), OpenAIChat(), Responses(), Gemini(), Ollama(), Bedrock())
}
