"""Both schemes can be read: text of every weight and meaning, on everything that lies behind it."""

import itertools

import pytest
from PySide6.QtGui import QColor

from ui.theme.colors import Colors, dark, light

TEXTS = ("text", "muted", "accent", "good", "warn", "bad")
GROUNDS = ("ground", "surface", "raised", "selection")
LEAST = 4.5
"""What WCAG asks of ordinary text at level AA."""


def luminance(color: QColor) -> float:
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    )
    return sum(part * share for part, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: QColor, other: QColor) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [light(), dark()], ids=["light", "dark"])
def test_every_text_on_every_ground_can_be_read(scheme: Colors) -> None:
    pairs = [*itertools.product(TEXTS, GROUNDS), ("on_accent", "accent")]
    found = {pair: contrast(getattr(scheme, pair[0]), getattr(scheme, pair[1])) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < LEAST} == {}
