"""What is kept of all clients together stays small, and holds nothing that anybody wrote."""

from random import Random

from proxy.routing.customs import Call, Customs
from proxy.routing.customs.chores import MOST_SESSIONS, MOST_SHAPES
from proxy.routing.customs.customs import MOST_CLIENTS
from proxy.routing.customs.opening import opening_of
from tests.proxy.routing.customs.calls import TOOLS, learned, works


def _random_call(random: Random) -> Call:
    names = frozenset(f"tool{random.randrange(300)}" for _ in range(random.choice((0, 0, 5, 40))))
    client = f"client{random.randrange(90)}"
    single, slight = random.random() < 0.8, random.random() < 0.8
    return Call(client, random.randrange(10_000), names, random.getrandbits(40), single, slight)


def test_ten_thousand_sessions_of_anybody_fill_no_more_than_there_is_room_for() -> None:
    random, customs = Random(1), Customs()
    for _ in range(40_000):
        customs.note(_random_call(random))
    for n in range(4 * MOST_SHAPES):
        customs.note(Call("client1", 1, shape=n, is_single=n % 2 == 0, is_slight=True))
    kept = customs._clients

    assert len(kept) == MOST_CLIENTS
    for client in kept.values():
        assert len(client.chores._sessions) <= MOST_SESSIONS
        assert all(len(one.single) <= MOST_SHAPES for one in client.chores._sessions.values())
        assert all(len(one.grown) <= MOST_SHAPES for one in client.chores._sessions.values())
        assert len(client.chores._beside) + len(client.chores._against) <= len(client.chores)
        assert len(client.tools._sessions) <= 50
        assert len(client.tools._counts) <= 300
    assert len(customs) < 200_000


def test_every_session_that_is_forgotten_takes_its_counts_with_it() -> None:
    customs = Customs()
    for n in range(10_000):
        customs.note(Call("made", n, shape=n, is_single=True, is_slight=True))
        customs.note(Call("made", n, frozenset({f"t{n}"})))
    (client,) = customs._clients.values()

    assert len(client.chores._beside) == MOST_SESSIONS
    assert client.chores._against == {}
    assert len(client.tools._counts) == 50


def test_many_sessions_with_the_same_tools_keep_them_once() -> None:
    one, many = learned(works(1)), learned(*[works(n, frozenset([*TOOLS])) for n in range(50)])

    assert len(many) - len(one) < 100


def test_the_client_that_was_seen_last_is_forgotten_last() -> None:
    customs = learned(*[works(n) for n in range(3)])
    for n in range(MOST_CLIENTS - 1):
        customs.note(works(1, client=f"other{n}"))
    customs.note(works(4))
    customs.note(works(1, client="one more"))

    assert customs.usual_tools("made") == TOOLS
    assert customs.usual_tools("other0") is None


def test_nothing_is_learned_from_what_tells_no_session() -> None:
    customs = Customs()
    customs.note(None)

    assert len(customs) == 0


def test_of_an_opening_only_numbers_are_kept() -> None:
    kept = opening_of("sesame, open")

    assert {type(kept.length), type(kept.digest)} == {int}
