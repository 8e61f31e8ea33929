"""A proposal in words."""

from app.proposal.written import in_words
from tests.app.proposal.here import key, model, ollama, proposed, settings_of

FILLED = '[providers.ollama]\nkind = "ollama"\n[tiers.SIMPLE]\nservices = ["ollama/qwen3:8b"]\n'


def test_what_is_new_is_marked_and_what_is_left_out_has_a_reason() -> None:
    found = [key("anthropic"), key("openai", source="file")]
    lines = in_words(proposed(ollama(model(), model("e", chats=False)), keys=found)).splitlines()
    assert lines[0] == "Providers to add"
    assert lines[1].split() == ["ollama", "Ollama", "at", "http://127.0.0.1:11434", "no", "key"]
    assert lines[2].endswith("which stays there")
    assert lines[3].endswith("into the keyring")
    assert lines[5] == "SIMPLE"
    assert lines[6].startswith("  +  ollama/qwen3:8b")
    assert lines[-2:] == [
        "Left out",
        "  ollama/e: it does not answer in words: it embeds, transcribes or draws",
    ]


def test_what_is_there_already_is_shown_without_a_mark() -> None:
    made = proposed(ollama(model()), keys=[key("anthropic")], settings=settings_of(FILLED))
    lines = [line.split() for line in in_words(made).splitlines()]
    assert ["ollama/qwen3:8b", "is", "there", "already"] in lines


def test_a_tier_that_stays_as_it_is_says_why() -> None:
    off = settings_of(FILLED + "[tiers.REASONING]\nenabled = false\n")
    lines = in_words(proposed(ollama(model()), settings=off)).splitlines()
    at = lines.index("REASONING")
    assert lines[at + 1 : at + 3] == [
        "  it is switched off, and stays as it is",
        "  nothing; its traffic goes to another tier",
    ]


def test_where_nothing_is_new_only_the_advice_and_what_was_left_out_are_said() -> None:
    made = proposed(ollama(model("e", chats=False)))
    assert in_words(made).splitlines()[0] == made.advice
    assert "SIMPLE" not in in_words(made)
