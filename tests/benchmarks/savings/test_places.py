from pathlib import Path

import pytest

from benchmarks.savings.record.places import Places
from tests.e2e.clients.client import Place

PLACE = Place(Path("/tmp/recording-1/home"), Path("/tmp/recording-1/repo"), "http://127.0.0.1:1", "x")
ONE = "0a1b2c3d-0000-4000-8000-00000000000a"
OTHER = "0a1b2c3d-0000-4000-8000-00000000000b"


@pytest.fixture
def places() -> Places:
    return Places("a session", PLACE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/tmp/recording-1/repo/shop/cart.py", "/home/dev/project/shop/cart.py"),
        ("/tmp/recording-1/home/.bashrc", "/home/dev/.bashrc"),
        ('{"turn_started_at_unix_ms":1795293304776}', '{"turn_started_at_unix_ms":1790000000000}'),
        ("commit 8d3987f of cafe", "commit 8d3987f of cafe"),
    ],
)
def test_what_is_of_one_machine_is_told_in_general(text: str, told: str, places: Places) -> None:
    assert places.neutral(text) == told


@pytest.mark.parametrize("found", [ONE, f"msg_{ONE}", "c" * 64, "agent-a7f6b75e5d78f2854"])
def test_an_id_becomes_another_one_of_its_shape(found: str, places: Places) -> None:
    told = places.neutral(found)
    assert told != found
    assert [len(part) for part in told.split("-")] == [len(part) for part in found.split("-")]
    assert places.neutral(found) == told


def test_the_same_id_stays_the_same_and_another_is_another(places: Places) -> None:
    told = places.neutral(f"{ONE} {OTHER} {ONE}").split()
    assert (told[0] == told[2], told[0] == told[1]) == (True, False)
    assert Places("a session", PLACE).neutral(f"{ONE} {OTHER} {ONE}").split() == told
