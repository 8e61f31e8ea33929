"""Every server of the zoo is taken for what it is, nothing else for a server, and none is disturbed."""

import pytest

from proxy.local.place import IPV4, IPV6
from tests.fakes.local.species import DECOYS, SERVERS
from tests.fakes.local.zoo import Animal, census, has_ipv6, precision, recall, zoo


def homes(animals: tuple[Animal, ...]) -> list[tuple[Animal, str]]:
    return [(animal, host) for animal in animals for host in animal.hosts if host == IPV4 or has_ipv6()]


def name(value: Animal | str) -> str:
    return str(value)


@pytest.mark.parametrize(("animal", "host"), homes(SERVERS), ids=name)
async def test_a_server_is_taken_for_what_it_is_and_left_in_peace(animal: Animal, host: str) -> None:
    async with zoo([animal], host) as residents:
        [finding] = await census(residents)

        assert finding.found is not None
        assert (finding.kind, finding.found.state) == (animal.expected, animal.state)
        assert finding.found.place == residents[0].place
        assert residents[0].was_left_in_peace


@pytest.mark.parametrize(("animal", "host"), homes(DECOYS), ids=name)
async def test_what_is_no_server_of_here_is_taken_for_none_and_left_in_peace(
    animal: Animal, host: str
) -> None:
    async with zoo([animal], host) as residents:
        [finding] = await census(residents)

        assert finding.kind is None
        assert residents[0].was_left_in_peace


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no [::1]")
async def test_one_that_hears_only_127_0_0_1_is_none_at_the_other_address() -> None:
    deaf = [each for each in SERVERS if each.name == "text-generation-webui"]

    async with zoo(deaf, IPV6) as residents:
        [finding] = await census(residents)

    assert finding.kind is None


async def test_several_of_the_same_kind_are_told_apart_by_their_places() -> None:
    twins = [each for each in SERVERS if each.name in ("vLLM", "Ollama")] * 3

    async with zoo(twins) as residents:
        findings = await census(residents)

    assert len({finding.found.place for finding in findings if finding.found}) == len(twins)
    assert (precision(findings), recall(findings)) == (1.0, 1.0)
