"""The dialog in which a key is pasted: in the place of another one, or as a further one."""

from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from proxy.config import ProviderConfig
from proxy.providers.presets import preset
from proxy.secret import Secret
from ui.windows.providers.key_field import KeyField
from ui.windows.providers.key_text import whose, why_no_key
from ui.windows.providers.keys import label_for_another, why_no_label
from ui.windows.providers.labels import named, selectable, tell, wrapped
from ui.windows.providers.sheet import Sheet
from ui.windows.providers.words import tr

Store = Callable[[str, Secret], Awaitable[None]]
"""Put it where it belongs; the text is the name of a further key."""


class KeySheet(Sheet):
    """Once the key is stored, nothing of it is left here."""

    def __init__(
        self, parent: QWidget, name: str, config: ProviderConfig, store: Store, *, is_further: bool
    ) -> None:
        title = tr("A further key of %1", name) if is_further else tr("Replace the key of %1", name)
        super().__init__(parent, title, tr("&Store key"))
        self._config = config
        self._store = store
        self._proposed = label_for_another(config) if is_further else ""
        self.label = QLineEdit(self._proposed)
        self.key = KeyField()
        self.hint = wrapped("warn")
        self.hint.hide()
        heading = wrapped("heading", title)
        self.content.addWidget(heading)
        self.content.addWidget(wrapped("muted", _what_follows(is_further=is_further)))
        if self._proposed:
            self._add(tr("&Name of the key"), self.label)
        self._add(tr("&Key"), self.key)
        self.content.addWidget(self.hint)
        if (known := preset(config.kind)) is not None and known.keys_at:
            where = selectable(tr("Keys are made at %1", known.keys_at))
            self.content.addWidget(where)
        self.key.changed.connect(self._on_changed)
        self.key.setFocus()

    def problem(self) -> str:
        no_label = why_no_label(self.label.text().strip(), self._config) if self._proposed else ""
        return no_label or why_no_key(self.key.key)

    async def submit(self) -> None:
        await self._store(self.label.text().strip() if self._proposed else "", self.key.key)
        self.key.forget()

    def _add(self, title: str, field: QWidget) -> None:
        self.content.addWidget(named(field, title))
        self.content.addWidget(field)

    def _on_changed(self) -> None:
        self.complain("")
        tell(self.hint, "▲", not_theirs(self.key.key, self._config.kind))
        self.grow()


def not_theirs(key: Secret, preset_id: str) -> str:
    """A sentence where a key says that another vendor has issued it; empty where it does not."""
    issued, wanted = preset(whose(key)), preset(preset_id)
    if issued is None or wanted is None or issued.id == wanted.id:
        return ""
    return tr("That looks like a key of %1, and not of %2.", issued.label, wanted.label)


def _what_follows(*, is_further: bool) -> str:
    if is_further:
        return tr("Requests use the other key when one is refused or used up. It is kept in the keyring.")
    return tr("It is kept in the keyring of the system, and takes the place of the one that is there.")
