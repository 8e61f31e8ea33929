"""The newest requests; Enter leads to the whole story of one."""

from collections.abc import Callable

from ui.windows.overview.list_panel import Listed, ListPanel
from ui.windows.overview.recent import SPARE, columns
from ui.windows.overview.speech import tr


def recent_panel(open_: Callable[[str | None], object]) -> ListPanel:
    """`open_` is told the id of an exchange, or None for all of them."""
    listed = Listed(
        title=tr("Recent requests"),
        name=tr("Recent requests"),
        columns=columns(),
        spare=SPARE,
        key="id",
        all=tr("&All requests"),
        nothing=tr("No request yet. Point a client at the address above, and it appears here at once."),
    )
    return ListPanel(listed, open_)
