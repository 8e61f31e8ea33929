"""The entrances for clients, one module for each API that they speak."""

from proxy.server.counting import Counting
from proxy.server.endpoint import Endpoint
from proxy.server.model_pages import ModelPages
from proxy.server.serving import Serving
from proxy.server.surfaces import anthropic, gemini, here, models, openai

__all__ = ["endpoints"]


def endpoints(serving: Serving, counting: Counting, pages: ModelPages) -> list[Endpoint]:
    return [
        *here.endpoints(),
        *anthropic.endpoints(serving, counting),
        *openai.endpoints(serving),
        *gemini.endpoints(serving, counting),
        *models.endpoints(pages),
    ]
