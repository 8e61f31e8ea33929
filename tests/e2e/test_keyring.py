"""The program with a real Secret Service: tokens and keys in the keyring, and one that never opens."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import aiohttp

from tests.app.keyring.secret_service import needs_secret_service, secret_service
from tests.e2e.program import environment, get, program
from tests.fakes.provider import fake_provider, whole

pytestmark = needs_secret_service

EXIT_SECONDS = 3.0


def test_tokens_live_in_the_keyring_and_survive_a_restart(tmp_path: Path) -> None:
    with secret_service(unlocked=True) as service:
        for _ in range(2):
            with program(
                "serve", "--port", "0", home=tmp_path, DBUS_SESSION_BUS_ADDRESS=service.address
            ) as run:
                ready = run.ready()
                get(f"{ready['url']}/api/openapi.json", ready["admin_token"])
                assert run.end()[0] == 0
            tokens = {ready["token"], ready["admin_token"]}
            assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["lock"]
        assert {ready["token"], ready["admin_token"]} == tokens


async def test_a_provider_key_goes_from_the_keyring_into_the_outgoing_header_and_nowhere_else(
    tmp_path: Path,
) -> None:
    with secret_service(unlocked=True) as service:
        store = ["-m", "keyring", "set", "tierwise", "provider/fake"]
        await asyncio.to_thread(
            subprocess.run,
            [sys.executable, *store],
            input=b"sk-canary-4711",
            env=environment(DBUS_SESSION_BUS_ADDRESS=service.address),
            check=True,
        )
        async with fake_provider(whole(b"{}")) as fake:
            (tmp_path / "config.toml").write_text(
                f'[providers.fake]\nkind = "anthropic-compatible"\nbase_url = "{fake.url}"\n'
            )
            with program(
                "serve",
                "--port",
                "0",
                "--log-level",
                "debug",
                home=tmp_path,
                DBUS_SESSION_BUS_ADDRESS=service.address,
            ) as run:
                ready = await asyncio.to_thread(run.ready)
                async with (
                    aiohttp.ClientSession(headers={"x-api-key": ready["token"]}) as http,
                    http.post(f"{ready['url']}/v1/messages", data=b'{"model":"m"}') as answer,
                ):
                    assert answer.status == 200
                asked = [each for each in fake.received if each.method == "POST"]
                assert [each.headers["x-api-key"] for each in asked] == ["sk-canary-4711"]
                looked = [each for each in fake.received if each.method == "GET"]
                assert all("canary" not in str(each.headers) for each in looked)
                assert (await asyncio.to_thread(run.end))[0] == 0
                assert "canary" not in run.stderr
    assert_absent_below(tmp_path, b"canary")


def assert_absent_below(folder: Path, secret: bytes) -> None:
    for file in folder.rglob("*"):
        assert not file.is_file() or secret not in file.read_bytes(), file


def test_a_keyring_that_never_opens_delays_neither_start_nor_end(tmp_path: Path) -> None:
    with secret_service(unlocked=False) as service:
        service.hold_prompts()
        began = time.monotonic()
        with program("serve", "--port", "0", home=tmp_path, DBUS_SESSION_BUS_ADDRESS=service.address) as run:
            ready = run.ready()
            assert time.monotonic() - began < 6.0
            run.wait_for("unlock")
            get(f"{ready['url']}/api/openapi.json", ready["admin_token"])
            began = time.monotonic()
            assert run.end()[0] == 0
            assert time.monotonic() - began < EXIT_SECONDS
