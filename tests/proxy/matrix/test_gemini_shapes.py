"""What else clients of Google's API ask for, against every format: streams as one array, counts."""

import json
from typing import Any

import pytest

from tests.proxy.matrix.cell import cell
from tests.proxy.matrix.clients import Client, Gemini
from tests.proxy.matrix.clients.gemini import posted
from tests.proxy.matrix.columns import Column
from tests.proxy.matrix.every import every_column

only_its_own = pytest.mark.parametrize("client", [Gemini()], ids=repr)
BODY: Any = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}


@every_column
@only_its_own
async def test_a_stream_as_one_array(client: Client, column: Column) -> None:
    """That is what Google sends to whoever does not ask for events."""
    async with cell(column, "It is done.") as here:
        async with posted(here.url, "streamGenerateContent", BODY) as answer:
            assert answer.content_type == "application/json"
            chunks = json.loads(await answer.read())
        told = [chunk["candidates"][0] for chunk in chunks if "candidates" in chunk]
        parts = [part for candidate in told for part in candidate["content"].get("parts", ())]
        assert "".join(part["text"] for part in parts) == "It is done."
        assert len(parts) > 1
        assert told[-1]["finishReason"] == "STOP"


@every_column
@only_its_own
async def test_counting_tokens_asks_nobody(client: Client, column: Column) -> None:
    async with cell(column, []) as here:
        async with posted(here.url, "countTokens", BODY) as answer:
            counted = json.loads(await answer.read())
        assert 0 < counted["totalTokens"] < 50
        assert not here.fake.asked
