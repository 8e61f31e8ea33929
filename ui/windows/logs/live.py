"""Keeps the top of the table up to date, without ever moving what somebody looks at."""

from PySide6.QtCore import QModelIndex, QObject, Signal
from PySide6.QtWidgets import QTableView

from ui.models.columns import Row
from ui.models.pages import PagesModel
from ui.windows.logs.following import NO_NEWS, Newest, News, Pause, in_their_places, is_due, news_of, pause_of


class Live(QObject):
    """`changed` tells of another pause or count; `too_far` that the table has to begin anew."""

    changed = Signal()
    too_far = Signal()

    def __init__(self, model: PagesModel, view: QTableView, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._view = view
        self._follows = True
        self._newest: Newest | None = None
        self._found = NO_NEWS
        """Among the newest, as long as they wait."""
        self.pause: Pause | None = None
        self.news: News = NO_NEWS
        view.verticalScrollBar().valueChanged.connect(self._settle)
        view.selectionModel().selectionChanged.connect(self._settle)
        model.began.connect(self._look)
        model.fetched.connect(self._look)

    def follow(self, follows: bool) -> None:  # noqa: FBT001 -- what a toggle tells
        self._follows = follows
        self._settle()

    def show_newest(self, newest: Newest) -> None:
        self._newest = newest
        self._look()

    def forget(self) -> None:
        """What was newest is not asked for any more."""
        self._newest = None
        self._look()

    def go_to_top(self) -> None:
        """To what is new, and go on from there."""
        self._view.selectionModel().clearSelection()
        self._view.setCurrentIndex(QModelIndex())
        self._view.scrollToTop()
        self._take(self.news)
        self._view.setFocus()

    def _look(self) -> None:
        """Which of the newest are not there yet: asked when some have come, and not with every step of a
        scroll bar."""
        self._found = NO_NEWS if self._newest is None else news_of(self._newest, self._is_due)
        self._settle()

    def _settle(self) -> None:
        is_at_top = self._view.verticalScrollBar().value() == 0
        pause = pause_of(
            follows=self._follows,
            is_at_top=is_at_top,
            has_selection=self._view.selectionModel().hasSelection(),
        )
        news = self._found
        if pause is None:
            self._take(news)
            news = NO_NEWS
        if (pause, news) != (self.pause, self.news):
            self.pause, self.news = pause, news
            self.changed.emit()

    def _is_due(self, row: Row) -> bool:
        return is_due(row, self._model)

    def _take(self, news: News) -> None:
        self._newest, self._found = None, NO_NEWS
        if news.has_gap:
            self.too_far.emit()
        elif news.count:
            self._model.put_first(in_their_places(news.rows, self._model))
        if self.news is not NO_NEWS:
            self.news = NO_NEWS
            self.changed.emit()
