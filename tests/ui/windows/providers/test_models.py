"""The models of a running Tierwise's provider: prices that hold in and out of tiers, and its list or none."""

from pathlib import Path

from tests.ui.windows.providers.stage import staged
from tests.ui.windows.providers.test_page import ALONE
from ui.loop import QtLoop
from ui.windows.providers.models_panel import ModelsPanel


def prices(panel: ModelsPanel) -> dict[str, str]:
    found = {}
    for place in range(panel.table.model().rowCount()):
        panel.table.selectRow(place)
        assert panel.row is not None
        found[panel.row["model"]] = panel.row["price"]
    return found


async def test_a_model_on_this_computer_is_free_in_a_tier_or_not(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        assert prices(stage.page.details.models) == dict.fromkeys(("small", "middle", "large"), "free")


async def test_a_suggested_model_of_a_vendor_has_its_list_price(qt_loop: QtLoop, tmp_path: Path) -> None:
    config = '[local]\nenabled = false\n[providers.other]\nkind = "anthropic"\nenabled = false\n'
    async with staged(tmp_path, config) as stage:
        await stage.open()
        found = prices(stage.page.details.models)
        assert found
        assert all(each.startswith("$") for each in found.values())


async def test_of_one_that_is_off_it_is_said_that_its_list_was_not_asked_for(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    config = ALONE.replace("[providers.mine]", "[providers.mine]\nenabled = false")
    async with staged(tmp_path, config) as stage:
        await stage.open()
        models = stage.page.details.models
        assert models.note.text().startswith("It is off, so its list was not asked for")
        assert "has not listed it" not in models.told.told.text()
        assert "serves SIMPLE" in models.told.told.text()
        assert stage.fake.asked == []


async def test_what_is_not_in_a_list_that_came_in_is_said_not_to_be_listed(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path, ALONE.replace("mine/small", "mine/gone")) as stage:
        await stage.open()
        models = stage.page.details.models
        models.search.setText("gone")
        assert "The provider has not listed it." in models.told.told.text()
