"""OLLAMA_HOST and llama.cpp's variables, as Ollama and llama.cpp read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.local.place import IPV4, IPV6, Place
from proxy.local.where.environment import ollama_place, places

OLLAMA = [
    ("127.0.0.1", Place(IPV4, 11434)),
    ("127.0.0.1:9999", Place(IPV4, 9999)),
    (":9999", Place(IPV4, 9999)),
    ("localhost", Place(IPV4, 11434)),
    ("0.0.0.0", Place(IPV4, 11434)),
    ("0.0.0.0:9999", Place(IPV4, 9999)),
    ("::", Place(IPV6, 11434)),
    ("::1", Place(IPV6, 11434)),
    ("[::1]", Place(IPV6, 11434)),
    ("[::]:9999", Place(IPV6, 9999)),
    ("[::1", Place(IPV6, 11434)),
    ("http://127.0.0.1", Place(IPV4, 80)),
    ("https://127.0.0.1", Place(IPV4, 443, "https")),
    ("http://127.0.0.1:9999/", Place(IPV4, 9999)),
    ("http://127.0.0.1:9999/ollama/", Place(IPV4, 9999, path="/ollama")),
    ("127.0.0.1/ollama", Place(IPV4, 11434, path="/ollama")),
    ("127.0.0.1:0", Place(IPV4, 11434)),
    ("127.0.0.1:66000", Place(IPV4, 11434)),
    ("127.0.0.1:-1", Place(IPV4, 11434)),
    ("127.0.0.1:port", Place(IPV4, 11434)),
    ("http://127.0.0.1:port", Place(IPV4, 80)),
    ("127.0.0.1:" + "9" * 5000, Place(IPV4, 11434)),
    ("  127.0.0.1:9999  ", Place(IPV4, 9999)),
    ('"127.0.0.1:9999"', Place(IPV4, 9999)),
    ("' 127.0.0.1:9999 '", Place(IPV4, 9999)),
    ("192.168.1.5", Place("192.168.1.5", 11434)),
    ("gpu-box.local:9999", Place("gpu-box.local", 9999)),
]
NOWHERE = [
    "ftp://127.0.0.1",
    "https://ollama.com",
    "ollama.com",
    "api.ollama.com:443",
    "http://8.8.8.8:11434",
    "[2606:4700::1111]:11434",
    "me@somewhere",
    "a host",
    "a\nhost",
    "-",
]


@pytest.mark.parametrize(("said", "place"), OLLAMA)
def test_it_is_read_as_ollama_reads_it(said: str, place: Place) -> None:
    assert ollama_place(said) == place
    assert list(places({"OLLAMA_HOST": said})) == [place]


@pytest.mark.parametrize("said", NOWHERE)
def test_what_is_no_host_or_out_in_the_world_is_not_asked(said: str) -> None:
    assert list(places({"OLLAMA_HOST": said})) == []


hosts = st.text() | st.text(alphabet="htps:/[]@.%0123456789\"' abcdef")


@given(hosts)
def test_no_text_is_too_odd_for_ollamas_host(said: str) -> None:
    for place in places({"OLLAMA_HOST": said}):
        assert 1 <= place.port <= 65535
        assert Place.from_url(place.url) is not None


@given(st.text(), st.text(), hosts)
def test_no_text_is_too_odd_for_llama_cpps_variables(port: str, prefix: str, host: str) -> None:
    said = {"LLAMA_ARG_PORT": port, "LLAMA_ARG_API_PREFIX": prefix, "LLAMA_ARG_HOST": host}
    for place in places(said):
        assert 1 <= place.port <= 65535
        assert Place.from_url(place.url) is not None


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"LLAMA_ARG_PORT": "9000"}, Place(IPV4, 9000)),
        ({"LLAMA_ARG_HOST": "0.0.0.0"}, Place(IPV4, 8080)),
        ({"LLAMA_ARG_HOST": "::1", "LLAMA_ARG_PORT": "9000"}, Place(IPV6, 9000)),
        ({"LLAMA_ARG_HOST": "127.0.0.1,::1"}, Place(IPV4, 8080)),
        ({"LLAMA_ARG_HOST": ""}, Place(IPV4, 8080)),
        ({"LLAMA_ARG_API_PREFIX": "/llm/"}, Place(IPV4, 8080, path="/llm")),
        ({"LLAMA_ARG_PORT": "9000", "LLAMA_ARG_API_PREFIX": "/?x="}, Place(IPV4, 9000)),
    ],
)
def test_llama_cpp_is_where_its_variables_say(said: dict[str, str], place: Place) -> None:
    assert list(places(said)) == [place]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"OLLAMA_HOST": ""},
        {"LLAMA_ARG_MODEL": "a.gguf"},
        {"LLAMA_ARG_PORT": "nine"},
        {"LLAMA_ARG_HOST": "/run/llama.sock"},
        {"LLAMA_ARG_HOST": "llama.sock"},
    ],
)
def test_whoever_says_nothing_of_an_address_names_none(said: dict[str, str]) -> None:
    assert list(places(said)) == []
