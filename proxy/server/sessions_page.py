"""Which conversations stay with which service."""

from aiohttp import web

from proxy.server.answers import Answers
from proxy.server.endpoint import Access, Endpoint


def endpoints(answers: Answers) -> list[Endpoint]:
    async def get_sessions(_request: web.Request) -> web.Response:
        return web.json_response(await answers.sessions())

    return [
        Endpoint(
            method="GET",
            path="/api/sessions",
            access=Access.ADMIN,
            handle=get_sessions,
            summary="The services that conversations stay with; times are seconds from now.",
            answers={
                200: "The newest first, and how many each service has; `thread` is not a session's own id.",
                401: "The admin token is missing or not valid.",
            },
        )
    ]
