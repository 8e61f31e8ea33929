"""What each format carries, and how a request written in it is read again, as one table."""

from collections.abc import Callable, Mapping

from proxy.wire.canonical import Conversation
from proxy.wire.format import Format
from proxy.wire.sides import CLIENT
from tests.proxy.wire.anthropic.carries import carried as carried_by_anthropic
from tests.proxy.wire.bedrock.carries import carried as carried_by_bedrock
from tests.proxy.wire.bedrock.read_back import read_request as read_bedrock_back
from tests.proxy.wire.gemini.carries import carried as carried_by_gemini
from tests.proxy.wire.ollama.carries import carried as carried_by_ollama
from tests.proxy.wire.ollama.reader import read_request as read_ollama_back
from tests.proxy.wire.openai_chat.carries import carried as carried_by_chat
from tests.proxy.wire.responses.carries import carried as carried_by_responses

CARRIED: Mapping[Format, Callable[[Conversation], Conversation]] = {
    Format.ANTHROPIC: carried_by_anthropic,
    Format.OPENAI_CHAT: carried_by_chat,
    Format.RESPONSES: carried_by_responses,
    Format.GEMINI: carried_by_gemini,
    Format.OLLAMA: carried_by_ollama,
    Format.BEDROCK: carried_by_bedrock,
}

READ_BACK: Mapping[Format, Callable[[bytes], Conversation]] = {
    **{format_: side.read_request for format_, side in CLIENT.items()},
    Format.OLLAMA: read_ollama_back,
    Format.BEDROCK: read_bedrock_back,
}
