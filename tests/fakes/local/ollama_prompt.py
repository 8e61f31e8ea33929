"""What Ollama makes of a prompt that is too long, which depends on its version.

- Up to 0.12.5 the oldest messages go, then the oldest tokens; there is no other way.
- Since 0.12.6 `truncate: false` has it refuse.
- Since about 0.30 half of the context remains of a last message that is too long by itself. Or it is refused:
  where `shift` was turned off, and where llama.cpp puts the prompt together. llama.cpp's error is handed on,
  its JSON a text within Ollama's own.
"""

import json
from collections.abc import Mapping
from typing import Any

from tests.fakes.formats.speech import Refused
from tests.fakes.local.ollama_told import OllamaModel, Version
from tests.fakes.local.talk import Messages, tokens, without_oldest

KNOWS_TRUNCATE: Version = (0, 12, 6)
RUNS_LLAMACPP: Version = (0, 30)

_KEPT = 4
_TOO_LONG = "the input length exceeds the context length"
_TOO_LONG_WITHOUT_SHIFT = (
    "the prompt is longer than the context length currently available to the model; shorten the prompt, "
    "adjust the context length in settings, or use a model with a longer context length"
)


def left_of(
    body: Mapping[str, Any], model: OllamaModel, context: int, version: Version
) -> tuple[Messages, int]:
    """What the model gets of a conversation, and how many tokens it is told to have been."""
    messages: Messages = body["messages"]
    prompt = _counted(messages, body)
    if prompt <= context:
        return messages, prompt
    if body.get("truncate") is False and version >= KNOWS_TRUNCATE:
        raise _too_long(prompt, context, version)
    messages = without_oldest(messages, lambda kept: _counted(kept, body) <= context)
    prompt = _counted(messages, body)
    if prompt <= context:
        return messages, prompt
    return messages, _left_of_last(body, model, context, version, prompt)


def _left_of_last(
    body: Mapping[str, Any], model: OllamaModel, context: int, version: Version, prompt: int
) -> int:
    if version < RUNS_LLAMACPP:
        return context
    if not model.is_rendered:
        raise _too_long(prompt, context, version)
    if body.get("shift") is False:
        raise Refused(_TOO_LONG_WITHOUT_SHIFT)
    return context - (context - _KEPT) // 2


def _counted(messages: Messages, body: Mapping[str, Any]) -> int:
    return tokens(*messages, *(body.get("tools") or ()))


def _too_long(prompt: int, context: int, version: Version) -> Refused:
    if version < RUNS_LLAMACPP:
        return Refused(_TOO_LONG)
    error = {
        "code": 400,
        "message": f"request ({prompt} tokens) exceeds the available context size ({context} tokens), "
        "try increasing it",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": prompt,
        "n_ctx": context,
    }
    return Refused(json.dumps({"error": error}, separators=(",", ":")))
