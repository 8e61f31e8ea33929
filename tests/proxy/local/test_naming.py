"""What servers are called."""

from proxy.local.found import LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.naming import configured_names, names
from proxy.local.place import IPV4, IPV6, Place
from tests.proxy.configured import configured


def ollama(port: int = 11434, host: str = IPV4) -> LocalServer:
    return LocalServer(kind=ServerKind.OLLAMA, place=Place(host, port))


def test_a_server_is_called_as_its_provider_is_configured() -> None:
    config = configured(providers={"mine": {"kind": "ollama"}, "far": {"kind": "openai"}})

    assert configured_names(config) == {Place(IPV4, 11434): "mine"}
    assert names([ollama()], config) == {Place(IPV4, 11434): "mine"}


def test_of_several_providers_at_a_place_the_first_gives_the_name() -> None:
    config = configured(providers={"one": {"kind": "ollama"}, "two": {"kind": "ollama"}})

    assert names([ollama()], config) == {Place(IPV4, 11434): "one"}


def test_localhost_is_either_address() -> None:
    config = configured(providers={"mine": {"kind": "ollama", "base_url": "http://localhost:11434"}})

    assert names([ollama(host=IPV6)], config) == {Place(IPV6, 11434): "mine"}


def test_what_a_provider_adds_to_the_address_does_not_matter() -> None:
    table = {"kind": "lmstudio", "base_url": "http://127.0.0.1:1234/v1/"}

    assert configured_names(configured(providers={"studio": table})) == {Place(IPV4, 1234): "studio"}


def test_one_that_is_not_configured_is_called_by_its_kind() -> None:
    docker = LocalServer(kind=ServerKind.DOCKER_MODEL_RUNNER, place=Place(IPV4, 12434))

    assert names([ollama(), docker], configured()) == {
        Place(IPV4, 11434): "ollama",
        Place(IPV4, 12434): "docker-model-runner",
    }


def test_no_two_have_the_same_name() -> None:
    found = names([ollama(1), ollama(2), ollama(3)], configured())

    assert list(found.values()) == ["ollama", "ollama-2", "ollama-3"]


def test_none_has_the_name_of_another_provider() -> None:
    config = configured(
        providers={
            "ollama": {"kind": "ollama", "base_url": "http://gpu-box:11434"},
            "ollama-2": {"kind": "openai"},
            "ollama-4": {"kind": "ollama", "base_url": "http://127.0.0.1:4"},
        }
    )

    assert names([ollama(1), ollama(4), ollama(5)], config) == {
        Place(IPV4, 1): "ollama-3",
        Place(IPV4, 4): "ollama-4",
        Place(IPV4, 5): "ollama-5",
    }


def test_a_provider_that_is_off_gives_its_name_too_unless_another_one_is_on() -> None:
    off, on = {"kind": "ollama", "enabled": False}, {"kind": "ollama"}

    assert names([ollama()], configured(providers={"mine": off})) == {Place(IPV4, 11434): "mine"}
    assert names([ollama()], configured(providers={"old": off, "new": on})) == {Place(IPV4, 11434): "new"}
