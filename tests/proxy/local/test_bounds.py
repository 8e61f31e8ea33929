"""Servers that tell too much, or what cannot be shown."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from proxy.local.bounds import bounded
from proxy.local.found import LocalModel, LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.place import IPV4, Place

SERVER = LocalServer(kind=ServerKind.OLLAMA, place=Place(IPV4, 11434), version="0.34.2")


def model(name: str, **more: str) -> LocalModel:
    return LocalModel(name=name, size=1000, **more)  # type: ignore[arg-type]  # only texts are given


def test_an_honest_server_stays_as_it_is() -> None:
    models = (model("qwen3:8b", parameters="8.2B", quantisation="Q4_K_M"), model("mödel/新しい:1 b"))
    server = replace(SERVER, models=models)

    assert bounded(server) == server


def test_names_that_steer_a_terminal_or_never_end_are_left_out() -> None:
    bad = ["\x1b[2Jmodel", "a\nb", "a\u202eb", "\x00", "a" * 201]
    server = replace(SERVER, models=tuple(map(model, [*bad, "good"])))

    assert [each.name for each in bounded(server).models] == ["good"]


def test_what_cannot_be_shown_of_a_model_is_not_told() -> None:
    odd = model("good", parameters="\x1b[31m", quantisation="Q" * 100)
    server = bounded(replace(SERVER, version="1.0\n", models=(odd,)))

    assert server.version == ""
    assert (server.models[0].parameters, server.models[0].quantisation) == ("", "")


def test_of_two_models_of_a_name_the_first_counts() -> None:
    first, second = model("same", parameters="1B"), model("same", parameters="2B")
    server = replace(SERVER, models=(model("a"), first, model("b"), second))

    assert bounded(server).models == (model("a"), first, model("b"))


def test_very_many_models_are_not_all_kept() -> None:
    server = replace(SERVER, models=tuple(model(str(number)) for number in range(10_000)))

    assert [each.name for each in bounded(server).models] == [str(number) for number in range(500)]


@given(st.text(), st.lists(st.tuples(st.text(), st.text(), st.text())))
def test_what_is_kept_can_always_be_shown(version: str, told: list[tuple[str, str, str]]) -> None:
    models = tuple(model(name, parameters=one, quantisation=other) for name, one, other in told)
    server = bounded(replace(SERVER, version=version, models=models))

    shown = [server.version, *(text for each in server.models for text in (each.name, each.parameters))]
    assert all(text.isprintable() for text in shown)
    assert bounded(server) == server
