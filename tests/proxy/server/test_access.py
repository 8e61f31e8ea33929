"""Only programs on this machine, never a web page, and only with a token."""

import json

import pytest

from tests.proxy.gateway_fixture import ADMIN_TOKEN, CLIENT_TOKEN, Running, running_gateway


async def status_of(running: Running, method: str, path: str, **headers: str) -> tuple[int, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with running.http.request(method, running.url + path, headers=named) as answer:
        assert answer.headers["x-tierwise-request-id"]
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
        return answer.status, await answer.read()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:4517", "127.8.9.1:80", "localhost", "LocalHost:4517", "[::1]", "[::1]:4517"],
)
async def test_a_host_on_this_machine_is_answered(host: str) -> None:
    async with running_gateway() as running:
        assert (await status_of(running, "GET", "/", host=host))[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "example.com",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "localhost.",
        "192.168.0.1",
        "0.0.0.0",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::1",
        "127.0.0.1:port",
        "2130706433",
        "127.0.0.1@example.com",
    ],
)
async def test_any_other_host_is_refused(host: str) -> None:
    async with running_gateway() as running:
        assert (await status_of(running, "GET", "/", host=host))[0] == 403


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://example.com", "null", "HTTPS://EVIL"])
async def test_a_web_page_is_refused_even_with_a_token(origin: str) -> None:
    async with running_gateway() as running:
        for path in ("/", "/v1/messages", "/api/health"):
            status, _ = await status_of(running, "GET", path, origin=origin, x_tierwise_token=ADMIN_TOKEN)
            assert status == 403


async def test_an_editors_web_view_passes_with_a_token() -> None:
    async with running_gateway() as running:
        origin = "vscode-webview://abc"
        with_token = await status_of(running, "POST", "/v1/messages", origin=origin, x_api_key=CLIENT_TOKEN)
        assert with_token[0] == 400  # let in, and told that an empty body is no JSON
        assert (await status_of(running, "POST", "/v1/messages", origin=origin))[0] == 401


@pytest.mark.parametrize("path", ["/", "/v1/messages", "/api/health", "/nowhere"])
async def test_a_preflight_is_refused(path: str) -> None:
    async with running_gateway() as running:
        assert (await status_of(running, "OPTIONS", path))[0] == 403


@pytest.mark.parametrize("path", ["/", "/c/claude-code", "/c/claude-code/", "/c/codex@night/", "/api/health"])
async def test_looking_whether_we_are_here_needs_no_token(path: str) -> None:
    async with running_gateway() as running:
        assert (await status_of(running, "GET", path))[0] == 200
        if not path.startswith("/api"):
            assert await status_of(running, "HEAD", path) == (200, b"")


@pytest.mark.parametrize(
    "headers",
    [
        {"x_tierwise_token": CLIENT_TOKEN},
        {"authorization": f"Bearer {CLIENT_TOKEN}"},
        {"authorization": f"bearer  {CLIENT_TOKEN} "},
        {"x_api_key": CLIENT_TOKEN},
        {"x_goog_api_key": CLIENT_TOKEN},
        {"authorization": "Bearer sk-of-the-vendor", "x_tierwise_token": CLIENT_TOKEN},
        {"authorization": "Basic abc", "x_api_key": CLIENT_TOKEN},
    ],
)
async def test_a_client_token_opens_the_surfaces_from_every_header(headers: dict[str, str]) -> None:
    async with running_gateway() as running:
        assert (await status_of(running, "POST", "/v1/messages", **headers))[0] == 400
        assert (await status_of(running, "POST", "/c/codex/v1/chat/completions", **headers))[0] == 400


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/v1/messages", "authentication_error"), ("/v1/chat/completions", "authentication_error")],
)
@pytest.mark.parametrize(
    "headers", [{}, {"x_api_key": "wrong"}, {"x_api_key": ADMIN_TOKEN}, {"authorization": CLIENT_TOKEN}]
)
async def test_without_a_client_token_the_surfaces_answer_401_in_their_own_words(
    path: str, kind: str, headers: dict[str, str]
) -> None:
    async with running_gateway() as running:
        status, body = await status_of(running, "POST", path, **headers)
        told = json.loads(body)
        assert status == 401
        assert told["error"]["type"] == kind
        assert ("type" in told) == (path == "/v1/messages")
        assert "token" in told["error"]["message"]


@pytest.mark.parametrize("token", ["", CLIENT_TOKEN, "wrong", "non-ascii-\u00e9"])
async def test_only_the_admin_token_opens_the_admin_api(token: str) -> None:
    async with running_gateway() as running:
        status, _ = await status_of(running, "POST", "/api/stop", x_tierwise_token=token)
        assert status == 401
        assert running.program.calls == []
        assert (await status_of(running, "POST", "/api/stop", x_tierwise_token=ADMIN_TOKEN))[0] == 202
        assert running.program.calls == ["stop"]


@pytest.mark.parametrize(
    ("path", "headers", "anthropic"),
    [
        ("/v1/nothing", {"anthropic_version": "2023-06-01"}, True),
        ("/v1/nothing", {}, False),
        ("/nothing", {}, False),
    ],
)
async def test_an_unknown_path_is_a_404_in_the_familys_words(
    path: str, headers: dict[str, str], anthropic: bool
) -> None:
    async with running_gateway() as running:
        status, body = await status_of(running, "POST", path, **headers)
        told = json.loads(body)
        assert status == 404
        assert ("request_id" in told) == anthropic
        assert path in told["error"]["message"]


async def test_the_wrong_method_names_the_right_one() -> None:
    async with running_gateway() as running:
        status, body = await status_of(running, "GET", "/v1/messages", x_api_key=CLIENT_TOKEN)
        assert status == 405
        assert "POST" in json.loads(body)["error"]["message"]
