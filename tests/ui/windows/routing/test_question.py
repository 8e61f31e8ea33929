"""What is pasted becomes a question, or a sentence that says where it is wrong."""

import json
from typing import Any

import msgspec
import pytest

from app.errors import UserError
from ui.windows.routing.question import Choices, guess, question_of

ANTHROPIC = {"model": "claude-opus-4-8", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}]}
CHAT = {"model": "gpt-5", "messages": [{"role": "system", "content": "x"}, {"role": "user", "content": "Hi"}]}
RESPONSES = {"model": "gpt-5", "input": "Hi"}
GEMINI = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}
NOTHING = Choices()


@pytest.mark.parametrize(
    ("body", "surface"),
    [(ANTHROPIC, "messages"), (CHAT, "chat"), (RESPONSES, "responses"), (GEMINI, "gemini")],
    ids=["messages", "chat", "responses", "gemini"],
)
def test_a_bare_body_tells_what_it_is(body: dict[str, Any], surface: str) -> None:
    found = guess(json.dumps(body), NOTHING)
    assert (found.surface, found.model, found.client) == (surface, body.get("model", ""), "sdk")


def test_an_envelope_is_taken_as_it_is_and_choices_count_more() -> None:
    text = json.dumps({"client": "codex", "surface": "messages", "body": ANTHROPIC})
    assert guess(text, NOTHING).client == "codex"
    chosen = guess(text, Choices(client="cline", model="gpt-5"))
    assert (chosen.client, chosen.model) == ("cline", "gpt-5")


def test_the_id_of_a_recent_request_is_a_question() -> None:
    assert msgspec.json.decode(msgspec.json.encode(question_of('{"id": "req_1"}', NOTHING))) == {
        "id": "req_1"
    }


@pytest.mark.parametrize("surface", ["messages", "chat", "responses", "gemini", "embeddings"])
def test_plain_words_are_one_turn_of_a_user(surface: str) -> None:
    found = guess("What is this?\n", Choices(surface=surface, model="m"))
    assert found.is_plain
    assert (found.surface, found.model) == (surface, "m")
    assert "What is this?" in json.dumps(question_of("What is this?\n", Choices(surface=surface)))


def test_plain_words_ask_for_whatever_fits() -> None:
    assert guess("Hi", NOTHING).model == "auto"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1,\n "bé": x}', "line 2, column 8"),
        ('{\n"a" 1}', "line 2, column 5"),
        ('{"messages": []} x', "column 18"),
        ('{"a": 1,\n "messages": [', "ends in line 2, column 15, before it is complete"),
        ("   ", "nothing to explain"),
        ('{"foo": 1}', "no request that Tierwise knows"),
        ('{"body": {"contents": []}, "boddy": 1}', "boddy"),
    ],
    ids=["value", "colon", "too much", "too little", "nothing", "another thing", "strange"],
)
def test_what_is_wrong_is_said_with_its_place(text: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        guess(text, NOTHING)
    assert words in str(caught.value)


def test_half_an_emoji_does_not_spoil_the_rest() -> None:
    text = json.dumps(ANTHROPIC).replace("Hi", "Hi \ud83d")
    assert guess(text, NOTHING).model == "claude-opus-4-8"
