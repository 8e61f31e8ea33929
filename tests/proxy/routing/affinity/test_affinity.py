"""What is remembered of a thread, for how long, and who makes room for whom."""

import pytest

from proxy.routing.affinity.affinity import Affinity
from proxy.routing.affinity.pins import OVERTIME, is_forgotten, is_live
from proxy.routing.affinity.threads import Thread
from proxy.routing.service import Service
from tests.proxy.routing.affinity.made import HAIKU, HOUR, LOCAL, MOST, NOW, OPUS, THREAD, pin


def sessions(count: int, route: str = "main") -> list[Thread]:
    return [Thread(route, "claude-code", f"session-{number}") for number in range(count)]


def put_all(affinity: Affinity, threads: list[Thread], most: int = MOST, *, awaiting: int = 0) -> None:
    """One after the other; the first ones await a tool's result."""
    for number, thread in enumerate(threads):
        at = NOW + number
        affinity.put(thread, "", pin(at=at, awaits_result=number < awaiting), at, most)


def known(affinity: Affinity, threads: list[Thread]) -> list[int]:
    return [number for number, thread in enumerate(threads) if affinity.remembered(thread) is not None]


def test_an_unknown_thread_is_not_remembered() -> None:
    assert Affinity().remembered(THREAD) is None


def test_a_thread_has_a_pin_for_each_partition_and_knows_where_its_last_typed_turn_was() -> None:
    affinity = Affinity()
    affinity.put(THREAD, "", pin(HAIKU), NOW, MOST)
    affinity.put(THREAD, "code", pin(OPUS), NOW + 1, MOST)
    affinity.put(THREAD, "vision", pin(LOCAL), NOW + 2, MOST, is_typed=False)

    remembered = affinity.remembered(THREAD)
    assert remembered is not None
    assert {name: each.service for name, each in remembered.pins.items()} == {
        "": HAIKU,
        "code": OPUS,
        "vision": LOCAL,
    }
    assert (remembered.last, remembered.first_seen) == ("code", NOW)
    assert len(affinity) == 3


@pytest.mark.parametrize(
    "other",
    [
        Thread("other", "claude-code", "session-1"),
        Thread("main", "codex", "session-1"),
        Thread("main", "claude-code", "session-2"),
        Thread("main", "claude-code", "session-1", "explorer"),
        Thread("mainclaude", "-code", "session-1"),
        Thread("main", "claude-code", "session-1main", ""),
    ],
)
def test_other_threads_have_pins_of_their_own(other: Thread) -> None:
    affinity = Affinity()
    affinity.put(THREAD, "", pin(), NOW, MOST)
    assert affinity.remembered(other) is None


def test_what_was_remembered_stays_as_it_was_when_it_was_asked_for() -> None:
    affinity = Affinity()
    affinity.put(THREAD, "", pin(HAIKU), NOW, MOST)
    before = affinity.remembered(THREAD)
    affinity.put(THREAD, "", pin(OPUS), NOW, MOST)
    affinity.drop(THREAD, "")
    assert before is not None
    assert before.pins[""].service == HAIKU


@pytest.mark.parametrize(
    ("thread", "service"),
    [
        (Thread("main", "sdk", ""), HAIKU),
        (THREAD, Service("", "claude-haiku-4-5")),
        (THREAD, Service("anthropic", "")),
    ],
)
def test_without_a_session_or_a_service_nothing_is_written(thread: Thread, service: Service) -> None:
    affinity = Affinity()
    affinity.put(thread, "", pin(service), NOW, MOST)
    assert (len(affinity), affinity.changed) == (0, 0)


@pytest.mark.parametrize(
    ("after", "expected"), [(0.0, True), (HOUR, True), (HOUR + 0.001, False), (-HOUR, True)]
)
def test_a_pin_lives_until_the_last_moment_of_its_time(after: float, expected: bool) -> None:
    assert is_live(pin(), NOW + after, max_age=12 * HOUR) is expected
    affinity = Affinity()
    affinity.put(THREAD, "", pin(), NOW, MOST)
    assert affinity.count_by_service(HAIKU, NOW + after) == expected
    assert len(list(affinity.live(NOW + after))) == expected


def test_no_pin_lives_beyond_the_greatest_age_of_its_lock() -> None:
    old = pin(first_locked=NOW - 12 * HOUR)
    assert is_live(old, NOW, max_age=12 * HOUR)
    assert not is_live(old, NOW + 1, max_age=12 * HOUR)


def test_renewing_gives_the_whole_time_again_up_to_the_greatest_age() -> None:
    affinity = Affinity()
    affinity.put(THREAD, "", pin(), NOW, MOST)

    affinity.renew(THREAD, "", NOW + 600, HOUR, 12 * HOUR)
    remembered = affinity.remembered(THREAD)
    assert remembered is not None
    assert remembered.pins[""] == pin(at=NOW + 600, first_locked=NOW)

    affinity.renew(THREAD, "", NOW + 11.5 * HOUR, HOUR, 12 * HOUR)
    remembered = affinity.remembered(THREAD)
    assert remembered is not None
    assert remembered.pins[""].expires_at == NOW + 12 * HOUR


def test_an_answer_is_noted_with_the_pin_and_changes_nothing_of_its_time() -> None:
    affinity = Affinity()
    affinity.put(THREAD, "", pin(), NOW, MOST)
    affinity.note_answer(THREAD, "", "msg_1", awaits_result=True, prefix=30_000, warm_until=NOW + 300)
    remembered = affinity.remembered(THREAD)
    assert remembered is not None
    assert remembered.pins[""] == pin(
        message_id="msg_1", awaits_result=True, prefix=30_000, warm_until=NOW + 300
    )


def test_what_is_not_there_is_neither_renewed_nor_noted_nor_dropped() -> None:
    affinity = Affinity()
    affinity.put(THREAD, "", pin(), NOW, MOST)
    before, _ = affinity.remembered(THREAD), affinity.take_changed(1)
    for thread, partition in ((THREAD, "code"), (Thread("main", "codex", "session-1"), "")):
        affinity.renew(thread, partition, NOW, HOUR, HOUR)
        affinity.note_answer(thread, partition, "msg_1", awaits_result=True, prefix=1, warm_until=NOW)
        affinity.drop(thread, partition)
    assert affinity.remembered(THREAD) == before
    assert affinity.changed == 0


def test_dropping_a_partition_keeps_the_others_and_the_last_one_ends_the_thread() -> None:
    affinity = Affinity()
    affinity.put(THREAD, "", pin(), NOW, MOST)
    affinity.put(THREAD, "code", pin(OPUS), NOW, MOST)
    affinity.drop(THREAD, "")
    remembered = affinity.remembered(THREAD)
    assert remembered is not None
    assert list(remembered.pins) == ["code"]
    affinity.drop(THREAD, "code")
    assert affinity.remembered(THREAD) is None
    assert len(affinity) == 0


def test_the_pins_of_a_provider_are_released_wherever_they_are() -> None:
    affinity = Affinity()
    threads = sessions(3)
    put_all(affinity, threads)
    affinity.put(threads[0], "code", pin(LOCAL), NOW, MOST)
    assert affinity.release(lambda each: each.provider == "anthropic") == 3
    assert known(affinity, threads) == [0]
    assert affinity.count_by_service(HAIKU, NOW) == 0
    assert affinity.count_by_service(LOCAL, NOW) == 1


def test_when_there_are_too_many_the_oldest_written_goes() -> None:
    affinity, threads = Affinity(), sessions(4)
    put_all(affinity, threads, most=3)
    assert known(affinity, threads) == [1, 2, 3]


def test_a_pin_that_is_renewed_is_written_anew() -> None:
    affinity, threads = Affinity(), sessions(4)
    put_all(affinity, threads[:3])
    affinity.renew(threads[0], "", NOW + 5, HOUR, 12 * HOUR)
    affinity.put(threads[3], "", pin(), NOW + 6, 3)
    assert known(affinity, threads) == [0, 2, 3]


def test_who_awaits_a_tools_result_goes_last() -> None:
    affinity, threads = Affinity(), sessions(5)
    put_all(affinity, threads, most=3, awaiting=2)
    assert known(affinity, threads) == [0, 1, 4]


def test_a_new_pin_is_kept_even_if_all_others_await_results() -> None:
    affinity, threads = Affinity(), sessions(4)
    put_all(affinity, threads, most=3, awaiting=3)
    assert known(affinity, threads) == [1, 2, 3]


def test_who_has_got_the_result_is_as_old_as_it_was() -> None:
    affinity, threads = Affinity(), sessions(4)
    put_all(affinity, threads[:3], awaiting=1)
    affinity.note_answer(threads[0], "", "msg_2", awaits_result=False, prefix=0, warm_until=0)
    affinity.put(threads[3], "", pin(), NOW + 6, 3)
    assert known(affinity, threads) == [1, 2, 3]


def test_writing_a_pin_again_takes_nobodys_room() -> None:
    affinity, threads = Affinity(), sessions(3)
    put_all(affinity, threads, most=3)
    affinity.put(threads[0], "", pin(OPUS), NOW + 9, 3)
    assert known(affinity, threads) == [0, 1, 2]


def test_a_smaller_room_is_kept_to_with_the_next_pin() -> None:
    affinity, threads = Affinity(), sessions(5)
    put_all(affinity, threads)
    affinity.put(threads[4], "", pin(OPUS), NOW + 9, 2)
    assert known(affinity, threads) == [3, 4]


def test_a_route_makes_no_room_for_another() -> None:
    affinity, threads, others = Affinity(), sessions(3), sessions(3, route="small")
    put_all(affinity, threads)
    put_all(affinity, others, most=1)
    assert known(affinity, threads) == [0, 1, 2]
    assert known(affinity, others) == [2]


def test_a_thread_is_counted_once_for_a_service_until_the_last_of_its_pins_ends() -> None:
    affinity = Affinity()
    affinity.put(THREAD, "", pin(), NOW, MOST)
    affinity.put(THREAD, "code", pin(at=NOW + 600), NOW + 600, MOST)
    affinity.put(THREAD, "vision", pin(OPUS), NOW, MOST)
    assert affinity.count_by_service(HAIKU, NOW + 600) == 1
    assert affinity.count_by_service(HAIKU, NOW + 600 + HOUR) == 1
    assert affinity.count_by_service(HAIKU, NOW + 601 + HOUR) == 0
    assert affinity.count_by_service(OPUS, NOW) == 1


def test_an_expired_pin_is_kept_for_a_tool_turn_and_goes_when_none_can_come_any_more() -> None:
    affinity = Affinity()
    affinity.put(THREAD, "", pin(), NOW, MOST)
    assert not is_forgotten(pin(), NOW + HOUR + OVERTIME)
    assert affinity.sweep(NOW + HOUR + OVERTIME) == 0
    assert affinity.remembered(THREAD) is not None
    assert affinity.sweep(NOW + HOUR + OVERTIME + 1) == 1
    assert affinity.remembered(THREAD) is None


def test_a_window_is_shown_whose_pin_it_is_but_not_the_session() -> None:
    affinity = Affinity()
    affinity.put(THREAD, "code", pin(), NOW, MOST)
    [sitting] = affinity.live(NOW)
    assert (sitting.route, sitting.client, sitting.partition, sitting.pin) == (
        "main",
        "claude-code",
        "code",
        pin(),
    )
    assert sitting.thread == THREAD.key
    assert "session-1" not in repr(sitting)


def test_half_a_surrogate_pair_in_a_sessions_id_is_no_hindrance() -> None:
    affinity, thread = Affinity(), Thread("main", "sdk", "\ud83c")
    affinity.put(thread, "", pin(), NOW, MOST)
    assert affinity.remembered(thread) is not None
