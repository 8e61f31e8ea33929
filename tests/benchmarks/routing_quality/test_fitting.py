"""Fitting and leaving out, on questions made up for it."""

from dataclasses import replace
from random import Random

import numpy as np

from benchmarks.routing_quality.fitting import JUDGED, SCALE, SPREADS, calibrated, fitted, tabled
from benchmarks.routing_quality.leaving import by_family, by_source, left_out
from benchmarks.routing_quality.rows import MODELS, Row, near_duplicates
from proxy.routing.prior import Prior
from proxy.routing.prior.features import FEATURES

WORDS = ("that", "which", "and", "then", "more", "if", "must", "not", "red", "house", "river", "tall", "when")


def rows(count: int = 240) -> list[Row]:
    """The longer, the more often a weak model fails."""
    chance = Random(5)
    made = []
    for number in range(count):
        source = sorted(MODELS)[number % len(MODELS)]
        size = chance.randrange(5, 80)
        prompt = " ".join(chance.choice(WORDS) for _ in range(size))
        weak, strong = MODELS[source]
        scores = dict.fromkeys(weak, float(chance.random() > size / 100)) | dict.fromkeys(strong, 1.0)
        made.append(Row(str(number), source, f"topic {number % 7}", prompt, scores))
    return made


def test_every_feature_was_judged() -> None:
    assert set(JUDGED) == set(FEATURES)
    assert set(SPREADS) < set(FEATURES)


def test_what_no_row_has_stays_as_judged() -> None:
    """None of these rows offers answers."""
    made = rows()
    weights = fitted(tabled(made), np.arange(len(made))).weights
    for name, spread in SPREADS.items():
        assert np.isclose(weights[FEATURES.index(name)], SCALE * JUDGED[name] / spread)


def test_long_questions_that_fail_get_a_high_probability() -> None:
    made = rows()
    table = tabled(made)
    fit = fitted(table, np.arange(len(made)))
    weights = calibrated(fit, table, fit.score(table.features))
    prior = Prior.read(weights.written())
    values = [prior.judge(" ".join(WORDS * times)).value for times in (1, 2, 4)]
    assert values == sorted(values)
    assert values[-1] - prior.judge("red house").value > 0.2


def test_the_same_rows_give_the_same_bytes() -> None:
    made = rows()

    def written() -> bytes:
        table = tabled(made)
        scores = left_out(made, table, by_source)
        return calibrated(fitted(table, np.arange(len(made))), table, scores).written()

    assert written() == written()


def test_what_is_left_out_does_not_teach() -> None:
    made = rows()
    table = tabled(made)
    before = left_out(made, table, by_source)
    held = table.sources == "llmrouter"
    table.gain[held] = -5.0
    after = left_out(made, table, by_source)
    assert (before[held] == after[held]).all()
    assert (before[~held] != after[~held]).all()


def test_near_duplicates_of_what_is_left_out_do_not_teach_either() -> None:
    made = rows()
    twin = "one two three four five six seven eight nine"
    held_out = next(place for place, row in enumerate(made) if row.source == "llmrouter")
    pair = next(place for place, row in enumerate(made) if row.source == "routellm-mmlu")
    made[held_out] = replace(made[held_out], prompt=twin + " ten")
    made[pair] = replace(made[pair], prompt="zero " + twin)
    table = tabled(made)
    before = left_out(made, table, by_source)
    table.gain[pair] = 100.0
    after = left_out(made, table, by_source)
    held = table.sources == "llmrouter"
    assert (before[held] == after[held]).all()


def test_one_task_in_two_sources_is_one_family() -> None:
    assert Row("a", "routellm-gsm8k", "gsm8k", "").family == Row("b", "llmrouter", "gsm8k", "").family
    assert by_family([Row("c", "llmrouter", "math", "")], [0]) == ["math"]


def test_prompts_that_share_a_run_of_words_belong_together() -> None:
    run = "how many of the seven red houses stand empty"
    found = near_duplicates(
        [run + " today?", "Tell me, " + run.upper(), "how many of the seven green houses burn"]
    )
    assert found[0] == found[1] != found[2]


def test_a_form_that_many_prompts_share_makes_no_duplicates() -> None:
    form = "answer the following question with one of the letters below: "
    found = near_duplicates([form + word for word in (f"w{n} x{n} y{n}" for n in range(30))])
    assert len(set(found)) == 30
