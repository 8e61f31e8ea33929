"""How many weights a model has, as servers and names tell it."""

import pytest

from app.proposal.parameters import billions, written


@pytest.mark.parametrize(
    ("said", "name", "size", "count"),
    [
        ("7.6B", "anything", None, 7.6),
        ("30B-A3B", "anything", None, 30.0),
        ("8x7B", "mixtral", None, 56.0),
        ("494M", "tiny", None, 0.494),
        ("1T", "kimi", None, 1000.0),
        ("", "qwen3-coder:30b", None, 30.0),
        ("", "Qwen3-Coder-30B-A3B-Instruct-GGUF", None, 30.0),
        ("", "mixtral-8x22b", None, 176.0),
        ("", "llama3.2:1b", None, 1.0),
        ("", "deepseek-r1-0528", None, None),
        ("", "model-4bit", None, None),
        ("", "model-q4_k_m", 4_800_000_000, 8.0),
        ("", "model", None, None),
        ("unknown", "gemma-3-27b-it", 1, 27.0),
    ],
)
def test_the_server_is_believed_then_the_name_then_the_size(
    said: str, name: str, size: int | None, count: float | None
) -> None:
    assert billions(said, name, size) == (None if count is None else pytest.approx(count))


@pytest.mark.parametrize(("count", "words"), [(30.53, "30.5B"), (7.0, "7B"), (0.494, "494M"), (1.0, "1B")])
def test_a_count_is_written_short(count: float, words: str) -> None:
    assert written(count) == words
