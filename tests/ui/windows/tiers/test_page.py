"""The page of tiers as a whole: its switches, its states, its names, and what is there when nothing is."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QLabel, QPushButton, QWidget

from proxy.config import TIER_NAMES
from tests.app.keyring.backends import keyring_on, locked
from tests.ui.windows.tiers.stage import CONFIG, Stage, recorded, running
from ui.loop import QtLoop
from ui.windows.tiers.card.card import TierCard
from ui.windows.tiers.lines import Line

NARROWEST = 720 - 180
"""The smallest window, without its navigation."""


async def test_a_tier_that_is_off_says_where_its_turns_go(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        assert stage.simple.traffic.isHidden()
        stage.simple.switch.box.click()
        await stage.done()
        assert stage.tree["tiers"]["SIMPLE"]["enabled"] is False
        assert stage.simple.traffic.text() == "▲ It is off. Its turns go to MEDIUM."
        await stage.undone()
        assert "enabled" not in stage.tree["tiers"]["SIMPLE"]
        stage.page._show_settings()
        assert stage.simple.traffic.isHidden()


@pytest.mark.parametrize(
    ("action", "said"), [("off_hour", "It is off until"), ("off_run", "until Tierwise ends")]
)
async def test_a_tier_is_switched_off_for_a_while_without_a_word_in_the_file(
    qt_loop: QtLoop, tmp_path: Path, action: str, said: str
) -> None:
    async with recorded(tmp_path) as stage:
        before = stage.text
        getattr(stage.simple.switch, action).trigger()
        await stage.done()
        assert not stage.desk.settings.tier("SIMPLE").enabled
        assert stage.text == before
        assert said in stage.simple.traffic.text()
        await stage.undone()
        assert stage.desk.settings.tier("SIMPLE").enabled


async def test_the_last_tier_is_switched_off_only_when_that_is_confirmed(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    only = CONFIG[: CONFIG.index("[tiers.SIMPLE]")] + '[tiers.SIMPLE]\nservices = ["p/small"]\n'
    async with recorded(tmp_path, only) as stage:
        stage.window.says_yes = False
        stage.simple.switch.box.click()
        await stage.done()
        assert "No tier is left" in stage.window.questions[0]
        assert stage.simple.switch.box.isChecked()
        assert stage.desk.settings.tier("SIMPLE").enabled


async def test_every_service_tells_its_state_in_words(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        board = stage.desk.program.gateway.answers.world.board
        states = {line.entry.name: line.state for card in stage.page.cards.values() for line in lines(card)}
        assert states["p/small"].told == "● ready"
        assert states["off/sleeping"].word == "provider off"
        assert states["nobody/lost"].word == "unknown provider"
        board.quota_exhausted("p")
        stage.page.refresh()
        await stage.page.settled()
        assert next(iter(lines(stage.simple))).state.told == "▲ used up"


async def test_a_missing_key_is_told_with_what_to_do(qt_loop: QtLoop, tmp_path: Path) -> None:
    keyless = """
    [providers.anthropic]
    kind = "anthropic"
    [providers.openai]
    kind = "openai"
    key = "env:NOWHERE"
    [tiers.SIMPLE]
    services = ["anthropic/claude-haiku-4-5", "openai/gpt-5-mini"]
    """
    async with recorded(tmp_path, keyless) as stage:
        stored, variable = (line.state for line in lines(stage.simple))
        assert (stored.word, variable.word) == ("key missing", "key missing")
        assert stored.sentence == "The key of anthropic is missing: the page Providers takes one."
        assert "environment variable" in variable.sentence
        stage.simple.choose("anthropic/claude-haiku-4-5")
        assert stage.simple.details.to_providers.isVisible()


async def test_a_keyring_that_does_not_answer_leaves_it_open_whether_the_key_is_there(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    stored = """
    [providers.anthropic]
    kind = "anthropic"
    [providers.openai]
    kind = "openai"
    keys = ["keyring", "env:HERE"]
    [providers.mistral]
    kind = "openai"
    base_url = "https://example.com/v1"
    keys = ["keyring", "env:NOWHERE"]
    [tiers.SIMPLE]
    services = ["anthropic/claude-haiku-4-5", "openai/gpt-5-mini", "mistral/small"]
    """
    environ = {"HERE": "sk-Hq3Zt7Lw"}
    async with recorded(tmp_path, stored, environ=environ, keyring=keyring_on(locked())) as stage:
        unknown, has_another, has_no_other = (line.state for line in lines(stage.simple))
        assert unknown.told == "▲ key unknown"
        assert "The keyring did not answer" in unknown.sentence
        assert has_another.word == "ready"
        assert has_no_other.word == "key unknown"
        stage.simple.choose("anthropic/claude-haiku-4-5")
        assert stage.simple.details.to_providers.isVisible()


async def test_what_looks_like_markup_in_a_name_is_told_letter_by_letter(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path, CONFIG.replace("p/large", "p/<b>large</b>")) as stage:
        model = stage.page.cards["COMPLEX"].services.services
        tip = str(model.data(model.index(0), Qt.ItemDataRole.ToolTipRole))
        assert QTextDocumentFragment.fromHtml(tip).toPlainText().startswith("p/<b>large</b>")
        second = str(model.data(model.index(1), Qt.ItemDataRole.ToolTipRole))
        assert second.startswith("nobody/lost\n")


async def test_a_provider_that_nobody_knows_leads_to_the_providers(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        card = stage.page.cards["COMPLEX"]
        card.choose("nobody/lost")
        assert "No provider is called" in card.details.trouble.text()
        card.details.to_providers.click()
        assert stage.window.visits == [("providers", "nobody")]
        card.choose("p/large")
        assert card.details.to_providers.isHidden()


async def test_local_and_hosted_services_are_told_apart_by_word_and_sign(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path, f"{CONFIG}\n[providers.anthropic]\nkind = 'anthropic'\n") as stage:
        details = [line.details for line in lines(stage.simple)]
        assert details[2].startswith("⌂ local · free")
        stage.page._add("MEDIUM")
        dialog = stage.page.adding
        assert dialog is not None
        dialog.search.setText("anthropic/claude-haiku-4-5")
        dialog.add.click()
        await stage.done()
        stage.page.refresh()
        await stage.page.settled()
        assert lines(stage.medium)[1].details == "☁ cloud · $1.00 in, $5.00 out per 1M"


async def test_an_empty_home_leads_to_a_proposal_and_to_the_providers(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path, "") as stage:
        assert stage.page.empty.isVisible()
        stage.page.empty.providers.click()
        assert stage.window.visits == [("providers", None)]
        stage.page.empty.propose.click()
        await stage.done()
        assert stage.page.proposal.isVisible()
        assert not stage.page.empty.isVisible()
        stage.page.proposal.dismiss.click()
        assert stage.page.empty.isVisible()


async def test_no_key_of_an_empty_page_means_two_buttons(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, "") as stage:
        keys = [
            button.shortcut().toString()
            for button in stage.page.findChildren(QPushButton)
            if button.isVisible() and not button.shortcut().isEmpty()
        ]
        assert "Alt+P" in keys
        assert sorted(keys) == sorted(set(keys))


async def test_the_smallest_window_needs_no_scrolling_sideways(qt_loop: QtLoop, tmp_path: Path) -> None:
    long = CONFIG.replace("p/large", f"p/{'very-long-name-' * 9}")
    async with recorded(tmp_path, long) as stage:
        stage.page.cards["COMPLEX"].choose("nobody/lost")
        assert stage.page.minimumSizeHint().width() <= NARROWEST


async def test_another_page_can_point_at_a_tier(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        stage.page.look_at("COMPLEX")
        assert stage.page.cards["COMPLEX"].services.hasFocus()


async def test_everything_that_takes_the_keyboard_has_a_name(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        for tier in TIER_NAMES:
            card = stage.page.cards[tier]
            if card.services.services.names:
                card.services.choose(card.services.services.names[0])
        nameless = [each for each in focusable(stage) if not named(each)]
        assert [f"{type(each).__name__} {each.parent()}" for each in nameless] == []


async def test_every_service_is_read_aloud_with_its_state(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        model = stage.page.cards["COMPLEX"].services.services
        aloud = str(model.data(model.index(1), Qt.ItemDataRole.AccessibleTextRole))
        assert aloud.startswith("nobody/lost, active, unknown provider, ")


async def test_the_tab_key_walks_all_cards_in_their_order(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        stage.page.propose.setFocus()
        for goal in (
            stage.page.thresholds.scale.handles[0],
            *(card.services for card in stage.page.cards.values()),
        ):
            stage.tab_to(goal)
        QTest.keyClick(goal, Qt.Key.Key_Backtab)
        assert goal is not stage.page.focusWidget()


def lines(card: TierCard) -> tuple[Line, ...]:
    return card.services.services.lines


def focusable(stage: Stage) -> list[QWidget]:
    found = stage.page.findChildren(QWidget)
    return [
        each
        for each in found
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.isVisible()
        and not isinstance(each.parent(), QAbstractSpinBox)
    ]


def named(widget: QWidget) -> bool:
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    return bool(widget.accessibleName() or text)
