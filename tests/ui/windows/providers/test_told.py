"""What the page says of providers, keys, limits, models and tests: decisions without widgets."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.desk.standing import ProviderStanding, Standing, State
from app.providers.key_state import KeyKind, KeyState
from app.providers.listing import Row
from proxy.config import ProviderConfig
from proxy.config.switch import provider_enabled
from proxy.server.quotas import QuotaWindow
from ui.windows.providers.entries import Entry, Lately, entries
from ui.windows.providers.findings import step, verdict
from ui.windows.providers.keys import keys, label_for_another, replacing, why_no_label
from ui.windows.providers.limits import limits
from ui.windows.providers.models import list_told, matching, model_rows, told
from ui.windows.providers.provider_list import lines
from ui.windows.providers.removing import consequence
from ui.windows.providers.words import sentence, tr

NOW = 1_800_000_000.0
CLOUD = ProviderConfig(kind="anthropic")
WINDOW = QuotaWindow(
    name="5h",
    kind="limit",
    key="keyring",
    model="",
    counts=True,
    used_percent=82.0,
    limit=None,
    remaining=None,
    unit="",
    resets_at=NOW + 3600,
    seen_at=NOW,
    source="headers",
)


def standing(*providers: ProviderStanding, ends: Mapping[Any, Any] | None = None) -> Standing:
    return Standing("u", True, False, "balanced", (), providers, None, ends or {}, "")


def provider(state: State = State.READY, *, enabled: bool = True, window: QuotaWindow | None = None) -> Any:
    return ProviderStanding("a", enabled, False, state, "Why.", window)


def row(*states: KeyState) -> Row:
    return Row("a", "anthropic", "cloud", True, "https://a", states, "")


STORED = KeyState("keyring", KeyKind.STORED, "in the keyring")
MISSING = KeyState("keyring", KeyKind.MISSING, "missing in the keyring")
UNKNOWN = KeyState("keyring", KeyKind.UNKNOWN, "unknown: The system keyring is locked.")
UNKNOWN_TOO = KeyState("keyring:work", KeyKind.UNKNOWN, "unknown (work): The system keyring is locked.")


def entry(told_by: Standing, *rows: Row) -> Entry:
    (found,) = entries(told_by, {"a": CLOUD}, rows, NOW)
    return found


def test_a_provider_is_told_with_its_state_its_key_and_its_tightest_limit() -> None:
    found = entry(standing(provider(window=WINDOW)), row(STORED))
    assert (found.signed, found.kind, found.where) == ("● ready", "Anthropic", "cloud")
    assert found.keys == "key in the keyring"
    assert found.limit.startswith("5h: 82 % used, anew at ")
    assert "82 %" in lines(found)[-1].text
    assert "ready" in found.spoken


def test_one_without_a_usable_key_says_so_whatever_else_is_well() -> None:
    assert entry(standing(provider()), row(MISSING)).signed == "✕ key missing"
    assert entry(standing(provider(State.OFF, enabled=False)), row(MISSING)).signed == "○ off"


def test_a_keyring_that_does_not_answer_leaves_a_key_neither_usable_nor_missing() -> None:
    found = entry(standing(provider()), row(UNKNOWN))
    assert found.signed == "▲ key unknown"
    assert "did not answer" in found.why
    assert entry(standing(provider()), row(STORED, UNKNOWN_TOO)).signed == "● ready"
    assert entry(standing(provider()), row(MISSING, UNKNOWN_TOO)).signed == "▲ key unknown"


def test_keys_are_counted_by_what_is_known_of_them() -> None:
    def keys_told(*states: KeyState) -> str:
        return entry(standing(provider()), row(*states)).keys

    assert keys_told(STORED, UNKNOWN_TOO) == "1 of 2 keys usable, 1 unknown"
    assert keys_told(UNKNOWN, UNKNOWN_TOO) == "2 keys: the keyring does not answer"
    assert keys_told(STORED, MISSING) == "1 of 2 keys usable"


def test_before_the_keyring_has_answered_nothing_is_claimed_of_keys() -> None:
    (found,) = entries(standing(provider()), {"a": CLOUD}, None, NOW)
    assert found.signed == "● ready"
    assert "looking" in found.keys


def test_one_whose_last_test_failed_is_not_called_ready() -> None:
    refused = Lately(failed_tests={"a": "The provider a refuses its key."})
    (found,) = entries(standing(provider()), {"a": CLOUD}, [row(STORED)], NOW, refused)
    assert (found.signed, found.why) == ("▲ last test failed", "The provider a refuses its key.")
    passed = Lately(failed_tests={"a": "", "b": "No."})
    (found,) = entries(standing(provider()), {"a": CLOUD}, [row(STORED)], NOW, passed)
    assert found.signed == "● ready"


@pytest.mark.parametrize(
    ("statistics", "says"),
    [
        ({"a": {"total": 20, "errorRate": 44.0}}, "▲ fails often"),
        ({"a": {"total": 20, "errorRate": 19.9}}, "● ready"),
        ({"a": {"total": 0, "errorRate": None}}, "● ready"),
        ({"error": "ledger", "detail": "The record cannot be read."}, "● ready"),
    ],
)
def test_one_that_fails_often_is_told_as_everywhere(statistics: dict[str, Any], says: str) -> None:
    lately = Lately(statistics=statistics)
    (found,) = entries(standing(provider()), {"a": CLOUD}, [row(STORED)], NOW, lately)
    assert found.signed == says
    (off,) = entries(standing(provider(State.OFF, enabled=False)), {"a": CLOUD}, [row(STORED)], NOW, lately)
    assert off.signed == "○ off"


def test_a_switch_for_a_while_says_until_when() -> None:
    ends = {provider_enabled("a"): "run"}
    found = entry(standing(provider(State.OFF, enabled=False), ends=ends), row(STORED))
    assert found.until == "off until Tierwise quits"
    assert lines(found)[1].text == "○ off until Tierwise quits"


def test_every_state_of_a_provider_has_a_sign_of_its_own_beside_a_word() -> None:
    told_states = {entry(standing(provider(state)), row(STORED)).signed for state in State}
    assert len(told_states) == len(State)
    assert all(each[0] in "●▲✕○" and len(each) > 3 for each in told_states)


@pytest.mark.parametrize("kind", KeyKind)
def test_every_state_of_a_key_is_told_in_words_with_a_sign(kind: KeyKind) -> None:
    (key,) = keys("a", [KeyState("env:X_KEY", kind, "unknown: The system keyring is locked.")], ())
    assert key.signed[0] in "●▲✕○"
    assert len(key.words) > 5
    if kind in (KeyKind.MISSING, KeyKind.UNKNOWN, KeyKind.UNSET):
        assert key.advice


def test_a_locked_keyring_says_what_to_do() -> None:
    state = KeyState("keyring", KeyKind.UNKNOWN, "unknown: The system keyring is locked. Unlock it.")
    (key,) = keys("a", [state], ())
    assert key.advice == "The system keyring is locked. Unlock it."
    assert key.stored_as == ""


def test_a_rejected_key_is_told_as_such_and_only_that_one() -> None:
    marks = [{"provider": "a", "model": None, "key": "keyring:work", "reason": "rejected"}]
    work = KeyState("keyring:work", KeyKind.STORED, "in the keyring (work)")
    first, second = keys("a", [STORED, work], marks)
    assert first.level == "good"
    assert second.words == "rejected by the provider"
    assert "replace" in second.advice
    assert (first.stored_as, second.stored_as) == ("provider/a", "provider/a/work")


def test_a_variable_beside_other_keys_is_not_replaced_for_that_would_drop_them() -> None:
    variable = KeyState("env:X", KeyKind.SET, "environment variable X, set")
    assert [key.can_be_replaced for key in keys("a", [STORED, variable], ())] == [True, False]
    assert keys("a", [variable], ())[0].can_be_replaced
    assert replacing("a", "keyring:work").label == "work"
    assert replacing("a", "env:X").label == ""


def test_a_further_key_gets_a_name_that_is_free() -> None:
    two = ProviderConfig(kind="anthropic", keys=("keyring", "keyring:key2"))
    assert label_for_another(two) == "key3"
    assert label_for_another(ProviderConfig(kind="anthropic", key="env:X")) == ""
    assert "already" in why_no_label("key2", two)
    assert "a name" in why_no_label("", two)
    assert "slash" in why_no_label("a/b", two)
    assert why_no_label("work", two) == ""


def test_limits_are_told_in_words_and_unknown_is_no_zero() -> None:
    window = {
        "name": "5h", "kind": "limit", "key": "keyring", "model": "", "used_percent": 100.0, "limit": None,
        "remaining": None, "unit": "", "resets_at": None,
    }  # fmt: skip
    unknown = {**window, "name": "rpm", "used_percent": None}
    credit = {**unknown, "name": "credit", "remaining": 1.5, "limit": 10.0, "unit": "USD"}
    full, not_known, left = limits({"windows": [window, unknown, credit]}, NOW)
    assert (full.words, full.share, full.is_used_up) == ("✕ 100 % used", 1.0, True)
    assert (not_known.words, not_known.share) == ("use unknown", None)
    assert left.words == "use unknown · $1.50 of $10.00 left"


MODEL = {
    "service": "a/m", "model": "m", "label": "M", "context": 200_000, "max_output": None, "tools": True,
    "vision": None, "thinking": False, "listed": True, "tiers": ["SIMPLE"],
}  # fmt: skip


def test_a_model_is_told_in_words_and_what_is_unknown_is_a_dash() -> None:
    (known,) = model_rows([MODEL], {})
    assert (known["tools"], known["vision"], known["thinking"], known["price"]) == ("yes", "–", "no", "–")
    assert "serves SIMPLE" in told(known)
    assert "its price is unknown" in told(known).lower()
    price = {"service": "a/m", "source": "user", "prices": {"input": 3.0, "output": None}}
    (priced,) = model_rows([MODEL], {"services": [price]})
    assert priced["price"] == "$3.00 / –"
    assert "your own price list" in told(priced)


def test_the_search_looks_at_names_labels_and_tiers() -> None:
    rows = model_rows([MODEL, {**MODEL, "model": "other", "service": "a/other", "tiers": []}], {})
    assert [each["model"] for each in matching(rows, "simple M")] == ["m"]
    assert len(matching(rows, "")) == 2


def test_a_list_that_could_not_be_had_is_told() -> None:
    unknown = model_rows([{**MODEL, "listed": None}], {})
    assert list_told(model_rows([MODEL], {}), is_on=True) == ""
    assert list_told(model_rows([{**MODEL, "listed": False}], {}), is_on=False) == ""
    assert "could not be had" in list_told(unknown, is_on=True)
    assert "It is off, so its list was not asked for" in list_told(unknown, is_on=False)


def test_without_its_list_nothing_is_claimed_of_what_a_provider_lists() -> None:
    (unknown,) = model_rows([{**MODEL, "listed": None}], {})
    assert "list" not in told(unknown)
    (missing,) = model_rows([{**MODEL, "listed": False}], {})
    assert told(missing).endswith("The provider has not listed it.")
    (listed,) = model_rows([MODEL], {})
    assert "list" not in told(listed)


def test_steps_of_a_test_have_a_word_a_sign_and_a_verdict() -> None:
    works = step({"step": "answer", "ok": True, "text": "p/m answers", "seconds": 1.25})
    fails = step({"step": "tools", "ok": False, "text": "it does not", "seconds": None})
    skipped = step({"step": "vision", "ok": None, "text": "not tried", "seconds": None})
    assert (works.word, works.text, works.took) == ("✓ works", "p/m answers.", "1.2 s")
    assert (fails.word, fails.text) == ("✕ fails", "It does not.")
    assert verdict([works, skipped])[1].startswith("✓")
    assert verdict([works, fails])[0] == "bad"
    assert verdict([skipped])[0] == "muted"


def test_what_follows_from_a_removal_is_told_before_it() -> None:
    told_before = consequence(ProviderConfig(kind="anthropic"), ["tiers.SIMPLE.services[0]"])
    assert "cannot be brought back" in told_before
    assert "tiers.SIMPLE.services[0]" in told_before
    assert "keyring" not in consequence(ProviderConfig(kind="ollama"), [])


def test_a_name_of_the_users_is_never_taken_for_a_place_in_a_sentence() -> None:
    assert tr("%1 is on for %2.", "%2", "ever") == "%2 is on for ever."
    assert sentence("p/m calls tools") == "p/m calls tools."
