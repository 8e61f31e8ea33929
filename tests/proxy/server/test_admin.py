"""The admin API does what it is told, and its description says all there is."""

import json

from proxy.version import __version__
from tests.proxy.gateway_fixture import ADMIN_TOKEN, Running, running_gateway


async def ask(running: Running, method: str, path: str) -> tuple[int, dict[str, object]]:
    headers = {"authorization": f"Bearer {ADMIN_TOKEN}"}
    async with running.http.request(method, running.url + path, headers=headers) as answer:
        return answer.status, json.loads(await answer.read())


async def test_health_tells_the_version_and_how_busy_it_is() -> None:
    async with running_gateway() as running:
        status, health = await ask(running, "GET", "/api/health")
        assert status == 200
        assert health["status"] == "ok"
        assert health["version"] == __version__
        assert health["open_requests"] == 0
        assert isinstance(health["uptime_seconds"], float)


async def test_the_program_is_told_to_reload_show_and_stop() -> None:
    async with running_gateway() as running:
        assert (await ask(running, "POST", "/api/reload"))[0] == 200
        assert await ask(running, "POST", "/api/show") == (200, {"shown": False})
        assert await ask(running, "POST", "/api/stop") == (202, {"stopping": True})
        assert running.program.calls == ["reload", "show", "stop"]


async def test_a_reload_of_a_wrong_file_is_a_422() -> None:
    async with running_gateway() as running:
        running.program.applied = False
        assert (await ask(running, "POST", "/api/reload"))[0] == 422


async def test_every_route_is_described_with_its_access_and_answers() -> None:
    async with running_gateway() as running:
        status, description = await ask(running, "GET", "/api/openapi.json")
        assert status == 200
        assert description["openapi"] == "3.1.0"
        paths = description["paths"]
        assert isinstance(paths, dict)
        assert set(paths) == {
            "/",
            "/v1/messages",
            "/v1/messages/count_tokens",
            "/v1/chat/completions",
            "/v1/responses",
            "/v1/embeddings",
            "/v1/models",
            "/v1/models/{model}",
            "/v1beta/models",
            "/v1beta/models/{model}",
            "/v1beta/models/{call}",
            "/api/event_logging/batch",
            "/api/providers",
            "/api/providers/{name}/enabled",
            "/api/providers/{name}/test",
            "/api/explain",
            "/api/recent",
            "/api/sessions",
            "/api/health",
            "/api/openapi.json",
            "/api/quota",
            "/api/reload",
            "/api/routing",
            "/api/routing/override",
            "/api/show",
            "/api/stop",
            "/api/tiers",
            "/api/tiers/proposal",
            "/api/tiers/{tier}/enabled",
            "/api/tiers/{tier}/services",
        }
        assert paths["/api/health"]["get"]["security"] == []
        assert {"adminToken": []} in paths["/api/stop"]["post"]["security"]
        override = paths["/api/routing/override"]
        assert {method: set(each["responses"]) for method, each in override.items()} == {
            "get": {"200", "401"},
            "put": {"200", "400", "401"},
            "delete": {"200", "401"},
        }
        assert {"clientToken": []} in paths["/v1/messages"]["post"]["security"]
        error = paths["/v1/messages"]["post"]["responses"]["401"]["content"]["application/json"]["schema"]
        assert error == {"$ref": "#/components/schemas/AnthropicError"}
        for operations in paths.values():
            for operation in operations.values():
                assert operation["summary"].endswith(".")
                assert operation["responses"]
