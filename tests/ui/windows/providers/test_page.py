"""The page over a running Tierwise: who is there, switching, testing, models, prices, limits and removal."""

import asyncio
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QProgressBar

from app.errors import UserError
from app.toml.edits import Assign, Remove
from proxy.config import ServiceEntry
from proxy.config.switch import HOUR, Switch, provider_enabled, tier_services
from proxy.money.quota import Allowance
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.wire.failure import Failure, FailureKind
from tests.fakes import faults
from tests.ui.windows.providers.stage import CANARY, CONFIG, MODELS, Stage, press, staged, told
from ui.loop import QtLoop
from ui.windows.providers.adding.sheet import AddSheet
from ui.windows.providers.price_sheet import PriceSheet

ALONE = """
[local]
enabled = false
[providers.mine]
kind = "openai-compatible"
base_url = "{url}"
key = "none"
[tiers.SIMPLE]
services = ["mine/small"]
"""


def spoken(stage: Stage) -> list[str]:
    role = Qt.ItemDataRole.AccessibleTextRole
    return [str(stage.page.list.item(row).data(role)) for row in range(stage.page.list.count())]


def is_on(stage: Stage, name: str = "mine") -> bool:
    return stage.desk.settings.providers[name].enabled


def item(menu: QMenu, words: str) -> QAction:
    return next(each for each in menu.actions() if words in each.text().replace("&", ""))


async def test_the_list_says_who_is_there_and_how_each_is(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.backend.values["tierwise", "provider/mine"] = CANARY
        await stage.open()
        mine, other = spoken(stage)
        assert mine == "mine, ready, OpenAI-compatible, local, key in the keyring"
        assert other == "other, key missing, Anthropic, cloud, OTHER_KEY is not set"
        assert stage.page.details.head.address.text() == stage.fake.base_url


async def test_another_page_can_point_at_a_provider(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        stage.page.look_at("other")
        await stage.page.settled()
        assert stage.page.details.head.name.text() == "other"
        assert stage.page.details.models.names == ["claude-sonnet-4-6", "claude-haiku-4-5", "claude-opus-4-8"]
        stage.page.look_at("nobody")
        assert stage.page.details.head.name.text() == "other"


async def test_where_nobody_is_configured_the_page_leads_on(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, "[local]\nenabled = false\n") as stage:
        await stage.open()
        assert stage.page._nobody.isVisible()
        assert not stage.page.details.isVisible()
        assert stage.page.search_field() is None


async def test_a_switch_acts_is_written_and_is_undone(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, environ={"OTHER_KEY": CANARY}) as stage:
        await stage.open()
        press(stage.page.details.head.switch, Qt.Key.Key_Space)
        await stage.done()
        assert not is_on(stage)
        assert "enabled = false" in stage.config.partition("[providers.mine]")[2]
        assert stage.window.said == ["mine is off."]
        assert stage.window.asked == []
        assert "off" in spoken(stage)[0]
        assert stage.window.undo is not None
        await stage.window.undo()
        assert is_on(stage)


async def test_for_one_hour_nothing_is_written_and_the_end_is_told(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        before = stage.config
        item(stage.page.details.head.menu, "Off for one hour").trigger()
        await stage.done()
        assert not is_on(stage)
        assert stage.config == before
        assert "off until" in stage.page.details.head.state.text()
        item(stage.page.details.head.menu, "On until I quit").trigger()
        await stage.done()
        assert is_on(stage)
        assert stage.config == before


async def test_the_last_provider_is_switched_off_after_a_question_only(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        stage.window.agrees = False
        stage.page.details.head.switch.click()
        await stage.done()
        assert "every request will be refused" in stage.window.asked[0][0]
        assert is_on(stage)
        assert stage.page.details.head.switch.isChecked()
        stage.window.agrees = True
        stage.page.details.head.switch.click()
        await stage.done()
        assert not is_on(stage)


async def test_a_test_shows_each_step_with_sign_sentence_and_time(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        trial = stage.page.details.trial
        trial.start.setFocus()
        press(trial.start, Qt.Key.Key_Space)
        assert trial.stop.isVisible()
        await trial.tasks.ended()
        assert [(each.title, each.word) for each in trial.steps] == [
            ("List of models", "✓ works"),
            ("Answer", "✓ works"),
            ("Tool call", "✓ works"),
            ("Images", "– not tried"),
        ]
        assert all(each.took for each in trial.steps[:3])
        assert trial.verdict.text() == "✓ Everything that was tried works."
        assert {asked.model for asked in stage.fake.asked} == {"small"}
        assert not trial.stop.isVisible()


async def test_the_model_that_is_chosen_is_the_one_that_is_asked(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        trial = stage.page.details.trial
        trial.model.show_value("large")
        trial.try_out()
        await trial.tasks.ended()
        assert {asked.model for asked in stage.fake.asked} == {"large"}


async def test_what_fails_is_told_plainly(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE, script=faults.server_error()) as stage:
        await stage.open()
        trial = stage.page.details.trial
        trial.try_out()
        await trial.tasks.ended()
        assert trial.steps[-1].word == "✕ fails"
        assert trial.verdict.text() == "✕ Something does not work."


async def test_after_a_test_that_failed_a_provider_is_not_called_ready(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path, ALONE, script=[faults.server_error()] * 2) as stage:
        await stage.open()
        trial, head = stage.page.details.trial, stage.page.details.head
        assert head.state.text() == "● ready"
        trial.try_out()
        await trial.tasks.ended()
        assert head.state.text() == "▲ last test failed"
        assert "last test failed" in spoken(stage)[0]
        assert head.why.text() == next(each.text for each in trial.steps if each.fails)
        trial.forget()
        assert head.state.text() == "● ready"


async def test_how_often_a_provider_fails_is_told_here_too(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        health = await stage.desk.routing()
        stage.page._show_health({**health, "providerStats": {"mine": {"total": 9, "errorRate": 44.0}}})
        assert stage.page.details.head.state.text() == "▲ fails often"
        assert stage.page.details.head.why.text() == "Of what was tried there lately, 44 % failed."


async def test_a_test_can_be_stopped_and_then_the_provider_is_left(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE, script=faults.hang_before_headers()) as stage:
        await stage.open()
        trial = stage.page.details.trial
        trial.try_out()
        await stage.fake.arrived.wait()
        trial.stop.setFocus()
        press(trial.stop, Qt.Key.Key_Space)
        assert trial.verdict.text() == "The test was stopped."
        assert trial.start.hasFocus()
        await trial.tasks.ended()
        await asyncio.wait_for(stage.fake.hung_up.wait(), 5)
        assert trial.verdict.text() == "The test was stopped."


async def test_the_keyboard_stays_with_the_test(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        trial = stage.page.details.trial
        trial.start.setFocus()
        press(trial.start, Qt.Key.Key_Space)
        assert trial.stop.hasFocus()
        await trial.tasks.ended()
        assert trial.start.hasFocus()


async def test_a_test_that_was_begun_elsewhere_takes_no_keyboard(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        trial = stage.page.details.trial
        trial.model.setFocus()
        trial.try_out()
        await trial.tasks.ended()
        assert trial.model.hasFocus()


async def test_a_test_of_one_provider_is_not_told_of_another(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(
        tmp_path, CONFIG.replace('key = "keyring"', 'key = "none"'), script=faults.hang_before_headers()
    ) as stage:
        await stage.open()
        trial = stage.page.details.trial
        trial.try_out()
        await stage.fake.arrived.wait()
        stage.page.list.choose("other")
        await trial.tasks.ended()
        assert trial.steps == []
        assert not trial.verdict.isVisible()
        assert trial.start.isEnabled()


async def test_models_are_listed_searched_and_put_into_a_tier(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        models = stage.page.details.models
        assert sorted(models.names) == sorted(MODELS)
        field = stage.page.search_field()
        assert field is models.search
        models.search.setText("larg")
        assert models.row is not None
        assert models.row["model"] == "large"
        assert "1 model of 3" in models.note.text()
        tier = item(models.menu, "SIMPLE").menu()
        assert isinstance(tier, QMenu)
        item(tier, "Before all others").trigger()
        await stage.done()
        assert [each.name for each in stage.desk.settings.tier("SIMPLE").services] == [
            "mine/large",
            "mine/small",
        ]
        assert "SIMPLE" in models.told.told.text()
        assert "That tier is off" not in stage.window.said[-1]
        assert stage.window.undo is not None
        await stage.window.undo()
        assert [each.name for each in stage.desk.settings.tier("SIMPLE").services] == ["mine/small"]


async def test_a_tier_that_was_changed_since_is_not_put_back(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        models = stage.page.details.models
        models.search.setText("large")
        tier = item(models.menu, "SIMPLE").menu()
        assert isinstance(tier, QMenu)
        item(tier, "Before all others").trigger()
        await stage.done()
        others = (ServiceEntry("mine", "middle"),)
        await stage.desk.switch(Switch(tier_services("SIMPLE"), others))
        assert stage.window.undo is not None
        with pytest.raises(UserError, match="nothing was undone"):
            await stage.window.undo()
        assert stage.desk.settings.tier("SIMPLE").services == others


async def test_behind_all_others_a_model_comes_last(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        models = stage.page.details.models
        models.search.setText("large")
        tier = item(models.menu, "SIMPLE").menu()
        assert isinstance(tier, QMenu)
        item(tier, "Behind all others").trigger()
        await stage.done()
        assert [each.name for each in stage.desk.settings.tier("SIMPLE").services] == [
            "mine/small",
            "mine/large",
        ]
        assert not item(tier, "Behind all others").isEnabled()


async def test_a_list_that_cannot_be_had_is_told(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE.replace("{url}", "http://127.0.0.1:9/v1")) as stage:
        await stage.open()
        assert stage.page.details.models.names == ["small"]
        assert "could not be had" in stage.page.details.models.note.text()


async def test_a_price_is_set_by_keyboard_and_taken_back(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        models = stage.page.details.models
        press(models.price, Qt.Key.Key_Space)
        sheet = await stage.sheet(PriceSheet)
        assert not sheet.take_back.isVisible()
        sheet.fields["input"].setText("three")
        press(sheet.fields["input"], Qt.Key.Key_Return)
        assert "a number from 0" in sheet.complaint
        sheet.fields["input"].setText("3")
        press(sheet.fields["input"], Qt.Key.Key_Return)
        await stage.done()
        assert tomllib.loads(stage.config)["prices"]["mine/small"]["input"] == 3.0
        assert models.row is not None
        assert models.row["price"].startswith("$3.00")
        press(models.price, Qt.Key.Key_Space)
        sheet = await stage.sheet(PriceSheet)
        press(sheet.take_back, Qt.Key.Key_Space)
        await stage.done()
        assert "prices" not in tomllib.loads(stage.config)


async def test_what_is_not_well_is_told_and_reset(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        board = stage.application.gateway.answers.world.board
        for _ in range(20):
            failure = Failure(FailureKind.SERVER, "It failed.")
            board.failed(Service("mine", "small"), Key("mine", "none", None), failure)
        await stage.open()
        unwell = stage.page.details.unwell
        assert unwell.isVisible()
        assert unwell._tick.isActive()
        stage.page.hide()
        assert not unwell._tick.isActive()
        stage.page.show()
        await stage.page.settled()
        assert "It failed too often and is left alone." in told(unwell)
        press(unwell.resets[0], Qt.Key.Key_Space)
        await stage.done()
        await stage.until(lambda: not unwell.isVisible())
        assert stage.window.said == ["mine/small may be asked again from the next request on."]


async def test_a_provider_is_removed_after_a_question_and_its_table_comes_back(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        stage.backend.values["tierwise", "provider/mine"] = CANARY
        await stage.open()
        stage.window.agrees = False
        press(stage.page.details.head.remove, Qt.Key.Key_Space)
        await stage.done()
        assert "mine" in stage.desk.settings.providers
        question, details = stage.window.asked[0]
        assert question == "Remove mine?"
        assert "tiers.SIMPLE.services[0]" in details
        stage.window.agrees = True
        press(stage.page.details.head.remove, Qt.Key.Key_Space)
        await stage.done()
        assert "mine" not in stage.desk.settings.providers
        assert stage.backend.values == {}
        assert stage.page.list.name == "other"
        assert "paste them anew" in stage.window.said[-1]
        assert stage.window.undo is not None
        await stage.window.undo()
        assert stage.desk.settings.providers["mine"].base_url == stage.fake.base_url


async def test_in_a_narrow_window_the_list_stands_above(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.open(width=540, height=480)
        page = stage.page
        assert (
            page.list.mapTo(page, page.list.rect().bottomLeft()).y()
            < page.details.mapTo(page, page.details.rect().topLeft()).y()
        )
        assert page.minimumSizeHint().width() <= 540


async def test_a_page_that_closes_while_a_test_runs_leaves_nothing_behind(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path, ALONE, script=faults.hang_before_headers()) as stage:
        await stage.open()
        stage.page.details.trial.try_out()
        await stage.fake.arrived.wait()
        stage.page.leave()
        await stage.page.details.trial.tasks.ended()
        await asyncio.wait_for(stage.fake.hung_up.wait(), 5)


async def test_a_dialog_that_is_open_goes_with_the_page(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        stage.page.add.click()
        sheet = await stage.sheet(AddSheet)
        gone = asyncio.Event()
        sheet.destroyed.connect(gone.set)
        stage.page.leave()
        await gone.wait()


async def test_limits_are_told_with_bars_and_words(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, ALONE) as stage:
        allowances = stage.application.gateway.answers.quotas.allowances
        now = time.time()
        window = Allowance(provider="mine", key="none", window="5 hours", used_percent=82.0, seen_at=now)
        allowances.asked(Key("mine", "none", None), [window])
        await stage.open()
        limits = stage.page.details.limits
        (bar,) = limits.findChildren(QProgressBar)
        assert (bar.accessibleName(), bar.accessibleDescription()) == ("5 hours", "82 % used")
        assert bar.value() == 820
        assert not limits.ask.isVisible()  # this server has no place to ask at
        assert "5 hours: 82 % used" in spoken(stage)[0]


async def test_a_switch_that_was_thrown_elsewhere_since_is_not_thrown_back(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path, environ={"OTHER_KEY": CANARY}) as stage:
        await stage.open()
        press(stage.page.details.head.switch, Qt.Key.Key_Space)
        await stage.done()
        undo = stage.window.undo
        assert undo is not None
        for_an_hour = Switch(provider_enabled("mine"), value=True, lasting=HOUR)
        await stage.desk.switch(for_an_hour)
        with pytest.raises(UserError, match="nothing was undone"):
            await undo()
        assert provider_enabled("mine") in stage.desk.ends()
        assert "enabled = false" in stage.config.partition("[providers.mine]")[2]


async def test_a_price_that_the_file_says_otherwise_since_is_not_taken_back(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        press(stage.page.details.models.price, Qt.Key.Key_Space)
        sheet = await stage.sheet(PriceSheet)
        sheet.fields["input"].setText("3")
        press(sheet.fields["input"], Qt.Key.Key_Return)
        await stage.done()
        undo = stage.window.undo
        assert undo is not None
        config = stage.application.home.config
        config.write_text(stage.config.replace("3.0", "4.0"))
        with pytest.raises(UserError, match="nothing was undone"):
            await undo()
        assert tomllib.loads(stage.config)["prices"]["mine/small"]["input"] == 4.0


async def test_what_a_price_was_before_is_what_it_was_when_it_was_set(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path, ALONE) as stage:
        await stage.open()
        press(stage.page.details.models.price, Qt.Key.Key_Space)
        sheet = await stage.sheet(PriceSheet)
        await stage.desk.set_price("mine/small", {"input": 5.0})
        sheet.fields["input"].setText("3")
        press(sheet.fields["input"], Qt.Key.Key_Return)
        await stage.done()
        assert stage.window.undo is not None
        await stage.window.undo()
        assert tomllib.loads(stage.config)["prices"]["mine/small"]["input"] == 5.0


async def test_a_removed_provider_comes_back_byte_for_byte(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        before = stage.config
        press(stage.page.details.head.remove, Qt.Key.Key_Space)
        await stage.done()
        assert stage.window.undo is not None
        await stage.window.undo()
        assert stage.config == before
        assert "mine" in stage.desk.settings.providers
        assert "paste them anew" in stage.window.said[-1]


async def test_another_provider_of_the_same_name_is_not_overwritten_by_one_that_comes_back(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        press(stage.page.details.head.remove, Qt.Key.Key_Space)
        await stage.done()
        undo = stage.window.undo
        assert undo is not None
        await stage.desk.write(Assign(("providers", "mine"), {"kind": "anthropic", "key": "env:NEW"}))
        with pytest.raises(UserError, match="nothing was undone"):
            await undo()
        assert stage.desk.settings.providers["mine"].key_forms == ("env:NEW",)


async def test_what_is_clicked_of_a_provider_that_has_vanished_is_told(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        stage.page.hide()  # so it is not told of what changes
        await stage.desk.write(Remove(("providers", "mine")))
        head, keys = stage.page.details.head, stage.page.details.keys
        for button in (head.remove, keys.add, keys.lines["keyring"].replace):
            button.click()
            await stage.page.tasks.ended()
            assert stage.window.said.pop() == "mine is not configured any more."
        stage.page.list.chosen.emit("mine")
        assert head.name.text() == "mine"


async def test_long_names_and_addresses_need_no_more_width_than_short_ones(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        head, entry = stage.page.details.head, stage.page.list.entry
        assert entry is not None
        head.show_entry(replace(entry, kind="OpenAI"), "http://a.b")
        QApplication.sendPostedEvents()
        before = head.minimumSizeHint().width()
        address = "https://a.very.long.name.of.a.host.example.com/and/a/long/path/behind/it/v1"
        kind = "OpenAI-compatible, and whatever else answers as it does"
        head.show_entry(replace(entry, name="a-name-of-many-words-" * 5, kind=kind), address)
        QApplication.sendPostedEvents()
        assert head.address.text() == address
        assert head.minimumSizeHint().width() < before + head.fontMetrics().averageCharWidth() * 12
