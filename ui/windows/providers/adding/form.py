"""The form for one provider: its name, where it is, and where its key is."""

from collections.abc import Collection
from typing import Final

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.providers.described import details_of
from app.providers.wish import KeySource, Wish
from proxy.secret import Secret
from ui.widgets.fields import Choice as Chooser
from ui.windows.providers.adding.choices import Choice, free_name
from ui.windows.providers.adding.field import FormField
from ui.windows.providers.adding.wishes import Field, Filled, problems, sources, wish
from ui.windows.providers.key_field import KeyField
from ui.windows.providers.key_sheet import not_theirs
from ui.windows.providers.labels import selectable, tell, wrapped
from ui.windows.providers.words import later, tr

_SOURCES: Final = {
    KeySource.STDIN: later("In the keyring of the system: paste it here"),
    KeySource.ENVIRONMENT: later("In an environment variable"),
    KeySource.NONE: later("None is needed"),
    KeySource.CLIENT: later("Each client brings its own"),
    KeySource.UNSAID: later("The credentials of my account on this machine"),
}
_DETAILS: Final = {
    "region": later("&Region"),
    "project": later("&Project"),
    "location": later("&Location"),
    "api_version": later("API &version"),
}


class Form(QWidget):
    """What stands in it becomes a wish, and a key that is kept apart from it."""

    def __init__(self, choice: Choice, taken: Collection[str]) -> None:
        super().__init__()
        self._choice = choice
        self._taken = taken
        self.name = QLineEdit(free_name(choice.name, taken))
        self.address = QLineEdit()
        self.address.setPlaceholderText(choice.usual_address or "https://…")
        self.source = Chooser([(each.value, tr(_SOURCES[each])) for each in sources(choice)])
        self.variable = QLineEdit(choice.key_variable)
        self.key = KeyField()
        self.details = {name: QLineEdit() for name in details_of(choice.kind)}
        is_usual = bool(choice.usual_address) and not choice.needs_address
        self.fields: dict[str, FormField] = {
            "name": FormField(tr("&Name"), self.name, tr("Tiers and the record call it so.")),
            "address": FormField(
                tr("&Address"), self.address, tr("Empty: the usual one.") if is_usual else ""
            ),
            **{
                f"detail {name}": FormField(tr(_DETAILS[name]), field) for name, field in self.details.items()
            },
            "source": FormField(tr("&Where its key is"), self.source),
            "variable": FormField(tr("Name of the var&iable"), self.variable),
            "key": FormField(tr("&Key"), self.key),
        }
        self.key.line.setAccessibleName(tr("Key"))
        self.hint = wrapped("warn")
        self.hint.hide()
        self.keys_at = selectable(_where_from(choice))
        self._lay_out()
        self.source.chosen.connect(self._show_source)
        self.key.changed.connect(self._on_key)
        self._show_source()

    @property
    def wish(self) -> Wish:
        return wish(self._choice, self._filled)

    @property
    def secret(self) -> Secret | None:
        return self.key.key if self._source is KeySource.STDIN else None

    def begin(self) -> None:
        """In the field that has to be filled in."""
        if self._choice.needs_address:
            self.address.setFocus()
        elif self._source is KeySource.STDIN:
            self.key.setFocus()
        else:
            self.name.setFocus()

    def judge(self) -> bool:
        """Whether it can be tried; what is in the way stands beside each field."""
        found = problems(self._choice, self._filled, self._taken)
        first = next((name for name in self.fields if _kind(name) in found), None)
        for name, field in self.fields.items():
            field.complain(found.get(_kind(name), "") if name == first or _kind(name) != "detail" else "")
        if first is not None:
            self.fields[first].field.setFocus()
        return first is None

    @property
    def _source(self) -> KeySource:
        return KeySource(self.source.value)

    @property
    def _filled(self) -> Filled:
        return Filled(
            name=self.name.text().strip(),
            address=self.address.text().strip(),
            source=self._source,
            variable=self.variable.text().strip(),
            key=self.key.key,
            details={name: field.text().strip() for name, field in self.details.items()},
        )

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        for field in self.fields.values():
            rows.addWidget(field)
        rows.addWidget(self.hint)
        rows.addWidget(self.keys_at)
        rows.addStretch()

    def _show_source(self, *_: object) -> None:
        self.fields["key"].setVisible(self._source is KeySource.STDIN)
        self.fields["variable"].setVisible(self._source is KeySource.ENVIRONMENT)
        self.keys_at.setVisible(bool(self.keys_at.text()) and self._source is not KeySource.CLIENT)
        self.hint.hide()

    def _on_key(self) -> None:
        self.fields["key"].complain("")
        tell(self.hint, "▲", not_theirs(self.key.key, self._choice.preset))


def _kind(name: str) -> Field:
    kind: Field = name.partition(" ")[0]  # type: ignore[assignment] # one of them, or "source", which is never wrong
    return kind


def _where_from(choice: Choice) -> str:
    if not choice.keys_at:
        return ""
    return tr("More about it: %1" if choice.is_local else "Keys are made at %1", choice.keys_at)
