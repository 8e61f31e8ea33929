"""The one style sheet: shapes and distances. What is not said here, Qt's Fusion style draws from the palette.

Pictures of arrows and ticks come from files, found under `controls:`, for a style sheet draws none itself.
Widgets are told apart by what they are, by `role` (a property, see `roles.py`) and by nothing else.
"""

from string import Template

from PySide6.QtGui import QColor

from ui.theme.colors import Colors
from ui.theme.palette import mixed

_SHEET = Template("""
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 6px; }

QFrame[role="panel"] { background: $surface; border: 1px solid $border; border-radius: 8px; }
QLabel[role="title"] { font-size: 17pt; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="figure"] { font-size: 20pt; font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="good"] { color: $good; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="badge"] {
    background: $raised; color: $text; border: 1px solid $border; border-radius: 8px; padding: 1px 7px;
}

QListWidget[role="navigation"] {
    background: $surface; border: none; border-right: 1px solid $border; outline: none; padding: 6px;
}
QListWidget[role="navigation"]::item { padding: 8px 10px; border-radius: 6px; margin: 1px 0; color: $text; }
QListWidget[role="navigation"]::item:hover { background: $raised; }
QListWidget[role="navigation"]::item:selected { background: $selection; color: $text; }
QListWidget[role="navigation"]::item:selected:focus { border: 2px solid $accent; padding: 6px 8px; }

QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget[role="page"] { background: transparent; }

QPushButton {
    background: $surface; border: 1px solid $border; border-radius: 6px; padding: 5px 12px; min-height: 18px;
}
QPushButton:hover { background: $raised; }
QPushButton:pressed { background: $selection; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 11px; }
QPushButton:checked { background: $selection; border-color: $accent; }
QPushButton:disabled { color: $faint; }
QPushButton[role="primary"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $raised; color: $faint; border-color: $border; }
QPushButton[role="quiet"] {
    background: transparent; border-color: transparent; color: $accent; padding: 4px 8px;
}
QPushButton[role="quiet"]:hover { background: $raised; }
QPushButton[role="quiet"]:focus { border: 2px solid $accent; padding: 3px 7px; }
QPushButton[role="quiet"]:disabled { color: $faint; }

QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit, QDateEdit {
    background: $surface; border: 1px solid $border; border-radius: 6px; padding: 4px 8px; color: $text;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit { min-height: 18px; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus,
QDateEdit:focus { border: 2px solid $accent; padding: 3px 7px; }
QLineEdit:read-only { background: $raised; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border; padding: 4px; }
QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down {
    border: none; width: 22px; subcontrol-origin: padding; subcontrol-position: center right;
}
QComboBox::down-arrow, QDateEdit::down-arrow, QDateTimeEdit::down-arrow {
    image: url(controls:arrow-$scheme.png); width: 10px; height: 6px;
}
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QDateEdit:disabled {
    background: $raised; color: $faint;
}

QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {
    width: 14px; height: 14px; background: $surface; border: 1px solid $muted; border-radius: 4px;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus {
    border: 2px solid $accent; width: 12px; height: 12px;
}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
    background: $accent; border-color: $accent; image: url(controls:check-$scheme.png);
}
QRadioButton::indicator:checked {
    background: $accent; border-color: $accent; image: url(controls:dot-$scheme.png);
}
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus { border: 2px solid $text; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {
    background: $raised; border-color: $border;
}

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px 8px; }
QToolButton:hover { background: $raised; }
QToolButton:checked { background: $selection; border-color: $accent; }
QToolButton:focus { border: 2px solid $accent; padding: 3px 7px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
    width: 0; border: none;
}

QTableView, QTreeView, QListView { background: $surface; border: none; outline: none; gridline-color: $grid; }
QTableView::item, QTreeView::item { padding: 0 5px; border-bottom: 1px solid $grid; }
QTableView::item:hover, QTreeView::item:hover { background: $raised; }
QTableView::item:selected, QTreeView::item:selected { background: $selection; color: $text; }
QTableView:focus, QTreeView:focus { border: 2px solid $accent; border-radius: 4px; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
    background: transparent; color: $muted; border: none; border-bottom: 1px solid $border; padding: 6px 8px;
}

QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle {
    background: $border; border-radius: 4px; margin: 2px; min-height: 28px; min-width: 28px;
}
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 24px; border-radius: 4px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: 4px 6px; }

QFrame[role="notice"] { background: $raised; border: 1px solid $border; border-radius: 8px; }
QFrame[role="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
QProgressBar { background: $raised; border: none; border-radius: 4px; max-height: 8px; min-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
""")


def style_sheet(colors: Colors) -> str:
    named = (
        "ground", "surface", "raised", "border", "text", "muted", "accent", "on_accent", "selection",
        "good", "warn", "bad", "grid",
    )  # fmt: skip
    values: dict[str, QColor] = {name: getattr(colors, name) for name in named}
    values["faint"] = mixed(colors.text, colors.surface, 0.45)
    values["accent_hover"] = mixed(colors.accent, colors.text, 0.85)
    scheme = "dark" if colors.is_dark else "light"
    return _SHEET.substitute({name: color.name() for name, color in values.items()}, scheme=scheme)
