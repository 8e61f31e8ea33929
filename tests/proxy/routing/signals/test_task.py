"""What sort of work a text asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.signals.task import Task, task_of
from tests.proxy.routing.signals.asking import anthropic, read, user

CODE = (
    *("run the tests and verify they pass", "update the author name", "what is in the config file?"),
    *("Rename foo to bar", "what does this function do?", "write a function that reverses a list"),
    *(
        "add a dark mode toggle",
        "add derive(Debug) to the struct",
        "list the files",
        "Now fix the typo, please",
    ),
    *(
        "Behebe den Fehler im Parser",
        "ajoute un bouton",
        "corrige el error",
        "修复这个错误",
        "テストを追加して",
    ),
    "def f(x):\n    return x\n",
)
FACTOID = (
    *("what is the capital of France?", "what does `git rebase --onto` do?", "who wrote Hamlet?"),
    *("What is a monad?", "translate 'dog' to French", "was ist die Hauptstadt von Frankreich?"),
    "The novel Emma was written by whom?",
    *("quelle est la capitale de la France ?", "¿cuál es la capital de Francia?", "法国的首都是哪里\uff1f"),
)
REASONING = (
    *("prove that sqrt(2) is irrational", "compare the trade-offs of Redis and Postgres and decide"),
    *("why can this deadlock?", "Compare REST versus GraphQL and recommend one", "find the root cause"),
    r"Simplify \frac{a_b}{c_d} + \frac{1}{2}",
    "Tom has 3 apples and buys 4 more every day for 5 days. How many apples does he have then?",
    *("warum hängt das?", "pourquoi ?", "¿por qué falla?", "为什么会死锁", "なぜ失敗するのですか"),
)
OTHER = (
    "yes",
    "what else?",
    "which one should I take?",
    "hello",
    "Write a poem about rain",
    "explain the theory of relativity",
    "",
    "   ",
    "thanks!",
)


@pytest.mark.parametrize(
    ("text", "task"),
    [
        *((text, Task.CODE) for text in CODE),
        *((text, Task.FACTOID) for text in FACTOID),
        *((text, Task.REASONING) for text in REASONING),
        *((text, Task.OTHER) for text in OTHER),
    ],
)
def test_a_text_tells_what_sort_of_work_it_asks_for(text: str, task: Task) -> None:
    assert task_of(text) is task


@pytest.mark.parametrize("text", ["update the author", "the secretary's authority", "verify the release"])
def test_words_count_whole(text: str) -> None:
    assert task_of(text) is not Task.REASONING


def test_the_middle_of_a_long_text_is_not_looked_at() -> None:
    assert task_of("lorem ipsum " * 200 + "prove that" + " dolor sit" * 200) is Task.OTHER
    assert task_of("lorem ipsum " * 400 + "prove that it holds") is Task.REASONING


@given(text=st.text())
def test_every_text_is_of_some_sort(text: str) -> None:
    assert task_of(text) is task_of(text)


def test_a_request_tells_by_what_was_typed_last() -> None:
    assert read(anthropic(user("who wrote Hamlet?"))).task is Task.FACTOID
    assert read(anthropic(user("fix the bug"))).task is Task.CODE
