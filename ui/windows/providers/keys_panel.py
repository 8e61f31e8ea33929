"""The keys of the chosen provider: where each is, what to do about it, and another one in its place."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from proxy.secret import Secret
from ui.copied_secret import CopiedSecret
from ui.frame.panel import Panel
from ui.widgets.tab_order import put_in_tab_order
from ui.windows.providers.key_line import KeyLine
from ui.windows.providers.key_sheet import KeySheet, Store
from ui.windows.providers.keys import Key, adding, replacing
from ui.windows.providers.labels import quiet_button
from ui.windows.providers.surroundings import Surroundings
from ui.windows.providers.words import gone, tr

Work = Callable[[Key], Coroutine[None, None, None]]


class KeysPanel(Panel):
    """It tells of keys; one is shown only when the user says so, and never for long."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(tr("Keys"))
        self._around = around
        self._name = ""
        self._keys: list[Key] = []
        self.lines: dict[str, KeyLine] = {}
        self._content = QWidget()
        self._rows = QVBoxLayout(self._content)
        self._rows.setSpacing(10)
        self.add = quiet_button(tr("&Add another key …"))
        self.add.clicked.connect(lambda: around.do(self._add()))
        self.add_to_head(self.add)
        self.fill(self._content)

    def show_keys(self, name: str, keys: Sequence[Key]) -> None:
        if (name, list(keys)) != (self._name, self._keys):
            self._name, self._keys = name, list(keys)
            self._rebuild()
        self.ready()

    def wait_for(self, name: str) -> None:
        """The keyring has not told yet."""
        self._name, self._keys = name, []
        self._rebuild()
        self.empty(tr("Looking for the keys of %1 …", name))

    async def _replace(self, key: Key) -> None:
        name, desk = self._name, self._around.desk

        async def store(_label: str, secret: Secret) -> None:
            await desk.providers.add(replacing(name, key.form), secret)

        if await self._answered(store, is_further=False):
            self._around.host.say(tr("The new key of %1 is stored, and used from the next request on.", name))

    async def _add(self) -> None:
        name, desk = self._name, self._around.desk

        async def store(label: str, secret: Secret) -> None:
            await desk.providers.add(adding(name, label), secret)

        if await self._answered(store, is_further=True):
            self._around.host.say(tr("%1 has a further key.", name))

    async def _answered(self, store: Store, *, is_further: bool) -> bool:
        config = self._around.desk.settings.providers.get(self._name)
        if config is None:
            self._around.host.say(gone(self._name))
            return False
        sheet = KeySheet(self.window(), self._name, config, store, is_further=is_further)
        is_stored = await sheet.answered()
        if is_stored:
            self._around.ask_anew()
        return is_stored

    async def _reveal(self, key: Key) -> None:
        name = self._name
        question = tr("Show the key of %1?", name)
        advice = tr("Everybody who sees this screen can read it. It is hidden again after half a minute.")
        if not await self._around.host.confirmed(question, advice, tr("Show it")):
            return
        secret = await self._stored(key)
        line = self.lines.get(key.form) if self._name == name and self.isVisible() else None
        if secret is not None and line is not None:
            line.show_key(secret)

    async def _copy(self, key: Key) -> None:
        if (secret := await self._stored(key)) is not None:
            CopiedSecret(secret)
            self._around.host.say(tr("The key is in the clipboard, for one minute."))

    async def _stored(self, key: Key) -> Secret | None:
        secret = await self._around.desk.program.keyring.get(key.stored_as)
        if secret is None:
            self._around.host.say(tr("The key is no longer in the keyring."))
        return secret

    def _rebuild(self) -> None:
        for line in self.lines.values():
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = {key.form: KeyLine(key) for key in self._keys}
        for key in self._keys:
            line = self.lines[key.form]
            self._rows.addWidget(line)
            for button, work in (
                (line.replace, self._replace),
                (line.reveal, self._reveal),
                (line.copy, self._copy),
            ):
                button.clicked.connect(partial(self._begin, work, key))
        put_in_tab_order(self._content, self.lines.values())

    def _begin(self, work: Work, key: Key) -> None:
        self._around.do(work(key))
