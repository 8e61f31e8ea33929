"""Calls for these tests: sessions of a client that works, and asks for a title beside it."""

from proxy.routing.customs import Call, Customs

TOOLS = frozenset({"Bash", "Read", "Edit", "Grep"})
TITLE, QUESTION = 1, 2


def works(session: int, tools: frozenset[str] = TOOLS, client: str = "made") -> Call:
    return Call(client, session, tools)


def asks(session: int, shape: int = TITLE, client: str = "made") -> Call:
    return Call(client, session, shape=shape, is_single=True, is_slight=True)


def plans(session: int, shape: int = TITLE, client: str = "made") -> Call:
    """Without tools and at length."""
    return Call(client, session, shape=shape, is_single=True)


def goes_on(session: int, shape: int = TITLE, client: str = "made") -> Call:
    return Call(client, session, shape=shape)


def learned(*calls: Call) -> Customs:
    customs = Customs()
    for call in calls:
        customs.note(call)
    return customs
