"""The clients of the four APIs, each the vendor's own library where it is installed."""

from tests.proxy.matrix.clients.chat import Chat
from tests.proxy.matrix.clients.client import Client
from tests.proxy.matrix.clients.gemini import Gemini
from tests.proxy.matrix.clients.messages import Messages
from tests.proxy.matrix.clients.responses import Responses

CLIENTS: tuple[Client, ...] = (Messages(), Chat(), Responses(), Gemini())

__all__ = ["CLIENTS", "Chat", "Client", "Gemini", "Messages", "Responses"]
