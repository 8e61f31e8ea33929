"""Whose credentials may go where."""

import pytest

from proxy.config import ProviderConfig
from proxy.config.notices import VENDORS_OF_CLIENTS
from proxy.config.providers import ProviderKind
from proxy.providers.kinds import KINDS
from proxy.providers.provider import Provider
from proxy.wire.format import Format

TAKEN = {
    ("anthropic", Format.ANTHROPIC),
    ("openai", Format.OPENAI_CHAT),
    ("openai", Format.RESPONSES),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spoken", Format)
def test_a_clients_own_credential_goes_to_no_vendor_but_its_own(kind: ProviderKind, spoken: Format) -> None:
    at_home = Provider("p", ProviderConfig(kind=kind))
    elsewhere = Provider("p", ProviderConfig(kind=kind, base_url="https://elsewhere.example"))

    assert at_home.takes_credential_from(spoken) is ((kind, spoken) in TAKEN)
    assert not elsewhere.takes_credential_from(spoken)


def test_the_notice_about_it_knows_the_same_vendors() -> None:
    assert {kind for kind, _ in TAKEN} == set(VENDORS_OF_CLIENTS)
