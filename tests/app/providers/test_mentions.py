"""Every place of the configuration that can name a provider."""

import tomllib

import msgspec
import pytest

from app.providers.mentions import mentions
from app.toml.layout import written_path
from proxy.config import Config


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            'tiers.SIMPLE.services = [{provider="a", model="m"}, {provider="x", model="m"}]',
            "tiers.SIMPLE.services[1]",
        ),
        ('[[routes]]\nservices = [{provider="x", model="m"}]', "routes[0].services[0]"),
        ('[[routes]]\ntiers.SIMPLE = [{provider="x", model="m"}]', "routes[0].tiers.SIMPLE[0]"),
        (
            '[[routes]]\n[[routes.rules]]\nservices = [{provider="x", model="m"}]',
            "routes[0].rules[0].services[0]",
        ),
        ('[[rules]]\nservices = [{provider="x", model="m"}]', "rules[0].services[0]"),
        ('cascade.small = "x/m"', "cascade.small"),
        ('cascade.judge = "x/m/1"', "cascade.judge"),
        ('savings.reference = "x/m"', "savings.reference"),
        ('[prices."x/m"]\ninput = 1', 'prices."x/m"'),
    ],
)
def test_a_provider_is_found_where_it_is_named(text: str, place: str) -> None:
    config = msgspec.convert(tomllib.loads(text), Config)
    assert [written_path(path) for path in mentions(config, "x")] == [place]
    assert mentions(config, "y") == ()


def test_a_tier_is_no_provider() -> None:
    assert mentions(Config(), "SIMPLE") == ()
