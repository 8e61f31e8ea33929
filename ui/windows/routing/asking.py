"""Which request is to be explained: one of the recent ones, or one of one's own."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.frame.panel import Panel
from ui.models.columns import Row
from ui.tasks import Tasks
from ui.theme.roles import with_role
from ui.windows.routing.recent_part import RecentTable
from ui.windows.routing.words import tr
from ui.windows.routing.written_part import WrittenPart

RECENT, OWN = 0, 1


class Asking(Panel):
    """`wished` is emitted when the request that is chosen is to be explained."""

    wished = Signal()

    def __init__(self, tasks: Tasks) -> None:
        super().__init__(tr("Which request?"))
        self._tasks = tasks
        self.ways = QButtonGroup(self)
        for place, name in enumerate((tr("Recent re&quests"), tr("&Your own"))):
            button = QPushButton(name)
            button.setCheckable(True)
            self.ways.addButton(button, place)
            self.add_to_head(button)
        self.ways.idClicked.connect(self.take_way)
        self.explain = with_role(QPushButton(tr("&Explain")), "primary")
        self.explain.setToolTip(tr("Ctrl+Enter"))
        self.explain.clicked.connect(self.wished)

    def build(self) -> Iterator[None]:
        self.recent = RecentTable(self)
        self.recent.opened.connect(self._on_picked)
        self.recent.clicked.connect(self._on_picked)
        self.nothing = with_role(QLabel(), "muted")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setText(
            tr("No client has asked for anything since Tierwise started. Write a request of your own.")
        )
        self.nothing.setMinimumHeight(64)
        self._of_recent = QWidget()
        rows = QVBoxLayout(self._of_recent)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.recent)
        rows.addWidget(self.nothing)
        yield
        self.own = WrittenPart(self._tasks)
        yield
        content = QWidget()
        within = QVBoxLayout(content)
        within.addWidget(self._of_recent)
        within.addWidget(self.own)
        below = QHBoxLayout()
        hint = with_role(QLabel(tr("Nothing is sent to a provider, and nothing changes.")), "muted")
        hint.setWordWrap(True)
        below.addWidget(hint, 1)
        below.addWidget(self.explain)
        within.addLayout(below)
        self.fill(content)
        self.take_way(RECENT)

    def take_way(self, way: int) -> None:
        self.ways.button(way).setChecked(True)
        self._of_recent.setVisible(way == RECENT)
        self.own.setVisible(way == OWN)

    @property
    def way(self) -> int:
        return self.ways.checkedId()

    def show_recent(self, rows: Sequence[Row]) -> None:
        self.recent.show_rows(rows)
        self.recent.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.own.offer_clients(row["client"] for row in rows)
        self.ready()

    def _on_picked(self, _index: QModelIndex) -> None:
        self.wished.emit()
