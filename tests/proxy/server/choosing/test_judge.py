"""The judge that ships with the program; and that everything goes on without one."""

import json
import logging
from pathlib import Path

import pytest

from proxy.routing.score.text import of_text
from proxy.server.choosing import judge as module
from proxy.server.choosing.judge import shipped_judge
from resources import resource
from tests.fakes.provider import fake_provider, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import running_gateway
from tests.proxy.talk import ASKED, GOOD


def damaged(folder: Path) -> Path:
    """The same weights with one bit turned over."""
    data = bytearray(resource("prior.bin").read_bytes())
    data[len(data) // 2] ^= 1
    path = folder / "prior.bin"
    path.write_bytes(data)
    return path


def empty(folder: Path) -> Path:
    path = folder / "prior.bin"
    path.write_bytes(b"")
    return path


def missing(folder: Path) -> Path:
    return folder / "nowhere.bin"


def test_the_shipped_weights_can_be_read(caplog: pytest.LogCaptureFixture) -> None:
    judge = shipped_judge()
    assert judge is not None
    assert not caplog.records
    hard = "prove that the algorithm terminates for all inputs, and derive its complexity in each case"
    assert of_text(hard, judge)[0] > of_text("rename the file", judge)[0]


@pytest.mark.parametrize("broken", [damaged, empty, missing])
async def test_without_its_weights_texts_are_ordinary_and_requests_are_served(
    broken: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(broken)
    path = broken(tmp_path)
    monkeypatch.setattr(module, "resource", lambda _name: path)
    with caplog.at_level(logging.ERROR):
        assert shipped_judge() is None
    [record] = caplog.records
    assert "texts cannot be judged" in record.getMessage()
    async with fake_provider(whole(GOOD)) as fake:
        table = {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}
        tiers = {"SIMPLE": {"services": ["p/s"]}, "MEDIUM": {"services": ["p/m"]}}
        config = configured(providers={"p": table}, tiers=tiers)
        async with (
            running_gateway(config) as running,
            running.post("/v1/messages", json.dumps(ASKED).encode()) as answer,
        ):
            assert (answer.status, answer.headers["x-tierwise-service"]) == (200, "p/m")
