"""What was said, and every key, is looked for in all that a run of the program leaves on disk."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.e2e.program import Program, program, run
from tests.fakes.provider import fake_provider
from tests.proxy.talk import END, START, TEXT

PROMPT = "the marked words of a prompt 4711"
SYSTEM = "the marked words of a system text 4712"
TOOL = "the_marked_tool_4713"
ANSWER = "Hello"
SAID = "the marked words of an answer 4714"
KEY = "sk-marked-key-0123456789abcdef4715"
SESSION = "marked-session-4716"
CREDENTIAL = "sk-ant-oat-marked-credential-4717-0123456789"


async def provider(request: web.Request) -> web.StreamResponse:
    """Says the marked words, and in its errors repeats what it was told, as some do."""
    told = json.loads(await request.read())
    if told["max_tokens"] == 1:
        error = {"type": "invalid_request_error", "message": f"{PROMPT} {KEY} is too much"}
        return web.json_response({"type": "error", "error": error}, status=400)
    if not told.get("stream"):
        usage = {"input_tokens": 9, "output_tokens": 4}
        content = [{"type": "text", "text": SAID}]
        message = {"id": "m", "type": "message", "role": "assistant", "model": "m", "content": content}
        return web.json_response(
            {**message, "stop_reason": "end_turn", "stop_sequence": None, "usage": usage}
        )
    response = web.StreamResponse(headers={"content-type": "text/event-stream"})
    await response.prepare(request)
    text = TEXT.replace(ANSWER.encode(), SAID.encode())
    broken = told["max_tokens"] == 2
    for piece in (START, text) if broken else (START, text, END):
        await response.write(piece)
    if broken and request.transport is not None:
        request.transport.abort()
    return response


def configured(home: Path, url: str, more: str = "") -> None:
    (home / "config.toml").write_text(
        f'[providers.fake]\nkind = "anthropic-compatible"\nbase_url = "{url}"\nkey = "env:MARKED_KEY"\n'
        f'[tiers.SIMPLE]\nservices = ["fake/m"]\n{more}'
    )


def asked(max_tokens: int, **more: Any) -> dict[str, Any]:
    return {
        "model": "simple",
        "max_tokens": max_tokens,
        "system": SYSTEM,
        "messages": [{"role": "user", "content": PROMPT}],
        "tools": [{"name": TOOL, "description": PROMPT, "input_schema": {"type": "object"}}],
        **more,
    }


@contextmanager
def running(home: Path) -> Iterator[tuple[Program, dict[str, Any]]]:
    with program(
        "serve", "--port", "0", "--no-ready-token", "--log-level", "debug", home=home, MARKED_KEY=KEY
    ) as started:
        ready = started.ready()
        yield started, {**ready, "token": (home / "run" / "token").read_text().strip()}


async def everything_asked(ready: dict[str, Any]) -> None:
    """Whole, streamed, translated, refused, broken off, counted, unreadable; with a client's own login."""
    headers = {
        "x-tierwise-token": ready["token"],
        "authorization": f"Bearer {CREDENTIAL}",
        "x-tierwise-session": SESSION,
        "x-tierwise-debug": "1",
    }
    chat = {"model": "simple", "max_tokens": 50, "messages": [{"role": "user", "content": PROMPT}]}
    requests: list[tuple[str, Any]] = [
        ("/v1/messages", asked(50)),
        ("/v1/messages", asked(50, stream=True)),
        ("/v1/messages", asked(1)),
        ("/v1/messages", asked(1, stream=True)),
        ("/v1/messages", asked(2, stream=True)),
        ("/v1/messages/count_tokens", asked(50)),
        ("/v1/chat/completions", chat),
        ("/v1/chat/completions", {**chat, "stream": True}),
        ("/v1/responses", {"model": "simple", "input": PROMPT, "max_output_tokens": 50}),
        ("/v1/messages", f'{{"broken": "{PROMPT}"'),
    ]
    async with aiohttp.ClientSession(headers=headers) as http:
        for path, body in requests:
            data = body if isinstance(body, str) else json.dumps(body)
            async with http.post(ready["url"] + path, data=data) as answer:
                await answer.read()


def below(home: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in home.rglob("*") if file.is_file()}


async def test_nothing_that_was_said_is_on_disk(tmp_path: Path) -> None:
    async with fake_provider(provider) as fake:
        configured(tmp_path, fake.url)
        with running(tmp_path) as (started, ready):
            await everything_asked(ready)
            while_it_runs = below(tmp_path)
            assert started.end()[0] == 0
    assert len(fake.received) >= 8
    code, out, _ = run("usage", "--json", home=tmp_path)
    assert code == 0
    assert json.loads(out)["totals"]["requests"] >= 8
    for files in (while_it_runs, below(tmp_path)):
        for file, data in files.items():
            for mark in (PROMPT, SYSTEM, TOOL, SAID, KEY, SESSION, CREDENTIAL):
                assert mark.encode() not in data, (mark, file)


async def test_what_was_said_is_kept_for_those_who_want_it_without_its_keys(tmp_path: Path) -> None:
    async with fake_provider(provider) as fake:
        configured(tmp_path, fake.url, "[ledger]\nkeep_bodies_days = 3\n")
        with running(tmp_path) as (started, ready):
            async with aiohttp.ClientSession(headers={"x-tierwise-token": ready["token"]}) as http:
                body = asked(50, messages=[{"role": "user", "content": f"{PROMPT} with {KEY}"}], stream=True)
                async with http.post(ready["url"] + "/v1/messages", json=body) as answer:
                    await answer.read()
                    id_ = answer.headers["x-tierwise-request-id"]
            code, status, _ = run("status", home=tmp_path)
            assert code == 0
            assert "Prompts and answers are kept for 3 days" in status
            assert started.end()[0] == 0
            assert "prompts and answers are kept for 3 days" in started.stderr
    code, page, _ = run("logs", id_, "--bodies", home=tmp_path)
    assert code == 0
    assert PROMPT in page
    assert SAID in page
    assert KEY not in page
    for file, data in below(tmp_path).items():
        assert KEY.encode() not in data, file
    code, page, _ = run("logs", id_, home=tmp_path)
    assert code == 0
    assert PROMPT not in page
