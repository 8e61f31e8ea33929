"""Looks and manners of the program: the theme, and what becomes of the window."""

from typing import cast

from app.preferences.preferences import Standing
from ui.theme.theme import Choice as ThemeChoice
from ui.widgets.fields import Choice
from ui.widgets.switch import Switch
from ui.windows.settings.row import Row
from ui.windows.settings.section import Section, Surroundings

_THEME = ("ui", "theme")
_AT_START = ("ui", "window_at_start")
_CLOSE_TO_TRAY = ("ui", "close_to_tray")


class GeneralSection(Section):
    """What is chosen acts at once."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(self.tr("General"), around)
        self.theme = Choice(
            (
                ("system", self.tr("As the desktop")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
            )
        )
        self.theme.chosen.connect(self._on_theme)
        self.at_start = Choice(
            (
                ("useful", self.tr("Opens if nothing is set up")),
                ("open", self.tr("Opens")),
                ("minimised", self.tr("Starts minimised")),
            )
        )
        self.at_start.chosen.connect(self._on_start)
        self.close_to_tray = Switch()
        self.close_to_tray.clicked.connect(self._on_close)
        self.theme_row = Row(self.tr("&Theme"), self.theme, self.tr("The colours of all windows."))
        self.start_row = Row(
            self.tr("&Window at the start"),
            self.at_start,
            self.tr(
                "Minimised, only the tray icon appears. Where the desktop has no tray, the window opens."
            ),
        )
        self.close_row = Row(
            self.tr("&Close to the tray"),
            self.close_to_tray,
            self.tr("Closing the window leaves Tierwise running behind its tray icon. Off: it quits."),
        )
        self.add(self.theme_row, self.start_row, self.close_row)

    def show_values(self, standing: Standing) -> None:
        ui = standing.written.ui
        self.theme.show_value(ui.theme)
        self.at_start.show_value(ui.window_at_start)
        self.close_to_tray.setChecked(ui.close_to_tray)
        self.around.theme.choose(ui.theme)

    def _on_theme(self, choice: str) -> None:
        self.around.theme.choose(cast("ThemeChoice", choice))
        told = self.tr("The theme is “%1” now.").replace("%1", self.theme.currentText())
        self.set(self.theme_row, _THEME, choice, told)

    def _on_start(self, choice: str) -> None:
        sentences = {
            "useful": self.tr("The window opens at the start as long as nothing is set up."),
            "open": self.tr("The window opens at every start."),
            "minimised": self.tr("Tierwise starts minimised, as a tray icon."),
        }
        self.set(self.start_row, _AT_START, choice, sentences[choice])

    def _on_close(self, stays: bool) -> None:  # noqa: FBT001 -- Qt's signal
        told = (
            self.tr("Closing the window leaves Tierwise running.")
            if stays
            else self.tr("Closing the window quits Tierwise.")
        )
        self.set(self.close_row, _CLOSE_TO_TRAY, stays, told)
