"""What is known after looks: two in vain make a server gone, and the configured ones are not forgotten."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from proxy.local.found import LocalModel, LocalServer, State
from proxy.local.glancing import Glance
from proxy.local.kinds import ServerKind
from proxy.local.known import MISSES, Known
from proxy.local.place import IPV4, IPV6, Place

HERE, TWIN = Place(IPV4, 11434), Place(IPV6, 11434)
OTHER = Place(IPV4, 1234)


def server(
    place: Place = HERE, kind: ServerKind = ServerKind.OLLAMA, *names: str, **more: object
) -> LocalServer:
    models = tuple(LocalModel(name=name) for name in names)
    return replace(LocalServer(kind=kind, place=place, version="1.0", models=models), **more)  # type: ignore[arg-type]  # fields of a server


def as_it_is(found: LocalServer) -> LocalServer:
    return found


def noted(known: Known, *looks: Glance, is_busy: bool = False) -> list[bool]:
    return [known.note(each, as_it_is, is_busy=is_busy) for each in looks]


def there(found: LocalServer) -> Glance:
    return Glance(found.place, found)


def gone(place: Place = HERE) -> Glance:
    return Glance(place, is_gone=True)


def slow(place: Place = HERE) -> Glance:
    return Glance(place, is_slow=True)


def somebody_else(place: Place = HERE) -> Glance:
    return Glance(place)


def known_with(*servers: LocalServer, expected: Mapping[Place, ServerKind] | None = None) -> Known:
    known = Known()
    known.expect(expected or {})
    noted(known, *map(there, servers))
    return known


def test_a_server_is_known_once_it_answers_and_a_change_is_one() -> None:
    known = Known()

    assert noted(known, there(server()), there(server()), there(server(version="2.0"))) == [True, False, True]
    assert known.servers == (server(version="2.0"),)
    assert known.at(HERE) == server(version="2.0")


def test_what_is_told_of_it_beside_its_answer_belongs_to_it() -> None:
    known = Known()
    known.note(there(server()), lambda found: replace(found, pid=7))

    assert known.at(HERE) == server(pid=7)


@pytest.mark.parametrize("look", [gone(), slow(), somebody_else()], ids=["gone", "slow", "somebody else"])
def test_one_look_in_vain_is_not_enough_and_the_second_is(look: Glance) -> None:
    known = known_with(server())

    assert noted(known, look) == [False]
    assert (known.servers, known.is_doubtful(HERE)) == ((server(),), True)
    assert noted(known, look) == [True]
    assert (known.servers, known.is_doubtful(HERE)) == ((), False)


def test_an_answer_in_between_makes_up_for_it() -> None:
    known = known_with(server())

    assert noted(known, gone(), there(server()), gone()) == [False, False, False]
    assert known.servers == (server(),)


def test_one_that_works_for_us_may_take_its_time() -> None:
    known = known_with(server())

    assert noted(known, *[slow()] * 5, is_busy=True) == [False] * 5
    assert (known.servers, known.is_doubtful(HERE)) == ((server(),), False)


def test_one_that_worked_for_us_and_is_refused_is_gone() -> None:
    known = known_with(server())

    assert noted(known, gone(), gone(), is_busy=True) == [False, True]


def test_places_where_nothing_was_are_not_remembered() -> None:
    known = Known()

    assert noted(known, *[gone(), slow(), somebody_else()] * 3) == [False] * 9
    assert (known.servers, known.is_doubtful(HERE)) == ((), False)


# Those that are configured

EXPECTED = {HERE: ServerKind.OLLAMA}


def test_one_that_is_configured_stays_as_gone_and_others_are_forgotten() -> None:
    known = known_with(server(), server(OTHER, ServerKind.LM_STUDIO), expected=EXPECTED)
    noted(known, *[gone(), gone(OTHER)] * MISSES)

    assert known.servers == (server(state=State.GONE),)
    assert known.running() == {}
    assert noted(known, gone(), gone()) == [False, False]


def test_one_that_is_configured_and_never_was_there_is_gone_after_two_looks() -> None:
    known = known_with(expected=EXPECTED)

    assert noted(known, gone(), gone(), gone()) == [False, True, False]
    assert known.servers == (LocalServer(kind=ServerKind.OLLAMA, place=HERE, state=State.GONE),)


def test_one_that_is_configured_and_hangs_is_gone_unless_it_works_for_us() -> None:
    known = known_with(expected=EXPECTED)

    assert noted(known, *[slow()] * 5, is_busy=True) == [False] * 5
    assert known.servers == ()
    assert noted(known, slow(), slow(), slow()) == [False, True, False]
    assert known.servers == (LocalServer(kind=ServerKind.OLLAMA, place=HERE, state=State.GONE),)


def test_one_that_is_gone_comes_back() -> None:
    known = known_with(server(kind=ServerKind.LLAMACPP), expected={HERE: ServerKind.LLAMACPP})
    noted(known, gone(), gone())

    assert noted(known, there(server())) == [True]
    assert known.servers == (server(),)
    assert known.running() == {HERE: server()}


@pytest.mark.parametrize("look", [somebody_else(), Glance(HERE, is_mute=True)], ids=repr)
def test_whoever_answers_at_a_configured_place_is_not_said_to_be_gone(look: Glance) -> None:
    """It may be a proxy that we do not look behind, and do all that it is configured for."""
    known = known_with(expected=EXPECTED)

    assert noted(known, *[look] * 3) == [False] * 3
    assert (known.servers, known.is_doubtful(HERE)) == ((), False)


def test_once_somebody_else_answers_there_it_is_no_longer_gone() -> None:
    known = known_with(expected=EXPECTED)
    noted(known, gone(), gone())

    assert noted(known, somebody_else()) == [True]
    assert known.at(HERE) is None


def test_one_that_is_gone_and_no_longer_configured_is_forgotten() -> None:
    known = known_with(server(), server(OTHER, ServerKind.LM_STUDIO), expected=EXPECTED)
    noted(known, gone(), gone())

    assert known.expect({})
    assert known.servers == (server(OTHER, ServerKind.LM_STUDIO),)
    assert not known.expect({OTHER: ServerKind.LM_STUDIO})


def test_all_can_be_forgotten() -> None:
    known = known_with(server())
    noted(known, gone())

    assert known.forget_all()
    assert not known.forget_all()
    assert (known.servers, known.is_doubtful(HERE)) == ((), False)


# Those that listen in both protocols


def test_a_server_in_both_protocols_is_one_and_goes_by_the_older_address() -> None:
    known = known_with(server(TWIN, ServerKind.OLLAMA, "a"), server(HERE, ServerKind.OLLAMA, "a"))

    assert [each.place for each in known.servers] == [HERE]
    assert set(known.running()) == {HERE, TWIN}


def test_it_goes_by_the_address_that_it_is_configured_with() -> None:
    known = known_with(server(TWIN), server(HERE), expected={TWIN: ServerKind.OLLAMA})

    assert [each.place for each in known.servers] == [TWIN]
    assert known.expect(EXPECTED)
    assert [each.place for each in known.servers] == [HERE]


def test_where_either_protocol_is_meant_the_one_without_a_server_is_not_told() -> None:
    known = known_with(server(TWIN), expected=EXPECTED)
    noted(known, gone(), gone())
    assert [each.place for each in known.servers] == [HERE, TWIN]

    assert known.expect(EXPECTED, {HERE})
    assert known.servers == (server(TWIN),)
    noted(known, gone(TWIN), gone(TWIN))
    assert [(each.place, each.state) for each in known.servers] == [(HERE, State.GONE)]


def test_two_processes_of_the_same_kind_with_other_models_are_two_servers() -> None:
    known = known_with(server(TWIN, ServerKind.OLLAMA, "a"), server(HERE, ServerKind.OLLAMA, "b"))

    assert [each.place for each in known.servers] == [HERE, TWIN]


def test_one_process_is_one_server_though_it_changed_between_two_looks() -> None:
    known = known_with(
        server(TWIN, ServerKind.OLLAMA, "a", pid=7), server(HERE, ServerKind.OLLAMA, "b", pid=7)
    )

    assert [each.place for each in known.servers] == [HERE]


def test_another_port_is_another_server() -> None:
    known = known_with(server(), server(Place(IPV6, 11435)))

    assert len(known.servers) == 2


def test_servers_come_in_the_order_of_their_kinds_and_ports() -> None:
    found = [
        server(Place(IPV4, 8001), ServerKind.VLLM),
        server(OTHER, ServerKind.LM_STUDIO),
        server(Place(IPV4, 8000), ServerKind.VLLM),
        server(),
    ]

    assert [each.place.port for each in known_with(*found).servers] == [11434, 1234, 8000, 8001]


# Whatever happens

places = st.sampled_from([HERE, TWIN, OTHER])
kinds = st.sampled_from([ServerKind.OLLAMA, ServerKind.LLAMACPP])
states = st.sampled_from([State.READY, State.LOADING, State.LOCKED])
in_vain = st.sampled_from([gone, slow, somebody_else])


class AnyLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.known = Known()
        self.expected: dict[Place, ServerKind] = {}
        self.shown: tuple[LocalServer, ...] = ()
        self.was_told = True

    def changed(self, was_told: bool) -> None:
        self.was_told = was_told or self.known.servers == self.shown
        self.shown = self.known.servers

    @rule(place=places, kind=kinds, state=states, name=st.sampled_from("ab"))
    def answers(self, place: Place, kind: ServerKind, state: State, name: str) -> None:
        found = server(place, kind, name, state=state)
        self.changed(self.known.note(there(found), as_it_is))
        assert self.known.at(place) == found

    @rule(place=places, look=in_vain, busy=st.booleans())
    def is_looked_at_in_vain(self, place: Place, look: type[Glance], busy: bool) -> None:
        self.changed(self.known.note(look(place), as_it_is, is_busy=busy))

    @rule(place=places)
    def is_refused_twice(self, place: Place) -> None:
        told = [self.known.note(gone(place), as_it_is) for _ in range(MISSES)]
        self.changed(any(told))
        assert place not in self.known.running()

    @rule(expected=st.dictionaries(places, kinds), either=st.sets(places))
    def is_configured(self, expected: dict[Place, ServerKind], either: set[Place]) -> None:
        self.expected = expected
        self.changed(self.known.expect(expected, either))

    @invariant()
    def nothing_changes_in_silence(self) -> None:
        assert self.was_told

    @invariant()
    def only_what_is_configured_stays_as_gone(self) -> None:
        assert all(each.place in self.expected for each in self.known.servers if each.state is State.GONE)

    @invariant()
    def every_server_is_shown_once_or_as_its_twin(self) -> None:
        shown = [each.place for each in self.known.servers]
        assert len(shown) == len(set(shown))
        for place in self.known.running():
            assert place in shown or replace(place, host=IPV4 if place.host == IPV6 else IPV6) in shown


TestAnyLife = AnyLife.TestCase


def test_one_that_is_gone_works_on_as_many_at_a_time_as_before() -> None:
    """Requests may wait for its seats while it is away for a moment."""
    known = known_with(server(slots=3), expected={HERE: server().kind})
    noted(known, gone(), gone())
    (left,) = known.servers
    assert (left.state, left.slots) == (State.GONE, 3)
