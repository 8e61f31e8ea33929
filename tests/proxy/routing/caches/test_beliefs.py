"""What is believed to be cached of a thread, after what its answers have told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.money.caching import CacheRules, cache_rules
from proxy.routing.caches.beliefs import MOST_SERVICES, MOST_THREADS, Answer, Belief, Beliefs
from proxy.routing.service import Service

ANTHROPIC = Service("anthropic", "claude-opus-4-8")
OPENAI = Service("openai", "gpt-5.4")
NOBODYS = Service("house", "glm-air")
OLLAMA = Service("ollama", "qwen3")
MARKED, AUTOMATIC, UNKNOWN = cache_rules("anthropic"), cache_rules("openai"), cache_rules("nobody-knows-this")
OLLAMAS = cache_rules("ollama")
RULES = {ANTHROPIC: MARKED, OPENAI: AUTOMATIC, NOBODYS: UNKNOWN, OLLAMA: OLLAMAS}


def told(
    prompt: int,
    read: int | None = None,
    written: int | None = None,
    asked_seconds: int = 300,
) -> Answer:
    return Answer(prompt=prompt, read=read, written=written, output=800, asked_seconds=asked_seconds)


class Noted:
    """One thread, and what was noted of it, ten seconds after each other."""

    def __init__(self, beliefs: Beliefs | None = None, thread: bytes = b"thread") -> None:
        self.beliefs = Beliefs() if beliefs is None else beliefs
        self.thread = thread
        self.now = 1000.0

    def note(self, service: Service, answer: Answer) -> None:
        self.now += 10
        self.beliefs.note(self.thread, service, answer, self.now, RULES.get(service, AUTOMATIC))

    def prefix(self, service: Service, after: float = 0.0) -> int:
        belief = self.beliefs.of(self.thread, self.now + after).get(service)
        return 0 if belief is None else belief.prefix


# -- what is believed --------------------------------------------------------------------------------


def test_of_a_thread_nobody_has_answered_nothing_is_believed() -> None:
    assert Beliefs().of(b"thread", 0.0) == {}


def test_what_was_read_and_what_was_written_is_there() -> None:
    noted = Noted()
    noted.note(ANTHROPIC, told(33_000, read=30_000, written=2_000))
    assert noted.beliefs.of(b"thread", noted.now) == {ANTHROPIC: Belief(32_000, noted.now + 300, noted.now)}


@pytest.mark.parametrize(
    ("service", "answer", "prefix"),
    [
        (ANTHROPIC, told(33_000), 0),
        (ANTHROPIC, told(33_000, 0, 0), 0),
        (OPENAI, told(33_000), 33_000),
        (OPENAI, told(33_000, 0), 33_000),
        (OPENAI, told(33_000, 20_000), 33_000),
        (OPENAI, told(1023), 0),
        (OPENAI, told(1024), 1024),
        (NOBODYS, told(33_000), 0),
        (NOBODYS, told(33_000, 0), 0),
        (NOBODYS, told(33_000, 20_000), 33_000),
        (OLLAMA, told(100), 900),
    ],
    ids=[
        "not marked",
        "told that nothing is kept",
        "automatic, not told",
        "automatic, nothing read yet",
        "automatic, some read",
        "too short",
        "just long enough",
        "unknown host that tells nothing",
        "unknown host that read nothing",
        "unknown host that read some",
        "here, with its own answer",
    ],
)
def test_a_first_answer_tells_what_is_there(service: Service, answer: Answer, prefix: int) -> None:
    noted = Noted()
    noted.note(service, answer)
    assert noted.prefix(service) == prefix


def test_each_service_has_what_it_was_sent() -> None:
    noted = Noted()
    noted.note(ANTHROPIC, told(31_000, 0, 30_000))
    noted.note(OPENAI, told(33_000))
    assert (noted.prefix(ANTHROPIC), noted.prefix(OPENAI)) == (30_000, 33_000)


def test_each_thread_has_its_own() -> None:
    noted = Noted()
    noted.note(OPENAI, told(33_000))
    assert Noted(noted.beliefs, b"other").prefix(OPENAI) == 0


@pytest.mark.parametrize(
    ("service", "asked_seconds", "lasts"),
    [(ANTHROPIC, 300, 300), (ANTHROPIC, 3600, 3600), (OPENAI, 3600, 600), (OLLAMA, 0, 300)],
)
def test_it_is_there_for_its_time_and_every_use_renews_it(
    service: Service, asked_seconds: int, lasts: float
) -> None:
    noted = Noted()
    for _ in range(3):
        noted.note(service, told(33_000, 20_000, 10_000, asked_seconds))
        assert noted.prefix(service, after=lasts)
        assert not noted.prefix(service, after=lasts + 0.1)
        noted.now += lasts - 20


# -- what turns out to be wrong ----------------------------------------------------------------------


def test_what_was_not_read_and_is_not_written_is_believed_no_more() -> None:
    noted = Noted()
    noted.note(ANTHROPIC, told(33_000, 0, 32_000))
    noted.note(ANTHROPIC, told(34_000, 0, 0))
    assert noted.prefix(ANTHROPIC) == 0


def test_one_mistake_is_forgiven_and_two_are_not() -> None:
    noted = Noted()
    prefixes = []
    for prompt in (33_000, 34_000, 35_000, 36_000):
        noted.note(OPENAI, told(prompt, 0))
        prefixes.append(noted.prefix(OPENAI))
    assert prefixes == [33_000, 34_000, 0, 0]
    noted.note(OPENAI, told(37_000, 30_000))
    assert noted.prefix(OPENAI) == 37_000


def test_a_mistake_is_forgotten_when_it_was_read_again() -> None:
    noted = Noted()
    for read in (0, 0, 20_000, 0):
        noted.note(OPENAI, told(33_000, read))
    assert noted.prefix(OPENAI) == 33_000


def test_what_was_cold_or_is_not_told_is_no_mistake() -> None:
    noted = Noted()
    for _ in range(4):
        noted.note(OPENAI, told(33_000, 0))
        noted.now += 601
    for _ in range(4):
        noted.note(OPENAI, told(33_000))
    assert noted.prefix(OPENAI) == 33_000


def test_a_service_that_was_wrong_in_one_thread_is_believed_in_none() -> None:
    noted = Noted()
    other = Noted(noted.beliefs, b"other")
    other.note(OPENAI, told(33_000))
    for _ in range(3):
        noted.note(OPENAI, told(33_000, 0))
    assert other.prefix(OPENAI) == 0


def test_a_host_nobody_knows_is_believed_in_every_thread_once_it_has_read() -> None:
    noted = Noted()
    other = Noted(noted.beliefs, b"other")
    other.note(NOBODYS, told(33_000, 0))
    assert other.prefix(NOBODYS) == 0
    noted.note(NOBODYS, told(50_000, 10_000))
    assert other.prefix(NOBODYS) == 33_000


def test_a_server_here_may_report_what_it_likes() -> None:
    noted = Noted()
    for _ in range(4):
        noted.note(OLLAMA, told(33_000, 0))
    assert noted.prefix(OLLAMA) == 33_800


# -- a slot ------------------------------------------------------------------------------------------


def test_another_thread_takes_the_only_slot() -> None:
    noted = Noted()
    other = Noted(noted.beliefs, b"other")
    noted.note(OLLAMA, told(33_000))
    other.note(OLLAMA, told(5_000))
    assert (noted.prefix(OLLAMA), other.prefix(OLLAMA)) == (0, 5_800)


def test_a_prompt_of_no_thread_takes_it_as_well() -> None:
    noted = Noted()
    noted.note(OLLAMA, told(33_000))
    noted.beliefs.note(None, OLLAMA, told(300), noted.now, OLLAMAS)
    assert noted.prefix(OLLAMA) == 0


def test_with_two_slots_the_one_that_rested_longest_is_taken() -> None:
    beliefs = Beliefs()
    two = CacheRules(is_automatic=True, least=1, slots=2)
    for now, thread in enumerate([b"a", b"b", b"a", b"c"]):
        beliefs.note(thread, OLLAMA, told(5_000), float(now), two)
    assert [bool(beliefs.of(thread, 4.0)) for thread in (b"a", b"b", b"c")] == [True, False, True]


def test_at_a_vendor_there_is_room_for_all() -> None:
    noted = Noted()
    noted.note(OPENAI, told(33_000))
    noted.beliefs.note(None, OPENAI, told(3_000), noted.now, AUTOMATIC)
    Noted(noted.beliefs, b"other").note(OPENAI, told(5_000))
    assert noted.prefix(OPENAI) == 33_000


# -- beginning anew ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("prompt", "is_new"), [(16_499, True), (16_500, False), (33_000, False)])
def test_less_than_half_of_the_prompt_before_is_another_conversation(prompt: int, is_new: bool) -> None:
    noted = Noted()
    noted.note(OPENAI, told(33_000))
    noted.note(ANTHROPIC, told(33_000, 0, 32_000))
    assert noted.beliefs.restarted(b"thread", prompt) is is_new
    assert bool(noted.beliefs.of(b"thread", noted.now)) is not is_new


def test_an_answer_tells_it_too() -> None:
    noted = Noted()
    noted.note(OPENAI, told(33_000))
    noted.note(ANTHROPIC, told(8_000, 0, 7_000))
    assert noted.beliefs.of(b"thread", noted.now).keys() == {ANTHROPIC}


def test_what_is_not_read_after_that_is_no_mistake() -> None:
    noted = Noted()
    for prompt in (90_000, 40_000, 15_000, 6_000):
        noted.note(OPENAI, told(prompt, 0))
    assert noted.prefix(OPENAI) == 6_000


def test_nobody_has_begun_anew_of_whom_nothing_is_known() -> None:
    assert not Beliefs().restarted(b"thread", 1)


def test_a_provider_that_is_another_one_now_has_nothing_and_is_believed_anew() -> None:
    noted = Noted()
    noted.note(ANTHROPIC, told(33_000, 0, 32_000))
    for _ in range(3):
        noted.note(OPENAI, told(33_000, 0))
    noted.beliefs.release(lambda service: service.provider == "openai")
    assert noted.beliefs.of(b"thread", noted.now).keys() == {ANTHROPIC}
    noted.note(OPENAI, told(33_000, 0))
    assert noted.prefix(OPENAI) == 33_000


def test_a_server_that_is_another_one_now_has_all_slots_free() -> None:
    noted = Noted()
    other = Noted(noted.beliefs, b"other")
    noted.note(OLLAMA, told(33_000))
    noted.beliefs.release(lambda _service: True)
    assert len(noted.beliefs) == 0
    noted.note(OPENAI, told(33_000))
    other.note(OLLAMA, told(33_000))
    assert (noted.prefix(OPENAI), other.prefix(OLLAMA)) == (33_000, 33_800)


# -- bounds ------------------------------------------------------------------------------------------


def test_the_thread_that_was_noted_longest_ago_is_forgotten_first() -> None:
    beliefs = Beliefs()
    names = [str(number).encode() for number in range(MOST_THREADS)]
    for name in (*names, names[0], b"one more"):
        beliefs.note(name, OPENAI, told(33_000), 0.0, AUTOMATIC)
    assert len(beliefs) == MOST_THREADS
    assert [bool(beliefs.of(name, 0.0)) for name in (*names[:3], b"one more")] == [True, False, True, True]


def test_the_service_that_was_noted_longest_ago_is_forgotten_first() -> None:
    noted = Noted()
    services = [Service("openai", f"m{number}") for number in range(MOST_SERVICES)]
    for service in (*services, services[0], OPENAI):
        noted.note(service, told(33_000))
    known = noted.beliefs.of(b"thread", noted.now)
    assert known.keys() == {services[0], *services[2:], OPENAI}


COUNTS = st.none() | st.integers(0, 200_000)
NOTES = st.tuples(
    st.sampled_from([None, b"a", b"b", b"c"]),
    st.sampled_from(list(RULES)),
    st.builds(Answer, prompt=st.integers(0, 200_000), read=COUNTS, written=COUNTS),
    st.floats(0, 1000),
)


@given(st.lists(NOTES, max_size=30))
def test_whatever_is_told_what_is_believed_is_live_and_long_enough_and_one_slot_holds_one(
    notes: list[tuple[bytes | None, Service, Answer, float]],
) -> None:
    beliefs, now = Beliefs(), 0.0
    for thread, service, answer, after in notes:
        now += after
        beliefs.note(thread, service, answer, now, RULES[service])
        held = 0
        for name in (b"a", b"b", b"c"):
            for where, belief in beliefs.of(name, now).items():
                assert belief.prefix >= RULES[where].least
                assert belief.noted <= now <= belief.until
                held += where == OLLAMA
        assert held <= 1
