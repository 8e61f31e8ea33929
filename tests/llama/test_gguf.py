"""The tiny model is the same whenever it is built, and built in no time."""

from pathlib import Path

import gguf
import numpy as np
import pytest

from tests.llama import vocabulary as v
from tests.llama.gguf import write_model
from tests.llama.table import AFTER, next_token_scores


def test_the_model_is_the_same_byte_for_byte_when_built_again(tmp_path: Path) -> None:
    write_model(tmp_path / "one.gguf")
    write_model(tmp_path / "two.gguf")
    first = (tmp_path / "one.gguf").read_bytes()
    assert first == (tmp_path / "two.gguf").read_bytes()
    assert len(first) < 1_000_000


def test_every_token_has_a_text_of_its_own(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny.gguf")
    tokens = gguf.GGUFReader(tmp_path / "tiny.gguf").fields["tokenizer.ggml.tokens"].contents()
    assert len(tokens) == len(set(tokens)) == v.SIZE


def test_no_token_has_the_name_that_aborts_the_server() -> None:
    assert "<|call|>" not in v.IDS


def test_the_scores_are_exact_as_half_precision_numbers() -> None:
    scores = next_token_scores()
    assert np.array_equal(scores.astype(np.float16).astype(np.float32), scores)


@pytest.mark.parametrize("last", sorted({*v.IDS, *AFTER} - {v.END, v.END_OF_TEXT, v.TURN}))
def test_one_token_is_by_far_the_best_unless_the_model_hesitates(last: str) -> None:
    *_, second, best = np.sort(next_token_scores()[:, v.token(last)])
    hesitates = last == v.GO_UNSURE or last in v.MAYBE
    assert best - second == 0.25 if hesitates else best - second >= 12
