"""Opens the gateway's door, or says in a sentence why it cannot be opened and what to do."""

import asyncio

from app.errors import UserError
from app.ports import port_taken
from proxy.gateway import Gateway
from proxy.server.listening import BadAddressError, PortForbiddenError, PortTakenError


class AddressError(UserError):
    """The configured host is not an address of this machine."""

    kind = "address"


async def opened(gateway: Gateway, port: int) -> None:
    try:
        await gateway.start(port)
    except PortTakenError as error:
        raise await asyncio.to_thread(port_taken, error.host, error.port) from error
    except PortForbiddenError as error:
        raise AddressError(
            f"This user may not listen on port {error.port}: ports below 1024 need rights, and Windows "
            "reserves some. Set `port` under [server] in config.toml to another one, or use --port."
        ) from error
    except BadAddressError as error:
        raise AddressError(
            f"Tierwise cannot listen at {error}. Set `host` under [server] in config.toml to 127.0.0.1."
        ) from error
