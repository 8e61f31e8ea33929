"""The entrance of `tierwise providers test`: a line of JSON for each step, as soon as it is done."""

import msgspec
from aiohttp import web

from proxy.server.answers import Answers
from proxy.server.endpoint import Access, Endpoint


def endpoints(answers: Answers) -> list[Endpoint]:
    async def try_out(request: web.Request) -> web.StreamResponse:
        steps = answers.test_provider(request.match_info["name"], request.query.get("model"))
        first = await anext(steps)  # what keeps it from beginning is told as an error, not as a step
        response = web.StreamResponse(headers={"content-type": "application/x-ndjson"})
        await response.prepare(request)
        await response.write(msgspec.json.encode(first) + b"\n")
        async for finding in steps:
            await response.write(msgspec.json.encode(finding) + b"\n")
        await response.write_eof()
        return response

    return [
        Endpoint(
            method="POST",
            path="/api/providers/{name}/test",
            access=Access.ADMIN,
            handle=try_out,
            summary="Try a provider out with a few tiny requests; `model` in the query names the model.",
            answers={
                200: "A line of JSON for each step: step, ok, text, seconds.",
                401: "The admin token is missing or not valid.",
                404: "No provider has that name.",
            },
        )
    ]
