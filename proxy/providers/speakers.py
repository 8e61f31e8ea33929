"""Who could be asked where nothing is configured to be chosen."""

from proxy.config import Config
from proxy.providers.entrance import Task
from proxy.providers.entrances import entrance
from proxy.providers.provider import Provider
from proxy.wire.format import Format


def speakers(config: Config, spoken: Format, task: Task) -> list[str]:
    """Enabled providers that do the task: those that speak the client's format first, in their order."""
    native: list[str] = []
    others: list[str] = []
    for name, table in config.providers.items():
        if not table.enabled or (config.routing.local_only and not table.is_on_this_machine):
            continue
        found = entrance(Provider(name, table), "model", spoken, task)
        if found is not None:
            (native if found.format is spoken else others).append(name)
    return native + others
