"""The wire formats by name."""

from enum import StrEnum


class Format(StrEnum):
    """A way of writing a conversation down; named for the API that defined it."""

    ANTHROPIC = "anthropic"
    OPENAI_CHAT = "openai_chat"
    RESPONSES = "responses"
    GEMINI = "gemini"
    OLLAMA = "ollama"
    BEDROCK = "bedrock"
