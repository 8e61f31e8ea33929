"""The runner starts the server it was asked for, notices another, and leaves nothing behind."""

from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.llama import server as runner
from tests.llama.asking import get
from tests.llama.fixtures import need_llama
from tests.llama.server import NotServingError, llama_server


async def test_a_server_with_a_key_lets_nobody_else_in(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, alias="guarded", api_key="k") as server:
        assert (await get(server, "/health")).status == 200
        assert (await get(server, "/props")).status == 401
        child = psutil.Process(server.process.pid)
    assert not child.is_running()


def test_another_server_at_the_address_is_noticed(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path) as server, pytest.raises(NotServingError, match="Another server"):
        runner._check(replace(server, alias="mine"), None)


def test_a_model_it_cannot_read_is_reported_with_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_llama()
    monkeypatch.setattr(runner, "write_model", lambda path: path.write_bytes(b"not a model"))
    with pytest.raises(NotServingError, match=r"tiny\.gguf"), llama_server(tmp_path):
        pass


def test_the_server_ends_with_whoever_started_it(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path) as server:
        server.process.stdin.close()  # type: ignore[union-attr] # it has one, which a dying parent closes
        assert server.process.wait(runner.END_SECONDS) == 0
