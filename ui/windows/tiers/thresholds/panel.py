"""Profile and thresholds: which score goes to which tier."""

from collections.abc import Callable, Coroutine, Mapping

from msgspec.structs import replace
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import UserError
from proxy.config import TIER_NAMES, Profile, RoutingConfig, TierName
from proxy.config.switch import PROFILE, Switch, Until, What
from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.widgets.beside import Beside
from ui.widgets.wrapped import wrapped
from ui.windows.tiers.orders import Orders
from ui.windows.tiers.speech import tr
from ui.windows.tiers.thresholds.legend import LegendEntry
from ui.windows.tiers.thresholds.scale import Thresholds, ThresholdScale
from ui.windows.tiers.thresholds.segment import Segment
from ui.windows.tiers.thresholds.spread import Scores, spread
from ui.windows.tiers.traffic import clock
from ui.windows.tiers.words import PROFILES, band_words, bands, profile_meaning
from ui.words import count, percent

THRESHOLDS = ("routing", "thresholds")
SHIPPED = RoutingConfig().thresholds

_ENTRY_WIDTH = 17
"""In characters: entries that would be narrower stand below each other."""
_GAP = 8

Do = Callable[[Coroutine[None, None, None]], None]


class ThresholdsPanel(Panel):
    def __init__(self, orders: Orders, do: Do) -> None:
        super().__init__(tr("Profile and thresholds"))
        self._orders, self._do = orders, do
        self._routing = RoutingConfig()
        self._scores: Scores = ()
        self.profiles = {name: Segment(tr(words[0])) for name, words in PROFILES.items()}
        self.meaning = wrapped("muted")
        self.scale = ThresholdScale()
        self.scale.moved.connect(self._on_moved)
        self.scale.settled.connect(lambda values: self._do(self._set(values)))
        self.shifted = wrapped("muted")
        self.counted = wrapped("muted")
        self.legend = {tier: LegendEntry(tier) for tier in TIER_NAMES}
        self.reset = with_role(QPushButton(tr("&As shipped")), "quiet")
        self.reset.setToolTip(tr("Thresholds at %1", _listed(SHIPPED)))
        self.reset.clicked.connect(lambda: self._do(self._reset()))
        self.add_to_head(self.reset)
        self.fill(self._content())

    def show_routing(self, routing: RoutingConfig, ends: Mapping[What, Until]) -> None:
        self._routing = routing
        self.profiles[routing.profile].setChecked(True)
        self.meaning.setText(f"{profile_meaning(routing.profile)} {_until(ends.get(PROFILE))}".rstrip())
        self.scale.show_thresholds(routing.thresholds)
        self.reset.setEnabled(tuple(routing.thresholds) != SHIPPED)
        self._tell(self.scale.values)
        self.ready()

    def show_scores(self, scores: Scores) -> None:
        self._scores = scores
        self._tell(self.scale.values)

    # -- within -------------------------------------------------------------------------------------

    def _content(self) -> QWidget:
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setSpacing(8)
        rows.addLayout(self._profile_row())
        rows.addWidget(self.meaning)
        rows.addSpacing(4)
        rows.addWidget(self.scale)
        rows.addWidget(self.shifted)
        rows.addWidget(Beside(tuple(self.legend.values()), _ENTRY_WIDTH, (4, 2), _GAP))
        rows.addWidget(self.counted)
        return content

    def _profile_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        group = QButtonGroup(self)
        for name, button in self.profiles.items():
            button.setAccessibleDescription(tr("Profile: %1", profile_meaning(name)))
            button.setToolTip(profile_meaning(name))
            button.clicked.connect(lambda _is_on=False, name=name: self._do(self._choose(name)))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch()
        return row

    def _on_moved(self, values: Thresholds) -> None:
        self._tell(values)

    def _tell(self, values: Thresholds) -> None:
        """What the handles say now, whether or not it is written already."""
        routing = replace(self._routing, thresholds=values)
        borders = [start for start, _ in list(bands(routing).values())[1:]]
        self.scale.show_shifted(borders)
        is_shifted = tuple(borders) != tuple(values)
        self.shifted.setVisible(is_shifted)
        self.shifted.setText(tr("What counts under this profile, the narrow bar: %1.", _listed(borders)))
        parts = _parts(self._scores, borders)
        self.counted.setVisible(bool(parts))
        self.counted.setText(tr("Shares of the scored requests of 7 days, as these thresholds spread them."))
        for tier, entry in self.legend.items():
            entry.band.setText(band_words(tier, routing))
            entry.part.setText(parts.get(tier, ""))
            entry.part.setVisible(tier in parts)

    async def _choose(self, name: Profile) -> None:
        sentence = tr("Profile %1: %2", tr(PROFILES[name][0]).replace("&", ""), profile_meaning(name))
        try:
            await self._orders.switch(Switch(PROFILE, name), sentence)
        finally:
            self.profiles[self._orders.settings.routing.profile].setChecked(True)

    async def _set(self, values: Thresholds) -> None:
        whole = [int(each) if each == int(each) else each for each in values]
        try:
            await self._orders.write(THRESHOLDS, whole, tr("Thresholds are %1 now.", _listed(values)))
        except UserError:
            self.scale.show_thresholds(self._routing.thresholds)
            raise

    async def _reset(self) -> None:
        await self._orders.write(THRESHOLDS, None, tr("Thresholds are as shipped: %1.", _listed(SHIPPED)))


def _parts(scores: Scores, borders: list[float]) -> dict[TierName, str]:
    """Of each tier, where anything was scored at all."""
    counts = spread(scores, borders)
    total = sum(counts.values())
    if not total:
        return {}
    return {
        tier: tr("%1 (%2)", percent(requests / total), count(requests)) for tier, requests in counts.items()
    }


def _listed(values: Thresholds | list[float]) -> str:
    return " · ".join(f"{each:g}" for each in values)


def _until(end: Until | None) -> str:
    if end is None:
        return ""
    return tr("Until Tierwise ends.") if end == "run" else tr("Until %1.", clock(end))
