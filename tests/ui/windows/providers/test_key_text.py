"""A pasted key is taken without what came along, and what is clearly none is refused with a sentence."""

import pytest

from proxy.secret import Secret
from ui.windows.providers.key_text import cleaned, whose, why_no_key

KEY = "sk-canary-4711-abcdefgh"


@pytest.mark.parametrize(
    "pasted",
    [
        KEY,
        f"  {KEY}\n",
        f'"{KEY}"',
        f"'{KEY}'",
        f"“{KEY}”",
        f" `{KEY}` ",
        f"\ufeff{KEY}",
        f"OPENAI_API_KEY={KEY}",
        f'export OPENAI_API_KEY="{KEY}"',
        f"Authorization: Bearer {KEY}",
    ],
)
def test_what_came_along_with_a_key_is_no_part_of_it(pasted: str) -> None:
    assert cleaned(pasted) == KEY
    assert why_no_key(Secret(cleaned(pasted))) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste the key first"),
        ("https://platform.openai.com/api-keys", "an address"),
        ("sk-ant-…cdef", "a part is hidden"),
        ("sk-ant-********cdef", "a part is hidden"),
        ("see you tomorrow at ten", "no spaces"),
        ("schlüssel-und-schloss", "no key has"),
        ("tw-0123456789abcdef", "token of Tierwise"),
        ("abc", "too short"),
    ],
)
def test_what_is_clearly_no_key_is_refused_with_a_sentence(text: str, words: str) -> None:
    sentence = why_no_key(Secret(text))
    assert words in sentence
    assert text == "" or text not in sentence


@pytest.mark.parametrize("key", ["JBSWY3DPEHPK3PXP======", "GEZDGNBVGY3TQOJQ==", "JBSWY3DPEHPK3PXP="])
def test_what_fills_up_the_end_of_a_key_belongs_to_it(key: str) -> None:
    for pasted in (key, f'"{key}"', f"SOME_API_KEY={key}", f"Bearer {key}"):
        assert cleaned(pasted) == key


@pytest.mark.parametrize(
    "text", ['{"id": "key_1", "key": "sk-canary"}', '{"id":"key_1"}', "{}", "[1]", '["k"]']
)
def test_json_that_is_no_account_file_is_refused_as_what_it_is(text: str) -> None:
    sentence = why_no_key(Secret(cleaned(text)))
    assert sentence == "That is JSON around a key, or about one. Copy only the key itself out of it."


def test_the_file_of_a_service_account_is_a_key() -> None:
    assert why_no_key(Secret('{"type": "service_account", "private_key": "a b c"}')) == ""
    assert "JSON" in why_no_key(Secret('{"type": "authorized_user"}'))


def test_some_keys_say_whose_they_are() -> None:
    assert whose(Secret("gsk_abcdef")) == "groq"
    assert whose(Secret("abcdef")) == ""
