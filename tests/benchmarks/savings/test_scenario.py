from pathlib import Path

import pytest

from benchmarks.savings.record import scenario as scenarios
from benchmarks.savings.record.scenario import Act, Step, Typed, scenario

HEAD = "class: bug-fixes\nclient: codex\nmodel: gpt-5.4\nproject: shop\n\n"


@pytest.fixture
def turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> tuple[Typed, ...]:
    monkeypatch.setattr(scenarios, "SCENARIOS", tmp_path)
    (tmp_path / "one.txt").write_text(HEAD + request.param)
    told = scenario("one")
    assert (told.cls, told.client, told.model, told.project) == ("bug-fixes", "codex", "gpt-5.4", "shop")
    return told.turns


def tells(text: str, *expected: Typed) -> object:
    return pytest.param(text, expected, id=text.splitlines()[-1])


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        tells("> 5 hi\n: Hello.\n", Typed(5, "hi", (Step("Hello."),))),
        tells("> 0 two\n>|\n>| lines\n: One.\n: Two.\n", Typed(0, "two\n\nlines", (Step("One.\nTwo."),))),
        tells("> 0 a\n: A.\n\n> 9 b\n: B.\n", Typed(0, "a", (Step("A."),)), Typed(9, "b", (Step("B."),))),
        tells(
            "> 0 do\n~ 80\n: First.\n$ ls\n$ cat <<E\n| in\n|\n| E\n& r x.py 1 2\n: Done.\n+ 30\n",
            Typed(
                0,
                "do",
                (
                    Step("First.", 80, (Act("$", "ls"),)),
                    Step(acts=(Act("$", "cat <<E\nin\n\nE"), Act("r", "x.py 1 2"))),
                    Step("Done.", more=30),
                ),
            ),
        ),
        tells(
            "> 0 do\ne x.py\n<<<\nold\n\n===\nnew\n>>>\nw y.py\n<<<\n> text\n>>>\n!\n: Done.\n",
            Typed(
                0,
                "do",
                (
                    Step(acts=(Act("e", "x.py", "old\n", "new"),)),
                    Step(acts=(Act("w", "y.py", put="> text\n"),)),
                    Step("Done.", is_full=True),
                ),
            ),
        ),
        tells(
            "> 0 do\na Looks | Where?\n  $ ls\n  : There.\n: Found.\n",
            Typed(
                0,
                "do",
                (
                    Step(
                        acts=(
                            Act("a", "Looks | Where?", steps=(Step(acts=(Act("$", "ls"),)), Step("There."))),
                        )
                    ),
                    Step("Found."),
                ),
            ),
        ),
    ],
    indirect=["turns"],
)
def test_a_scenario_tells_what_is_typed_and_done(
    turns: tuple[Typed, ...], expected: tuple[Typed, ...]
) -> None:
    assert turns == expected


def test_a_line_that_means_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenarios, "SCENARIOS", tmp_path)
    (tmp_path / "one.txt").write_text(HEAD + "> 0 do\nwhat is this\n")
    with pytest.raises(ValueError, match="no line of a scenario"):
        scenario("one")
