"""More is kept, or what is kept is deleted, only after a question; a no leaves everything as it is."""

import asyncio
import time
from pathlib import Path

import pytest

from app.preferences.record_facts import RecordFacts
from app.record.errors import RecordError
from proxy.config.switch import HOUR, LOCAL_ONLY, Switch
from proxy.ledger.bodies import packed
from proxy.ledger.scribe import Scribe
from tests.ui.windows.settings.stage import Stage, staged
from ui.loop import QtLoop

DAY = 24 * 60 * 60
KEEPING = "[ledger]\nkeep_bodies_days = 30\n"
WORDS = packed(b"{}", [b"{}"], lambda: None)


async def keep_something(stage: Stage, exchanges: int) -> None:
    """As if what was said in so many had been kept ten days ago."""
    state = stage.application.gateway.answers.state
    assert state is not None
    kept = int((time.time() - 10 * DAY) * 1000)
    rows = [(seq, kept, WORDS) for seq in range(1, exchanges + 1)]

    def put(scribe: Scribe) -> None:
        scribe.in_transaction(
            lambda connection: connection.executemany("insert into bodies values (?, ?, ?)", rows)
        )

    await asyncio.wrap_future(state.ledger.change(put))
    await stage.settle()


async def test_keeping_asks_with_its_consequence_and_is_written(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        privacy = stage.page.privacy
        assert not privacy.days_row.isVisibleTo(privacy)
        await stage.press(privacy.keeps)
        assert "is stored in" in stage.window.asked[0]
        assert "keep_bodies_days = 7" in stage.text
        assert privacy.days_row.isVisibleTo(privacy)
        await stage.take_back()
        assert not privacy.keeps.isChecked()


async def test_a_no_leaves_it_off(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.window.agrees = False
        before = stage.text
        await stage.press(stage.page.privacy.keeps)
        assert not stage.page.privacy.keeps.isChecked()
        assert (stage.text, stage.window.said) == (before, [])


@pytest.mark.parametrize("agrees", [True, False])
async def test_switching_off_what_has_kept_something_says_that_it_is_deleted(
    qt_loop: QtLoop, tmp_path: Path, agrees: bool
) -> None:
    async with staged(tmp_path, KEEPING) as stage:
        await keep_something(stage, 2)
        stage.window.agrees = agrees
        await stage.press(stage.page.privacy.keeps)
        assert "(requests: 2) are deleted" in stage.window.asked[0]
        assert ("keep_bodies_days = 0" in stage.text) is agrees
        assert stage.page.privacy.keeps.isChecked() is not agrees
        assert stage.window.undo is None


async def test_fewer_days_ask_for_what_they_delete(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, KEEPING) as stage:
        await keep_something(stage, 3)
        await stage.type(stage.page.privacy.days, "20")
        assert stage.window.asked == []
        await stage.type(stage.page.privacy.days, "5")
        assert "about 3" in stage.window.asked[0]
        assert "keep_bodies_days = 5" in stage.text


async def test_local_only_is_written_and_taken_back(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press(stage.page.privacy.local_only)
        assert "local_only = true" in stage.text
        assert stage.desk.settings.routing.local_only
        await stage.take_back()
        assert not stage.desk.settings.routing.local_only


async def test_local_only_for_an_hour_is_told_as_that(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.desk.switch(Switch(LOCAL_ONLY, value=True, lasting=HOUR))
        await stage.settle()
        privacy = stage.page.privacy
        assert privacy.local_only.isChecked()
        assert "on for a while only" in privacy.local_row.meaning.text()


async def test_local_only_without_a_local_model_is_asked_about(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, '[providers.far]\nkind = "anthropic"\nkey = "none"\n') as stage:
        stage.window.agrees = False
        await stage.press(stage.page.privacy.local_only)
        assert "refused" in stage.window.asked[0]
        assert not stage.page.privacy.local_only.isChecked()


async def test_what_is_not_known_to_be_nothing_is_asked_about(
    qt_loop: QtLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(database: Path) -> RecordFacts:
        raise RecordError(f"{database} cannot be read.")

    monkeypatch.setattr("ui.windows.settings.page.record_facts", unreadable)
    async with staged(tmp_path, KEEPING) as stage:
        assert stage.page.privacy.keeps_row.meaning.text().endswith("Requests kept now: –.")
        stage.window.agrees = False
        await stage.press(stage.page.privacy.keeps)
        await stage.type(stage.page.record.most, "1")
        assert ["deleted at once" in stage.window.asked[0], "%1" in "".join(stage.window.asked)] == [
            True,
            False,
        ]
        assert "go at once until it fits" in stage.window.asked[1]
        assert stage.text == KEEPING
