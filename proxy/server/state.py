"""What a request carries from the door to its handler and back."""

from typing import Final

from aiohttp import web

from proxy.exchange import Exchange

REQUEST_ID: Final = web.RequestKey("request_id", str)
CLIENT: Final = web.RequestKey("client", str)
HAS_BEGUN: Final = web.RequestKey("has_begun", bool)
EXCHANGE: Final = web.RequestKey("exchange", Exchange)
