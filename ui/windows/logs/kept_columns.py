"""The choice of columns is read when the page is made, and kept when the user makes another one."""

import asyncio
from pathlib import Path

from app.preferences.log_columns import keep_columns, kept_columns
from ui.windows.logs.column_menu import ColumnMenu


class KeptColumns:
    """One after the other, so that the last choice is the one that is kept."""

    def __init__(self, menu: ColumnMenu, folder: Path) -> None:
        self._menu = menu
        self._folder = folder
        self._turn = asyncio.Lock()
        self._is_chosen_anew = False

    async def bring_back(self) -> None:
        async with self._turn:
            kept = await asyncio.to_thread(kept_columns, self._folder)
        if not self._is_chosen_anew:
            self._menu.show_choice(kept)

    async def keep(self, names: frozenset[str] | None) -> None:
        self._is_chosen_anew = True
        async with self._turn:
            await asyncio.to_thread(keep_columns, self._folder, names)
