"""What a decision comes to, in panels beneath each other; shown in pieces, so that nothing waits for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.windows.routing.candidates_part import candidate_rows, candidates_part
from ui.windows.routing.comparison import Compared, Past
from ui.windows.routing.economics_part import EconomicsPart
from ui.windows.routing.score_part import ScorePart
from ui.windows.routing.score_scale import Bands
from ui.windows.routing.stages import stages_told
from ui.windows.routing.stages_part import StagesPart
from ui.windows.routing.verdict import Verdict
from ui.windows.routing.words import tr

Decision = Mapping[str, Any]

_GAP = 12


@dataclass(frozen=True, slots=True)
class Tiers:
    """What the page knows of tiers: where each begins and ends, and who is in it."""

    bands: Bands
    services: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Result:
    """A decision, and what it is to be compared with."""

    decision: Decision
    refusal: str = ""
    past: Past | None = None
    compared: Compared | None = None
    is_record_only: bool = False
    """The decision is the one of then, and there is none of now."""


class ResultView(QWidget):
    """Panels that a decision has nothing for are not there."""

    def __init__(self) -> None:
        super().__init__()
        with_role(self, "page")
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(_GAP)

    def build(self) -> Iterator[None]:
        self.verdict, self.answer = Verdict(), Panel(tr("Where it would go"))
        self._add(self.answer, self.verdict)
        yield
        self.score, self.score_panel = ScorePart(), Panel(tr("Difficulty"))
        self._add(self.score_panel, self.score)
        yield
        self.stages, self.stages_panel = StagesPart(), Panel(tr("Stages, in their order"))
        self._add(self.stages_panel, self.stages)
        yield from self.stages.build()
        self.candidates, self.candidates_panel = candidates_part(), Panel(tr("Candidates"))
        self._add(self.candidates_panel, self.candidates)
        yield
        self.economics, self.economics_panel = EconomicsPart(), Panel(tr("Leaving the prompt cache"))
        self._add(self.economics_panel, self.economics)
        self._details = (self.score_panel, self.stages_panel, self.candidates_panel, self.economics_panel)
        self.say(tr("Pick a request above, or write one, to see where it would go and why."))

    def say(self, sentence: str) -> None:
        """There is no decision."""
        self._hide_details()
        self.answer.empty(sentence)

    def fail(self, sentence: str) -> None:
        self._hide_details()
        self.answer.failed(sentence)

    def show_result(self, result: Result, tiers: Tiers) -> Iterator[None]:
        """Each panel is painted once, when all of them have their place, and by itself."""
        panels = (self.answer, *self._details)
        for panel in panels:
            panel.setUpdatesEnabled(False)
        try:
            yield from self._filled(result, tiers)
            for panel in panels:
                panel.setUpdatesEnabled(True)
                yield
        finally:
            for panel in panels:
                panel.setUpdatesEnabled(True)

    def _filled(self, result: Result, tiers: Tiers) -> Iterator[None]:
        decision = result.decision
        self._show_answer(result)
        yield
        score = decision["score"]
        self.score_panel.setVisible(score is not None)
        if score is not None:
            self.score.show_score(score, tiers.bands)
            self.score_panel.ready()
        yield
        yield from self.stages.show_stages(stages_told(decision))
        self.stages_panel.ready()
        self.stages_panel.setVisible(bool(decision["stages"]))
        yield
        self._show_candidates(decision, tiers)
        yield
        economics = decision["economics"]
        self.economics_panel.setVisible(economics is not None)
        if economics is not None:
            self.economics.show_economics(economics)
            self.economics_panel.ready()

    def _show_answer(self, result: Result) -> None:
        self.answer.title.setText(
            tr("Where it went") if result.is_record_only else tr("Where it would go now")
        )
        self.verdict.show_decision(result.decision, result.refusal)
        if result.is_record_only and result.past is not None:
            self.verdict.show_record_only(result.past)
        else:
            self.verdict.show_comparison(result.compared, result.past)
        self.answer.ready()

    def _show_candidates(self, decision: Decision, tiers: Tiers) -> None:
        rows = candidate_rows(decision, tiers.services)
        self.candidates_panel.show()
        if not rows:
            self.candidates_panel.empty(tr("There was nobody to choose from."))
            return
        self.candidates.show_rows(rows)
        self.candidates_panel.ready()

    def _hide_details(self) -> None:
        for panel in self._details:
            panel.hide()

    def _add(self, panel: Panel, content: QWidget) -> None:
        panel.fill(content)
        panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._rows.addWidget(panel)
