"""The four numbers that matter most, each with what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.frame.page import GAP
from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.windows.usage.asking import Line
from ui.windows.usage.grid import Grid
from ui.windows.usage.told import left_out
from ui.words import UNKNOWN, count, money, percent, short_count

_NARROWEST = 190


@dataclass(frozen=True, slots=True)
class Told:
    """A number, and names and numbers of its parts."""

    figure: str
    parts: tuple[tuple[str, str], ...]


def told(totals: Line) -> dict[str, Told]:
    """By the title of each. What is unknown is a dash."""
    subscription = totals["subscription"]
    return {
        "requests": Told(
            count(totals["requests"]),
            (
                (_tr("Failed"), count(totals["errors"])),
                (_tr("Cancelled"), count(totals["cancelled"])),
                (_tr("Tried again"), count(totals["retries"])),
                (_tr("On a subscription"), count(subscription["requests"])),
            ),
        ),
        "tokens": Told(
            short_count(totals["totalTokens"]),
            (
                (_tr("Input"), short_count(totals["input_tokens"])),
                (_tr("Cache read"), short_count(totals["cache_read_tokens"])),
                (_tr("Cache written"), short_count(totals["cache_write_tokens"])),
                (_tr("Output"), short_count(totals["output_tokens"])),
            ),
        ),
        "cost": Told(
            money(totals["cost_usd"]),
            (
                (_tr("Baseline"), money(totals["baseline_usd"])),
                (_tr("Compared with it"), count(totals["compared"]["requests"])),
                (_tr("Price unknown"), count(totals["unpriced"])),
                (_tr("Cache hits"), share(totals["cache_hit_share"])),
            ),
        ),
        "saved": _saved(totals),
    }


def _saved(totals: Line) -> Told:
    """Net: what was lost is taken off, and more may be lost than gained."""
    parts = totals["compared"]
    return Told(
        money(totals["saved_usd"]),
        (
            (_tr("Of the baseline"), in_percent(totals["saved_percent"])),
            (_tr("Measured"), _part(parts["measured"])),
            (_tr("Estimated"), _part(parts["estimated"])),
        ),
    )


def in_percent(hundredths: float | None) -> str:
    return UNKNOWN if hundredths is None else f"{round(hundredths)} %".replace("-", "−")


def share(part: float | None) -> str:
    return percent(part)


def _part(part: Mapping[str, float]) -> str:
    return money(part["saved_usd"]) if part["requests"] else UNKNOWN


class Figures(QWidget):
    """Four panels beside each other, or as many as fit; below them what the dollars leave out."""

    def __init__(self) -> None:
        super().__init__()
        grid = Grid(_NARROWEST, 4)
        self.left_out = with_role(QLabel(), "muted")
        self.left_out.setWordWrap(True)
        self.left_out.setTextFormat(Qt.TextFormat.PlainText)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GAP)
        rows.addWidget(grid)
        rows.addWidget(self.left_out)
        self.cards = {
            "requests": _Card(self.tr("Requests")),
            "tokens": _Card(self.tr("Tokens")),
            "cost": _Card(self.tr("Cost")),
            "saved": _Card(self.tr("Saved, net")),
        }
        for card in self.cards.values():
            grid.add(card)

    def show_totals(self, totals: Line) -> None:
        for name, number in told(totals).items():
            self.cards[name].show_number(number)
        sentences = left_out(totals)
        self.left_out.setText("\n".join(sentences))
        self.left_out.setVisible(bool(sentences))


class _Card(Panel):
    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.number = with_role(QLabel(), "figure")
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._parts: list[tuple[QLabel, QLabel]] = []
        content = QWidget()
        self._rows = QGridLayout(content)
        self._rows.setHorizontalSpacing(8)
        self._rows.setVerticalSpacing(2)
        self._rows.setColumnStretch(0, 1)
        self._rows.addWidget(self.number, 0, 0, 1, 2)
        self.fill(content)
        self.ready()

    def show_number(self, told: Told) -> None:
        self.number.setText(told.figure)
        while len(self._parts) < len(told.parts):
            self._add_part()
        for labels, texts in zip(self._parts, told.parts, strict=True):
            for label, text in zip(labels, texts, strict=True):
                label.setText(text)
        spoken = ", ".join(f"{name} {value}" for name, value in told.parts)
        self.setAccessibleDescription(f"{told.figure}; {spoken}")

    def _add_part(self) -> None:
        row = len(self._parts) + 1
        name, value = with_role(QLabel(), "muted"), QLabel()
        value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._rows.addWidget(name, row, 0)
        self._rows.addWidget(value, row, 1)
        self._rows.setRowStretch(row, 0)
        self._rows.setRowStretch(row + 1, 1)
        self._parts.append((name, value))


def _tr(text: str) -> str:
    return QCoreApplication.translate("usage", text)
