"""A removed provider comes back as it stood in config.toml, unless another one has taken its name."""

from collections.abc import Mapping
from typing import Any

from app.configuration.document import parse, read_bytes
from app.errors import UserError
from app.settings import Loaded, Settings, SettingsFile
from app.toml.edits import Assign
from app.toml.trees import value_at


class ComeBackError(UserError):
    """It cannot come back; everything is as it was."""

    kind = "come_back"


def table_of(name: str, file: SettingsFile) -> Mapping[str, Any] | None:
    """What the file says of it, to be asked before it is removed; None for nothing."""
    table = value_at(parse(file.path, read_bytes(file.path)).tree, ("providers", name))
    return table if isinstance(table, dict) else None


def come_back(name: str, table: Mapping[str, Any], file: SettingsFile) -> Loaded:
    """In the file that it was removed from: that one knows the place and the comments that it had."""

    def edits(settings: Settings, _tree: object) -> list[Assign]:
        if name in settings.providers:
            raise ComeBackError(
                f"There is another provider {name} by now, and that would be lost. So nothing was undone."
            )
        return [Assign(("providers", name), table)]

    return file.edit_by(edits)
