"""What a prompt cache would have done, turn by turn, had another model answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config import KINDS_OF_LOCAL_SERVERS, PROVIDER_KINDS, ProviderKind
from proxy.money.caching import CacheRules, CacheSimulation, Turn, cache_rules
from proxy.wire.canonical import Usage

MARKED = cache_rules("anthropic")
AUTOMATIC = cache_rules("openai")

Parts = tuple[int | None, int | None, int | None]
"""Fresh, read, written."""


def cached(fresh: int, read: int, written: int) -> Usage:
    return Usage(input=fresh, cache_read=read, cache_write=written, output=800)


def plain(prompt: int) -> Usage:
    """From a model that says nothing of a cache."""
    return Usage(input=prompt, output=800)


class Session:
    """One session whose turns are simulated in their order; `at` is in seconds."""

    def __init__(self, rules: CacheRules = MARKED, asked_seconds: int = 300, name: str | None = "s") -> None:
        self.simulation = CacheSimulation()
        self.rules = rules
        self.asked_seconds = asked_seconds
        self.name = name
        self.at = 0.0

    def turn(self, usage: Usage, *, after: float = 10.0, own: bool = False) -> Usage:
        self.at += after
        turn = Turn(usage=usage, at=self.at, asked_seconds=self.asked_seconds, is_own=own)
        return self.simulation.usage(self.name, self.rules, turn)

    def parts(self, usage: Usage, *, after: float = 10.0, own: bool = False) -> Parts:
        used = self.turn(usage, after=after, own=own)
        return used.input, used.cache_read, used.cache_write


# -- prompts that the client marks -------------------------------------------------------------------


def test_a_conversation_reads_what_the_turn_before_has_written() -> None:
    session = Session()
    assert session.parts(cached(20, 0, 31_000)) == (20, 0, 31_000)
    assert session.parts(cached(30, 31_000, 500)) == (30, 31_000, 500)
    assert session.parts(plain(33_000)) == (0, 31_500, 1_500)
    assert session.parts(plain(33_200)) == (0, 33_000, 200)


def test_what_followed_the_last_mark_is_sent_again_and_not_read() -> None:
    session = Session()
    session.turn(cached(5_000, 0, 31_000))
    assert session.parts(plain(40_000)) == (0, 31_000, 9_000)


@pytest.mark.parametrize(
    ("asked_seconds", "after", "read"),
    [(300, 300.0, 31_000), (300, 300.1, 0), (3600, 3600.0, 31_000), (3600, 3600.1, 0)],
)
def test_a_prefix_is_kept_for_as_long_as_the_client_asked(
    asked_seconds: int, after: float, read: int
) -> None:
    session = Session(asked_seconds=asked_seconds)
    session.turn(plain(31_000))
    assert session.parts(plain(31_000), after=after) == (0, read, 31_000 - read)


def test_every_use_keeps_a_prefix_for_longer() -> None:
    session = Session()
    session.turn(plain(31_000))
    for _ in range(3):
        assert session.parts(plain(31_000), after=290) == (0, 31_000, 0)


def test_what_is_kept_for_an_hour_is_written_for_an_hour() -> None:
    used = Session(asked_seconds=3600).turn(plain(31_000))
    assert (used.cache_write, used.cache_write_1h) == (31_000, 31_000)
    used = Session(asked_seconds=300).turn(plain(31_000))
    assert (used.cache_write, used.cache_write_1h) == (31_000, 0)


def test_a_client_that_marks_nothing_has_nothing_cached() -> None:
    session = Session(asked_seconds=0)
    for _ in range(2):
        assert session.parts(cached(20, 30_000, 1_000)) == (31_020, 0, 0)


def test_a_prompt_that_is_too_short_is_not_cached() -> None:
    session = Session()
    for _ in range(2):
        assert session.parts(plain(1_023)) == (1_023, 0, 0)


def test_a_conversation_that_was_made_shorter_begins_anew() -> None:
    session = Session()
    session.turn(plain(150_000))
    assert session.parts(plain(8_000)) == (0, 0, 8_000)
    assert session.parts(plain(9_000)) == (0, 8_000, 1_000)


def test_a_subagent_in_the_same_session_has_a_prefix_of_its_own() -> None:
    session = Session()
    session.turn(plain(31_000))
    assert session.parts(plain(12_000)) == (0, 0, 12_000)
    assert session.parts(plain(32_000)) == (0, 31_000, 1_000)
    assert session.parts(plain(13_000)) == (0, 12_000, 1_000)
    assert session.parts(plain(33_000)) == (0, 32_000, 1_000)


def test_what_was_really_read_would_have_been_read() -> None:
    """The prompt was in the cache from before, which only the provider knows."""
    assert Session().parts(cached(20, 30_000, 1_000)) == (20, 30_000, 1_000)


# -- the model's own turns ---------------------------------------------------------------------------


def test_while_the_model_itself_answers_its_own_report_is_taken() -> None:
    session = Session()
    for usage in (cached(7, 11_000, 20_000), cached(3_000, 0, 31_000), plain(5)):
        assert session.turn(usage, own=True) is usage


def test_coming_back_after_another_model_would_have_been_reading_on() -> None:
    """Another model's turn has let this one's cache go cold, and what that cost is what is shown."""
    session = Session()
    session.turn(cached(20, 0, 31_000), own=True)
    session.turn(plain(32_000), after=200)
    assert session.parts(cached(20, 0, 33_000), after=200, own=True) == (20, 32_000, 1_000)
    own = cached(20, 33_000, 500)
    assert session.turn(own, own=True) is own


def test_what_the_model_itself_has_not_cached_is_not_there_to_be_read() -> None:
    session = Session()
    session.turn(cached(31_000, 0, 0), own=True)
    assert session.parts(plain(32_000)) == (0, 0, 32_000)


# -- caches that need no marks -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "seconds", "least"),
    [
        ("openai", 600, 1024),
        ("azure-openai", 600, 1024),
        ("deepseek", 3600, 64),
        ("gemini", 300, 4096),
        ("nobody-knows-this", 300, 1024),
    ],
)
def test_an_automatic_cache_reads_what_was_sent_and_asks_nothing_for_writing(
    kind: str, seconds: float, least: int
) -> None:
    session = Session(cache_rules(kind), asked_seconds=0)
    assert session.parts(plain(least)) == (least, 0, 0)
    assert session.parts(plain(least + 100), after=seconds) == (100, least, 0)
    assert session.parts(plain(least + 200), after=seconds + 1) == (least + 200, 0, 0)


@pytest.mark.parametrize("kind", ["openai", "deepseek"])
def test_an_automatic_cache_leaves_short_prompts_alone(kind: str) -> None:
    rules = cache_rules(kind)
    session = Session(rules, asked_seconds=0)
    for _ in range(2):
        assert session.parts(plain(rules.least - 1)) == (rules.least - 1, 0, 0)


def test_marks_mean_nothing_to_an_automatic_cache() -> None:
    session = Session(AUTOMATIC, asked_seconds=3600)
    assert session.parts(cached(20, 0, 31_000)) == (31_020, 0, 0)
    assert session.parts(cached(20, 31_000, 1_000), after=500) == (1_000, 31_020, 0)
    assert session.parts(cached(20, 32_000, 1_000), after=601) == (1_020, 32_000, 0)


@pytest.mark.parametrize("kind", sorted(KINDS_OF_LOCAL_SERVERS))
def test_a_server_here_keeps_even_short_prompts_while_the_model_is_loaded(kind: str) -> None:
    session = Session(cache_rules(kind), asked_seconds=0)
    session.turn(plain(100))
    assert session.parts(plain(150), after=299) == (50, 100, 0)


@pytest.mark.parametrize("kind", PROVIDER_KINDS)
def test_only_servers_here_run_out_of_room_for_conversations(kind: ProviderKind) -> None:
    rules = cache_rules(kind)
    assert not rules.slots or kind in KINDS_OF_LOCAL_SERVERS
    assert rules.is_known or kind not in KINDS_OF_LOCAL_SERVERS


@pytest.mark.parametrize(
    ("kind", "model", "rules"),
    [
        ("openrouter", "anthropic/claude-haiku-4.5", MARKED),
        ("vertex", "claude-sonnet-4-6@20260101", MARKED),
        ("vertex", "gemini-3.5-flash", cache_rules("gemini")),
        ("openrouter", "z-ai/glm-5", cache_rules("nobody-knows-this")),
        ("openai", "gpt-5.4", AUTOMATIC),
        ("openai", "gpt-5-mini", AUTOMATIC),
        ("anthropic", "gpt-5.6", MARKED),
    ],
)
def test_where_models_are_cached_in_different_ways_the_model_tells(
    kind: str, model: str, rules: CacheRules
) -> None:
    assert cache_rules(kind, model) == rules


@pytest.mark.parametrize("model", ["gpt-5.5", "gpt-5.6-luna", "gpt-6-astra", "gpt-7"])
def test_later_models_of_openai_keep_a_prompt_for_half_an_hour(model: str) -> None:
    session = Session(cache_rules("openai", model), asked_seconds=0)
    session.turn(plain(31_000))
    assert session.parts(plain(31_000), after=1800) == (0, 31_000, 0)
    assert session.parts(plain(31_000), after=1801) == (31_000, 0, 0)


# -- limits ------------------------------------------------------------------------------------------


def test_without_a_session_nothing_is_believed_to_go_on() -> None:
    session = Session(name=None)
    for _ in range(2):
        assert session.parts(plain(31_000)) == (0, 0, 31_000)


def test_a_prompt_that_nobody_counted_is_left_as_it_is() -> None:
    usage = Usage(cache_read=30_000, output=5)
    assert Session().turn(usage) is usage


def test_only_how_the_prompt_was_cached_differs() -> None:
    used = Session().turn(Usage(input=31_000, output=800, reasoning=300, cost_usd=1.5))
    assert (used.output, used.reasoning, used.cost_usd) == (800, 300, None)


def test_the_conversation_that_rested_longest_is_forgotten_first() -> None:
    simulation = CacheSimulation()

    def read(name: int) -> int | None:
        turn = Turn(usage=plain(31_000), at=0.0, asked_seconds=300, is_own=False)
        return simulation.usage(name, MARKED, turn).cache_read

    for name in range(4000):
        read(name)
    assert read(0) == 31_000
    assert read(4000) == 0
    assert read(0) == 31_000
    assert read(1) == 0


def test_only_the_newest_prefixes_of_a_session_are_believed_in() -> None:
    session = Session()
    for prompt in range(20_000, 11_000, -1_000):
        session.turn(plain(prompt))
    assert session.parts(plain(30_000)) == (0, 19_000, 11_000)


COUNTS = st.none() | st.integers(0, 200_000)
USAGES = st.builds(
    Usage, input=COUNTS, cache_read=COUNTS, cache_write=COUNTS, cache_write_1h=COUNTS, output=COUNTS
)
TURNS = st.tuples(USAGES, st.floats(0, 4_000), st.booleans())


@given(
    st.lists(TURNS, max_size=20),
    st.sampled_from(["anthropic", "openai", "deepseek", "gemini"]),
    st.sampled_from([0, 300, 3600]),
)
def test_the_prompt_is_the_same_however_it_would_have_been_cached(
    turns: list[tuple[Usage, float, bool]], kind: str, asked_seconds: int
) -> None:
    session = Session(cache_rules(kind), asked_seconds)
    for usage, after, own in turns:
        used = session.turn(usage, after=after, own=own)
        assert used.prompt == usage.prompt
        assert (used.output, used.reasoning) == (usage.output, usage.reasoning)
        if used is not usage:
            parts = used.input, used.cache_read, used.cache_write, used.cache_write_1h
            assert all(part is not None and part >= 0 for part in parts)
