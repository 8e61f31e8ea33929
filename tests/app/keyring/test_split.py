"""Long secrets over short entries: whatever goes in comes out, and a crash leaves no half."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.keyring.entries import SERVICE, BackendEntries
from app.keyring.split import SplitEntries
from app.keyring.state import UnusableSecretError
from proxy.secret import Secret
from tests.app.keyring.backends import CappedBackend

LIMIT = 100
NAME = "provider/x"

texts = st.one_of(
    st.text(max_size=400),
    st.text("\ufeff\ufffe\0\U0001f600é \n", max_size=400),
    st.text("aß\U0001f600", min_size=90, max_size=110),  # around the limit, astral characters astride
    st.sampled_from(["", "tierwise-pieces:1:a:1:" + "0" * 64, "\ufeffkey", "k" * LIMIT, "k" * (LIMIT + 1)]),
)


class Crash(BaseException):
    """The process ends here."""


def split(backend: CappedBackend) -> SplitEntries:
    return SplitEntries(BackendEntries(backend, lambda: None), LIMIT)


def split_until_crash(backend: CappedBackend, steps: int) -> SplitEntries:
    """The same in a process that ends after so many calls to the backend."""
    left = iter(range(steps))

    def proceed() -> None:
        if next(left, None) is None:
            raise Crash

    return SplitEntries(BackendEntries(backend, proceed), LIMIT)


@given(st.lists(texts, min_size=1, max_size=4))
def test_any_text_comes_back_and_the_last_one_wins(values: list[str]) -> None:
    entries = split(CappedBackend(LIMIT))

    for value in values:
        entries.write(NAME, Secret(value))
        assert entries.read(NAME) == Secret(value)


@given(st.lists(texts, min_size=1, max_size=4))
def test_removing_leaves_nothing(values: list[str]) -> None:
    backend = CappedBackend(LIMIT)
    entries = split(backend)
    for value in values:
        entries.write(NAME, Secret(value))

    entries.remove(NAME)

    assert backend.values == {}


@given(st.lists(st.tuples(texts, st.integers(0, 30)), max_size=3), texts, texts, st.integers(0, 60))
@settings(max_examples=200)
def test_a_crash_at_any_step_leaves_the_old_value_or_the_new_one(
    earlier: list[tuple[str, int]], old: str, new: str, steps: int
) -> None:
    backend = CappedBackend(LIMIT)
    for value, steps_done in earlier:  # what earlier crashes have left over
        write_and_crash(backend, value, steps_done)
    split(backend).write(NAME, Secret(old))

    crashed = write_and_crash(backend, new, steps)

    found = split(backend).read(NAME)
    assert found in ([Secret(old), Secret(new)] if crashed else [Secret(new)])
    split(backend).remove(NAME)
    assert backend.values == {}


@given(texts, st.integers(0, 60))
def test_a_crash_while_removing_leaves_the_value_or_none_and_can_be_finished(value: str, steps: int) -> None:
    backend = CappedBackend(LIMIT)
    split(backend).write(NAME, Secret(value))
    with contextlib.suppress(Crash):
        split_until_crash(backend, steps).remove(NAME)

    assert split(backend).read(NAME) in (None, Secret(value))
    split(backend).remove(NAME)
    assert backend.values == {}


def test_a_short_secret_stays_readable_in_the_password_application() -> None:
    backend = CappedBackend(LIMIT)

    split(backend).write(NAME, Secret("sk-short"))

    assert backend.values == {(SERVICE, NAME): "sk-short"}


@pytest.mark.parametrize("piece", ["", "!!!", "YWJj"])
def test_an_altered_piece_is_noticed(piece: str) -> None:
    backend = CappedBackend(LIMIT)
    split(backend).write(NAME, Secret("x" * 500))

    backend.values[SERVICE, f"{NAME}#a1"] = piece

    with pytest.raises(UnusableSecretError, match="provider/x is damaged"):
        split(backend).read(NAME)


@pytest.mark.parametrize("head", ["tierwise-pieces:2:a:1:00", "tierwise-pieces:1:c:1:" + "0" * 64])
def test_a_head_from_another_version_is_not_taken_for_a_secret(head: str) -> None:
    backend = CappedBackend(LIMIT)
    backend.values[SERVICE, NAME] = head

    with pytest.raises(UnusableSecretError):
        split(backend).read(NAME)


def test_a_writer_in_another_process_does_not_disturb_a_reader() -> None:
    backend = CappedBackend(LIMIT)
    split(backend).write(NAME, Secret("old" * 100))
    writes = iter(["new" * 100, "newer" * 100])

    class Interrupted(BackendEntries):
        def read(self, name: str) -> Secret | None:
            answer = super().read(name)
            if name == NAME and (value := next(writes, None)):
                split(backend).write(NAME, Secret(value))
            return answer

    assert SplitEntries(Interrupted(backend, lambda: None), LIMIT).read(NAME) == Secret("newer" * 100)


def write_and_crash(backend: CappedBackend, value: str, steps: int) -> bool:
    """Write in a process that ends after so many calls; whether it came to that."""
    try:
        split_until_crash(backend, steps).write(NAME, Secret(value))
    except Crash:
        return True
    return False
