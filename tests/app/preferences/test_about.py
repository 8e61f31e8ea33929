"""The program tells what it is made of, and gives no secret away in a report."""

import logging
from collections.abc import Iterator

import msgspec
import pytest

from app.preferences.details import details
from app.preferences.licences import licences
from app.preferences.log_level import log_level, set_log_level
from app.preferences.preferences import Standing
from app.settings import Settings


@pytest.fixture
def log_as_it_was() -> Iterator[None]:
    logger = logging.getLogger("tierwise")
    level = logger.level
    yield
    logger.setLevel(level)


def test_every_part_is_named_with_its_terms_and_ours_is_first() -> None:
    parts = {part.name.lower(): part for part in licences()}
    assert next(iter(parts)) == "tierwise"
    assert "Apache License" in parts["tierwise"].text
    assert "LGPL-3.0" in parts["pyside6_essentials"].terms
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in parts["pyside6_essentials"].text
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in parts["python"].text
    assert "Apache" in parts["aiohttp"].terms
    assert parts["python"].terms == "PSF-2.0"
    assert "MIT" in parts["genai-prices (the price list)"].text
    assert all(part.terms or part.text for part in parts.values())


def test_what_only_tests_need_is_no_part() -> None:
    assert not {"pytest", "mypy", "hypothesis", "ruff"} & {part.name for part in licences()}


def test_details_count_providers_and_name_none() -> None:
    config = {
        "providers": {
            "secret-lab": {
                "kind": "openai-compatible",
                "base_url": "https://lab.example/v1",
                "key": "env:LAB",
            },
            "here": {"kind": "ollama"},
        },
        "tiers": {"SIMPLE": {"services": [{"provider": "here", "model": "own-model"}]}},
    }
    settings = msgspec.convert(config, Settings)
    told = details(Standing(settings, settings, ("config.toml:1: wrong",)), {"Qt": "6"})
    assert "Providers: 1 ollama, 1 openai-compatible" in told
    assert "Tiers with services: SIMPLE" in told
    assert "config.toml: has mistakes, 1" in told
    assert not any(word in told for word in ("secret-lab", "lab.example", "LAB", "own-model", "here"))


@pytest.mark.usefixtures("log_as_it_was")
def test_the_log_tells_more_from_now_on() -> None:
    set_log_level("debug")
    assert log_level() == "debug"
    assert logging.getLogger("tierwise.settings").isEnabledFor(logging.DEBUG)
    set_log_level("error")
    assert not logging.getLogger("tierwise.settings").isEnabledFor(logging.WARNING)
