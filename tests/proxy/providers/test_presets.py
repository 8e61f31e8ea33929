"""Presets are a table that nobody need look up twice: complete, sorted, and true to the kinds there are."""

from urllib.parse import urlsplit

import pytest

from proxy.config import KINDS_OF_LOCAL_SERVERS, PROVIDER_KINDS
from proxy.providers.facts import facts
from proxy.providers.presets import Preset, preset, presets

EVERY = [pytest.param(each, id=each.id) for each in presets()]


def test_every_kind_with_a_vendor_or_a_server_of_its_own_has_a_preset() -> None:
    kinds = {each.kind for each in presets()}

    assert set(PROVIDER_KINDS) - kinds == {"openai-compatible", "anthropic-compatible"}


def test_presets_are_sorted_by_label_and_nothing_else() -> None:
    labels = [each.label.casefold() for each in presets()]

    assert labels == sorted(labels)


def test_no_two_presets_share_an_id_or_a_label() -> None:
    assert len({each.id for each in presets()}) == len({each.label for each in presets()}) == len(presets())


def test_a_preset_is_found_by_its_id() -> None:
    found = preset("deepseek")

    assert found is not None
    assert (found.kind, found.key_variable) == ("deepseek", "DEEPSEEK_API_KEY")


def test_an_id_that_nobody_has_finds_nothing() -> None:
    assert preset("openai-compatible") is None


@pytest.mark.parametrize("each", EVERY)
def test_a_key_is_told_of_by_its_vendors_page_without_anything_in_tow(each: Preset) -> None:
    url = urlsplit(each.keys_at)

    assert url.scheme == "https"
    assert url.hostname
    assert not url.query
    assert each.about.endswith(".")


@pytest.mark.parametrize("each", EVERY)
def test_a_hosted_preset_names_the_variable_of_its_key_and_a_local_one_needs_none(each: Preset) -> None:
    assert each.is_local == (each.kind in KINDS_OF_LOCAL_SERVERS) == (not each.key_variable)


@pytest.mark.parametrize("each", EVERY)
def test_the_suggested_models_are_known_to_call_tools(each: Preset) -> None:
    assert [model for model in each.models if facts(each.kind, model).tools is not True] == []
