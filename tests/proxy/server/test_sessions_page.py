"""What the page of sessions shows, and what it does not."""

import json

from proxy.wire.format import Format
from tests.fakes.server import fake_llm
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import ADMIN_TOKEN, running_gateway
from tests.proxy.talk import ASKED


async def test_a_session_is_shown_with_its_service_and_without_its_id() -> None:
    async with fake_llm(Format.ANTHROPIC, ["Hello"], key="k") as fake:
        provider = {"kind": "anthropic-compatible", "base_url": fake.base_url, "key": "keyring"}
        config = configured(providers={"p": provider}, tiers={"COMPLEX": {"services": ["p/m"]}})
        async with running_gateway(config, {"provider/p": "k"}) as running:
            headers = {"x_tierwise_session": "the-secret-session"}
            async with running.post("/v1/messages", json.dumps(ASKED).encode(), **headers) as answer:
                assert answer.status == 200
            async with running.http.get(
                running.url + "/api/sessions", headers={"x-tierwise-token": ADMIN_TOKEN}
            ) as page:
                text = await page.text()
    told = json.loads(text)
    (line,) = told["sessions"]
    assert told["services"] == {"p/m": 1}
    assert (line["service"], line["tier"], line["route"]) == ("p/m", "COMPLEX", "default")
    assert line["expires_in"] > 3500
    assert "the-secret-session" not in text
