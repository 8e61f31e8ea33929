"""What a desk stands on: a running application, or only the record and settings of a home."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from app.home import Home
from app.keyring.store import Keyring
from app.settings import Loaded, SettingsFile
from app.toml.edits import Edit
from proxy.config import TierName
from proxy.config.switch import Switch, Until, What
from proxy.gateway import Gateway
from proxy.local.found import LocalServer
from proxy.secret import Secret
from proxy.server.admin import Reloaded, Switched


class Program(Protocol):
    """The parts that are asked. All of it is on one loop."""

    home: Home

    @property
    def file(self) -> SettingsFile:
        """config.toml."""
        ...

    @property
    def loaded(self) -> Loaded:
        """The settings in force."""
        ...

    @property
    def gateway(self) -> Gateway: ...

    @property
    def keyring(self) -> Keyring: ...

    @property
    def environ(self) -> Mapping[str, str]: ...

    def client_token(self) -> Secret:
        """For programs that have none of their own; only where something runs."""
        ...

    def local_servers(self) -> Sequence[LocalServer] | None:
        """None as long as nobody has looked for any."""
        ...

    def on_local_servers(self, changed: Callable[[], None]) -> Callable[[], None]: ...

    def watching_local_servers(self) -> AbstractContextManager[None]:
        """As long as somebody looks on, changes are seen within seconds."""
        ...

    def on_settings(self, changed: Callable[[], None]) -> Callable[[], None]: ...

    def ends(self) -> Mapping[What, Until]: ...

    async def edit(self, *edits: Edit) -> Reloaded: ...

    async def switch(self, *switches: Switch) -> Switched: ...

    async def set_price(self, service: str, prices: Mapping[str, float]) -> Reloaded: ...

    async def use_local(self, server: LocalServer, name: str, model: str, tier: TierName) -> Reloaded: ...

    async def reload(self) -> Reloaded:
        """Read config.toml again, and look for keys anew."""
        ...
