"""A desk in the running program: what was just served is there, and so is why."""

import asyncio
from pathlib import Path

import aiohttp

from app.demo import Demo
from app.desk.changes import Change
from app.desk.desk import Desk
from app.home import Home
from tests.app.desk.stage import Heard

BODY = {"model": "auto", "max_tokens": 9, "messages": [{"role": "user", "content": "What is a heap?"}]}


async def test_what_was_just_served_is_told_with_its_reason(tmp_path: Path) -> None:
    demo = Demo(Home(tmp_path), {}, 0)
    await demo.start()
    try:
        desk = Desk(demo.application)
        heard = Heard(desk)
        assert desk.last_decision() is None
        token = demo.application.client_token().reveal()
        async with (
            aiohttp.ClientSession(headers={"x-api-key": token}) as http,
            http.post(f"{demo.application.gateway.url}/v1/messages", json=BODY) as answer,
        ):
            assert answer.status == 200, await answer.text()
            id_ = answer.headers["x-tierwise-request-id"]
            await answer.read()
        await heard.until(Change.RECORD)
        last = desk.last_decision()
        assert last is not None
        assert (last.id, last.client) == (id_, "sdk")
        assert last.model is not None
        assert last.model.startswith("demo/")
        assert last.sentence
        (recent,) = await desk.recent()
        assert (recent["id"], recent["preview"]) == (id_, "What is a heap?")
        assert (await desk.explain({"id": id_}))["decision"]["tier"] == last.tier
        assert (await desk.counts()).requests == 1
        assert (await desk.exchange(id_))["attempts"][0]["service"] == last.model
        steps = [step async for step in desk.providers.test("demo")]
        assert {step["step"] for step in steps} >= {"answer", "tools"}
        assert desk.standing().url == demo.application.gateway.url
        heard.stop()
    finally:
        await demo.stop()
    await asyncio.sleep(0)


async def test_a_desk_outlives_its_listeners_and_hears_nothing_after_the_end(tmp_path: Path) -> None:
    demo = Demo(Home(tmp_path), {}, 0)
    await demo.start()
    heard = Heard(Desk(demo.application))
    await demo.stop()
    heard.stop()
    assert Change.RECORD not in heard.changes
