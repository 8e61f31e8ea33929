"""Which places are asked, of all that listens, runs and is said."""

import pytest

from proxy.local.place import IPV4, IPV6, Place
from proxy.local.where.places import USUAL_PORTS, Where, exposed, nobody_listens, owner, where
from proxy.local.where.scene import NOTHING_SEEN, Program, Scene, Socket

LAN = "192.168.1.5"
LLAMA = Program(10, "llama-server", None, ("llama-server", "--port", "9000"))
HIDDEN = Program(10, "ollama", None, ("ollama", "serve"), hides_sockets=True)


def shown(*sockets: Socket, programs: tuple[Program, ...] = ()) -> Scene:
    return Scene(sockets, shows_all_sockets=True, programs=programs)


def asked(found: Where) -> set[Place]:
    assert not found.sure & found.perhaps
    return {*found.sure, *found.perhaps}


# The usual ports


def test_where_all_sockets_are_shown_only_those_that_listen_are_asked() -> None:
    scene = shown(Socket(IPV4, 11434, 1), Socket(IPV4, 5001), Socket(IPV4, 4000, 2))

    assert asked(where(scene, ())) == {Place(IPV4, 11434), Place(IPV4, 5001)}


def test_where_nothing_listens_nobody_is_asked() -> None:
    assert asked(where(shown(), ())) == set()


def test_where_sockets_are_not_shown_every_usual_port_is_asked_in_both_protocols() -> None:
    expected = {Place(host, port) for port in USUAL_PORTS for host in (IPV4, IPV6)}

    assert asked(where(NOTHING_SEEN, ())) == expected
    assert {11434, 1234, 8080, 8000, 1337, 5001, 4891, 12434} <= set(USUAL_PORTS)


# Hosts


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        (IPV4, {IPV4}),
        (IPV6, {IPV6}),
        ("0.0.0.0", {IPV4}),
        ("::", {IPV4, IPV6}),
        ("*", {IPV4, IPV6}),
        ("127.0.0.2", {"127.0.0.2"}),
        ("::ffff:127.0.0.1", {IPV4}),
        ("::ffff:0.0.0.0", {IPV4}),
        (LAN, set()),
        ("fe80::1%eth0", set()),
        ("", {IPV4}),
    ],
)
def test_a_socket_is_asked_where_this_machine_reaches_it(host: str, reached: set[str]) -> None:
    """One that is open in the network only is not: tomorrow another machine may have its address."""
    assert asked(where(shown(Socket(host, 11434)), ())) == {Place(each, 11434) for each in reached}


# What runs


def test_a_server_is_surely_where_it_says_that_it_listens() -> None:
    found = where(shown(Socket(IPV4, 9000, 10), programs=(LLAMA,)), ())

    assert found == Where(sure=frozenset({Place(IPV4, 9000)}))


def test_one_that_does_not_listen_yet_is_not_asked() -> None:
    assert asked(where(shown(programs=(LLAMA,)), ())) == set()


def test_where_sockets_are_not_shown_a_server_is_asked_where_it_was_told_to_be() -> None:
    found = where(Scene(programs=(LLAMA,)), ())

    assert found.sure == {Place(IPV4, 9000), Place(IPV6, 9000)}


def test_a_server_is_asked_below_the_path_that_it_was_given() -> None:
    words = ("llama-server", "--port", "9000", "--api-prefix", "/llm")
    found = where(shown(Socket(IPV4, 9000, 10), programs=(Program(10, "llama-server", None, words),)), ())

    assert found.sure == {Place(IPV4, 9000, path="/llm")}


def test_what_is_surely_there_is_not_there_perhaps_as_well() -> None:
    scene = shown(Socket(IPV4, 11434, 10), programs=(Program(10, "ollama"),))

    assert where(scene, [Place(IPV4, 11434)]) == Where(sure=frozenset({Place(IPV4, 11434)}))


# Hidden owners


def test_a_server_that_hides_its_sockets_may_be_wherever_an_owner_is_hidden() -> None:
    scene = shown(Socket(IPV4, 9999), Socket("::", 9998), Socket(IPV4, 9997, 20), programs=(HIDDEN,))

    assert asked(where(scene, ())) == {Place(IPV4, 9999), Place(IPV4, 9998), Place(IPV6, 9998)}


def test_it_is_not_looked_for_where_it_would_usually_be_if_somebody_hidden_is_there() -> None:
    scene = shown(Socket(IPV4, 9999), Socket(IPV4, 11434), programs=(HIDDEN,))

    assert asked(where(scene, ())) == {Place(IPV4, 11434)}


def test_somebody_else_at_its_usual_port_does_not_end_the_search() -> None:
    scene = shown(Socket(IPV4, 9999), Socket(IPV4, 11434, 20), programs=(HIDDEN,))

    assert Place(IPV4, 9999) in asked(where(scene, ()))


def test_one_that_only_does_not_listen_does_not_make_us_ask_others() -> None:
    """The window of an application whose server is off, or a client of the same name."""
    idle = Program(10, "LM Studio")

    assert asked(where(shown(Socket(IPV4, 9999), programs=(idle,)), ())) == set()


def test_services_of_the_system_and_databases_are_never_asked() -> None:
    private = [22, 25, 53, 80, 111, 443, 445, 631, 1883, 3306, 5432, 6379, 9042, 9100, 11211, 27017]
    scene = shown(*(Socket("0.0.0.0", port) for port in private), programs=(HIDDEN,))

    assert asked(where(scene, ())) == set()


def test_of_very_many_hidden_owners_some_are_asked() -> None:
    scene = shown(*(Socket(IPV4, port) for port in range(40_000, 41_000)), programs=(HIDDEN,))

    assert len(asked(where(scene, ()))) == 30


# What is said


@pytest.mark.parametrize("scene", [shown(), NOTHING_SEEN], ids=["all shown", "nothing shown"])
def test_what_the_user_or_a_file_says_is_asked_whatever_is_shown(scene: Scene) -> None:
    said = [Place(IPV4, 9000), Place(LAN, 9000), Place("nas.local", 443, "https", "/llm")]

    assert set(said) <= where(scene, said).perhaps


# Who is never asked


def test_our_own_ports_are_never_asked_whoever_names_them() -> None:
    scene = shown(Socket("::", 8080, 1), Socket(IPV4, 9000, 10), programs=(LLAMA,))
    said = [Place(IPV4, 8080), Place(IPV6, 8080), Place(IPV4, 8080, path="/x"), Place(IPV4, 9000)]

    assert asked(where(scene, said, {8080, 9000})) == set()


def test_the_same_port_of_another_machine_is_not_ours() -> None:
    assert asked(where(shown(), [Place(LAN, 8080)], {8080})) == {Place(LAN, 8080)}


def test_what_belongs_to_another_server_is_never_asked() -> None:
    parent = Program(1, "ollama")
    child = Program(2, "llama-server", 1, ("llama-server", "--port", "8080"))
    scene = shown(Socket(IPV4, 8080, 2), Socket(IPV4, 11434, 1), programs=(parent, child))

    assert asked(where(scene, [Place(IPV4, 8080)])) == {Place(IPV4, 11434)}


# What sockets tell of a server


EXPOSED = [
    ([Socket(IPV4, 8080, 1)], False),
    ([Socket(IPV6, 8080, 1), Socket(IPV4, 8080, 1)], False),
    ([Socket("::ffff:127.0.0.1", 8080, 1)], False),
    ([Socket("0.0.0.0", 8080, 1)], True),
    ([Socket("::", 8080, 1)], True),
    ([Socket("*", 8080, 1)], True),
    ([Socket("::ffff:0.0.0.0", 8080, 1)], True),
    ([Socket(IPV4, 8080, 1), Socket(LAN, 8080, 1)], True),
    ([Socket(IPV4, 8080, 1), Socket(LAN, 8080, 2)], False),
    ([Socket(IPV4, 8080), Socket(LAN, 8080)], True),
    ([Socket(IPV4, 8080, 1), Socket("0.0.0.0", 9000, 1)], False),
    ([Socket(IPV6, 8080, 1)], None),
    ([], None),
]


@pytest.mark.parametrize(("sockets", "expected"), EXPOSED)
def test_a_server_is_exposed_if_other_machines_reach_it(sockets: list[Socket], expected: bool | None) -> None:
    assert exposed(shown(*sockets), Place(IPV4, 8080)) is expected


def test_what_is_reached_through_the_network_is_exposed() -> None:
    assert exposed(shown(), Place(LAN, 8080)) is True


OWNERS = [
    ([Socket(IPV4, 8080, 1)], 1),
    ([Socket("0.0.0.0", 8080, 1), Socket("::", 8080, 1)], 1),
    ([Socket(IPV4, 8080, 1), Socket(IPV4, 8080, 2)], None),
    ([Socket(IPV4, 8080)], None),
    ([Socket(LAN, 8080, 1)], None),
    ([Socket(IPV6, 8080, 1)], None),
    ([], None),
]


@pytest.mark.parametrize(("sockets", "pid"), OWNERS)
def test_an_owner_is_known_where_it_is_shown_and_is_one(sockets: list[Socket], pid: int | None) -> None:
    assert owner(shown(*sockets), Place(IPV4, 8080)) == pid


def test_that_nobody_listens_is_certain_only_where_all_sockets_are_shown() -> None:
    assert nobody_listens(shown(Socket(IPV6, 8080, 1)), Place(IPV4, 8080))
    assert not nobody_listens(shown(Socket("::", 8080, 1)), Place(IPV4, 8080))
    assert not nobody_listens(NOTHING_SEEN, Place(IPV4, 8080))
    assert not nobody_listens(shown(), Place(LAN, 8080))
