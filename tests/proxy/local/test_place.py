"""Addresses as people and programs write them, and the literal ones that are asked."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.local.place import IPV4, IPV6, Place, is_here, path_said, port_said, reachable

URLS = [
    ("http://127.0.0.1:11434", Place(IPV4, 11434)),
    ("http://localhost:1234", Place(IPV4, 1234)),
    ("http://LocalHost:1234/", Place(IPV4, 1234)),
    ("http://0.0.0.0:8080", Place(IPV4, 8080)),
    ("http://[::]:8080", Place(IPV6, 8080)),
    ("http://[::1]:8080/", Place(IPV6, 8080)),
    ("http://[0:0:0:0:0:0:0:1]:8080/", Place(IPV6, 8080)),
    ("http://[::ffff:127.0.0.1]:8080/", Place(IPV4, 8080)),
    ("http://[::ffff:0.0.0.0]:8080/", Place(IPV4, 8080)),
    ("http://localhost", Place(IPV4, 80)),
    ("https://localhost", Place(IPV4, 443, "https")),
    ("http://localhost:8080/llm/", Place(IPV4, 8080, path="/llm")),
    ("http://me:secret@localhost:8080/?key=secret#secret", Place(IPV4, 8080)),
    ("http://192.168.1.5:8080", Place("192.168.1.5", 8080)),
    ("http://nas.local:8080", Place("nas.local", 8080)),
]
NO_URLS = [
    "",
    "localhost:8080",
    "ftp://localhost:21",
    "unix:///run/llama.sock",
    "http://",
    "http://:8080",
    "http://localhost:0",
    "http://localhost:65536",
    "http://localhost:-1",
    "http://localhost:port",
    "http://[::1",
    "http://[not an address]:80",
]


@pytest.mark.parametrize(("url", "place"), URLS)
def test_an_address_is_a_place_and_never_keeps_what_is_secret_in_it(url: str, place: Place) -> None:
    assert Place.from_url(url) == place


@pytest.mark.parametrize("url", NO_URLS)
def test_what_is_no_address_of_a_server_is_no_place(url: str) -> None:
    assert Place.from_url(url) is None


@given(st.text() | st.text(alphabet="htps:/[]@.?#%0123456789aé\t").map("http://{}".format))
def test_no_text_is_too_odd_to_be_read(url: str) -> None:
    place = Place.from_url(url)
    assert place is None or 1 <= place.port <= 65535


@given(st.ip_addresses(), st.integers(1, 65535), st.sampled_from(["http", "https"]))
def test_a_place_is_what_its_url_says(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int, scheme: str
) -> None:
    place = Place(reachable(str(address)), port, scheme, "/some/path")
    assert Place.from_url(place.url) == place


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (IPV4, True),
        (IPV6, True),
        ("127.0.0.53", True),
        ("192.168.1.5", False),
        ("fe80::1", False),
        ("nas.local", False),
        ("0.0.0.0", False),
    ],
)
def test_only_addresses_that_no_other_machine_can_have_are_here(host: str, expected: bool) -> None:
    assert is_here(host) is expected
    assert Place(host, 80).is_here is expected


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("1", 1),
        ("8080", 8080),
        ("65535", 65535),
        ("08080", 8080),
        ("0", None),
        ("65536", None),
        ("", None),
        ("-1", None),
        ("+80", None),
        (" 80", None),
        ("80.0", None),
        ("8_0", None),
        ("٨٠", None),
        ("²", None),
        ("9" * 5000, None),
    ],
)
def test_a_port_is_a_number_that_can_be_one(text: str, port: int | None) -> None:
    assert port_said(text) == port


@given(st.text())
def test_no_text_is_too_odd_to_be_no_port(text: str) -> None:
    port = port_said(text)
    assert port is None or 1 <= port <= 65535


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/llm", "/llm"),
        ("llm/", "/llm"),
        ("/a/b-c/v1.0_x~", "/a/b-c/v1.0_x~"),
        ("", ""),
        ("/", ""),
        ("/_shutdown?", ""),
        ("/a#b", ""),
        ("/a b", ""),
        ("/a\r\nx: y", ""),
        ("/a/../b", ""),
        ("/a//b", ""),
        ("/%2e%2e", ""),
        ("@elsewhere:80", ""),
        ("/é", ""),
        ("/" + "a" * 65, ""),
        ("/a" * 9, ""),
    ],
)
def test_a_path_that_somebody_says_is_a_plain_one(text: str, path: str) -> None:
    assert path_said(text) == path
