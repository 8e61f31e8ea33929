"""`providers enable` and `providers disable`."""

from app.commands.context import Context
from app.providers.consent import consent
from app.providers.for_a_while import is_otherwise, switched
from app.providers.known import known
from app.providers.reloading import reload_running
from app.settings import SettingsFile


def switch_provider(context: Context, name: str, *, enabled: bool, yes: bool) -> int:
    file = SettingsFile(context.home)
    state = "enabled" if enabled else "disabled"
    is_written = known(name, file.load().settings).enabled == enabled
    if is_written and not is_otherwise(context, "providers", name, enabled=enabled):
        context.answer(
            f"{name} is {state} already.", _as_json(name, enabled=enabled, changed=False, reloaded=False)
        )
        return 0
    consent(f"{'Enable' if enabled else 'Disable'} provider {name}?", given=yes)
    if is_written:
        is_reloaded = switched(context, "providers", name, enabled=enabled)
    else:
        file.set(("providers", name, "enabled"), enabled)
        is_reloaded = reload_running(context)
    context.answer(f"{name} is {state}.", _as_json(name, enabled=enabled, changed=True, reloaded=is_reloaded))
    return 0


def _as_json(name: str, *, enabled: bool, changed: bool, reloaded: bool) -> dict[str, object]:
    return {"provider": name, "enabled": enabled, "changed": changed, "reloaded": reloaded}
