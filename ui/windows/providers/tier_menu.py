"""The menu in which a model is put into a tier: before all others, or behind them."""

from collections.abc import Callable, Collection

from PySide6.QtWidgets import QMenu, QWidget

from app.tiers.lists import Manner
from proxy.config import TIER_NAMES, TierName
from ui.windows.providers.words import tr

Use = Callable[[TierName, Manner], None]


class TierMenu(QMenu):
    """One submenu for each tier; its title says whether the model serves it already."""

    def __init__(self, use: Use, parent: QWidget) -> None:
        super().__init__(parent)
        self._menus = {tier: self._submenu(tier, use) for tier in TIER_NAMES}

    def tell(self, tiers: Collection[str]) -> None:
        """In which of them the model is already."""
        for tier, menu in self._menus.items():
            menu.setTitle(tr("%1 (serves there)", tier) if tier in tiers else tier)
            behind = menu.actions()[1]
            behind.setEnabled(tier not in tiers)

    def _submenu(self, tier: TierName, use: Use) -> QMenu:
        menu = self.addMenu(tier)
        menu.addAction(tr("&Before all others"), lambda: use(tier, Manner.FIRST))
        menu.addAction(tr("Be&hind all others"), lambda: use(tier, Manner.ADD))
        return menu
