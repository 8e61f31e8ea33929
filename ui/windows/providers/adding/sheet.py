"""The dialog in which a provider is added: choose one, say where its key is, and it is tried out."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.desk.desk import Desk
from app.providers.wish import Wish
from proxy.secret import Secret
from ui.frame.scrolling import scrolling
from ui.theme.roles import with_role
from ui.windows.providers.adding.choices import Choice, choices
from ui.windows.providers.adding.form import Form
from ui.windows.providers.adding.offers import Offer, offers
from ui.windows.providers.adding.preset_list import PresetList
from ui.windows.providers.labels import wrapped
from ui.windows.providers.sheet import Sheet
from ui.windows.providers.words import tr

_SIZE = (560, 560)
_MOST_OFFERS = 4


class AddSheet(Sheet):
    """`added` is the name of the new provider, once it is there."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, tr("Add a provider"), tr("&Next"))
        self.added = ""
        self._desk = desk
        self.form: Form | None = None
        self.resize(min(_SIZE[0], parent.width()), min(_SIZE[1], parent.height()))
        self.heading = wrapped("heading", tr("Add a provider"))
        self.about = wrapped("muted", tr("Choose who is to answer. Nobody pays to stand in this list."))
        self.presets = PresetList()
        self.presets.opened.connect(self._on_chosen)
        self.offers = QWidget()
        self.offers.hide()
        self._offer_rows = QVBoxLayout(self.offers)
        self._offer_rows.setContentsMargins(0, 0, 0, 0)
        self._offer_rows.setSpacing(6)
        first = QWidget()
        rows = QVBoxLayout(first)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        rows.addWidget(self.offers)
        rows.addWidget(self.presets, 1)
        self._places = QStackedWidget()
        self._places.addWidget(first)
        self.back = QPushButton(tr("&Back"))
        self.back.clicked.connect(self._go_back)
        self.back.hide()
        self.buttons.insertWidget(0, self.back)
        self.content.addWidget(self.heading)
        self.content.addWidget(self.about)
        self.content.addWidget(self._places, 1)
        self.presets.search.setFocus()
        self.tasks.start(self._look())

    def work(self) -> None:
        if self.form is None:
            self.presets.open_current()
        else:
            self.complain("")
            if self.form.judge():
                super().work()

    async def submit(self) -> None:
        if (form := self.form) is not None:
            await self._add(form.wish, form.secret)
            form.key.forget()

    async def _add(self, wish: Wish, key: Secret | None = None) -> None:
        self.added = (await self._desk.providers.add(wish, key)).name

    async def _look(self) -> None:
        """Both answer fast: from the settings, and from what was looked around for already."""
        self.presets.show_choices(choices(await self._desk.providers.presets()))
        program = self._desk.program
        self._show_offers(offers(self._desk.settings, program.environ, program.local_servers() or ()))

    def _show_offers(self, found: Sequence[Offer]) -> None:
        for offer in found[:_MOST_OFFERS]:
            line = with_role(QFrame(), "notice")
            row = QHBoxLayout(line)
            row.setContentsMargins(12, 6, 6, 6)
            button = QPushButton(tr("Add it"))
            button.setAccessibleName(tr("Add %1", offer.label))
            button.setAccessibleDescription(offer.sentence)
            button.clicked.connect(partial(self._take, offer))
            row.addWidget(wrapped(text=offer.sentence), 1)
            row.addWidget(button)
            self._offer_rows.addWidget(line)
        self.offers.setVisible(bool(found))

    def _take(self, offer: Offer) -> None:
        self.carry_out(lambda: self._add(offer.wish))

    def _on_chosen(self, choice: Choice) -> None:
        self.form = Form(choice, self._desk.settings.providers)
        self.heading.setText(choice.label)
        self.about.setText(choice.about)
        self._places.addWidget(_scrolling(self.form))
        self._places.setCurrentIndex(1)
        self.yes.setText(tr("Add and &test"))
        self.back.show()
        self.form.begin()

    def _go_back(self) -> None:
        form, self.form = self.form, None
        if form is not None:
            form.key.forget()
        if (place := self._places.widget(1)) is not None:
            self._places.removeWidget(place)
            place.deleteLater()
        self.complain("")
        self.heading.setText(tr("Add a provider"))
        self.about.setText(tr("Choose who is to answer. Nobody pays to stand in this list."))
        self.yes.setText(tr("&Next"))
        self.back.hide()
        self.presets.search.setFocus()


def _scrolling(form: Form) -> QScrollArea:
    area = scrolling(with_role(form, "page"))
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
