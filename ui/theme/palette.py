"""The colours as Qt's own palette, so that every widget has them without being told."""

from PySide6.QtGui import QColor, QPalette

from ui.theme.colors import Colors

_FAINT = 0.45
"""How much of a disabled text is left."""


def palette_of(colors: Colors) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for each, color in (
        (role.Window, colors.ground),
        (role.WindowText, colors.text),
        (role.Base, colors.surface),
        (role.AlternateBase, colors.raised),
        (role.ToolTipBase, colors.raised),
        (role.ToolTipText, colors.text),
        (role.Text, colors.text),
        (role.Button, colors.surface),
        (role.ButtonText, colors.text),
        (role.BrightText, colors.bad),
        (role.Highlight, colors.accent),
        (role.HighlightedText, colors.on_accent),
        (role.Accent, colors.accent),
        (role.Link, colors.accent),
        (role.LinkVisited, colors.accent),
        (role.PlaceholderText, colors.muted),
        (role.Light, colors.raised),
        (role.Midlight, colors.raised),
        (role.Mid, colors.border),
        (role.Dark, colors.border),
        (role.Shadow, colors.border),
    ):
        palette.setColor(each, color)
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, mixed(colors.text, colors.ground, _FAINT))
    return palette


def mixed(upper: QColor, lower: QColor, share: float) -> QColor:
    """So much of the upper colour over the lower one."""
    pairs = (
        (upper.red(), lower.red()),
        (upper.green(), lower.green()),
        (upper.blue(), lower.blue()),
    )
    return QColor(*(round(above * share + below * (1 - share)) for above, below in pairs))
