"""The lines above the table: what can be done with it, what is on show, and whether it follows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ui.theme.roles import with_role
from ui.windows.logs.following import News, Pause
from ui.windows.logs.wanted import Wanted


class Head(QWidget):
    """The title, and three buttons."""

    def __init__(self, title: QLabel) -> None:
        super().__init__()
        self.follow = QPushButton(self.tr("&Follow"))
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.setToolTip(self.tr("New requests appear at the top as they end (F in the table)"))
        self.columns = QPushButton(self.tr("Colu&mns"))
        self.export = QPushButton(self.tr("Ex&port"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(title, 1)
        for button in (self.follow, self.columns, self.export):
            row.addWidget(button)


class StateLine(QWidget):
    """What is on show as a sentence, and what waits to be shown."""

    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sentence = with_role(QLabel(), "muted")
        self.sentence.setWordWrap(True)
        self.clear = with_role(QPushButton(self.tr("C&lear")), "quiet")
        self.clear.setToolTip(self.tr("Show all requests again"))
        self.clear.clicked.connect(self.cleared)
        self.live = with_role(QLabel(), "muted")
        self.news = with_role(QPushButton(), "quiet")
        self.news.setToolTip(self.tr("Go to the top, where they are"))
        self.news.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.sentence, 1)
        for widget in (self.clear, self.live, self.news):
            row.addWidget(widget)
        # As high as with its buttons, so that the table stays where it is when they come and go.
        self.setMinimumHeight(self.news.sizeHint().height())
        self.show_live(None, None)

    def show_wanted(self, wanted: Wanted) -> None:
        self.sentence.setText(wanted.sentence())
        self.clear.setVisible(wanted != Wanted())

    def show_live(self, pause: Pause | None, news: News | None) -> None:
        self.live.setText(
            {
                None: self.tr("● Live"),
                Pause.OFF: self.tr("❚❚ Not following"),
                Pause.SCROLLED: self.tr("❚❚ Waiting: scrolled down"),
                Pause.SELECTED: self.tr("❚❚ Waiting: a row is selected (Esc)"),
            }[pause]
        )
        count = news.count if news is not None else 0
        self.news.setVisible(count > 0)
        if news is not None and count:
            self.news.setText(self.tr("%1 new ↑").replace("%1", news.count_text))
