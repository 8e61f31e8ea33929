"""Seats are taken, changed and left, and the counts agree with them."""

from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.balance.in_flight import InFlight
from proxy.routing.service import Service

A, B = Service("anthropic", "a"), Service("anthropic", "b")


def test_a_seat_is_counted_until_it_is_left() -> None:
    seats = InFlight()
    seats.take("one", A)
    seats.take("two", A)
    assert (seats.count(A), seats.count(B)) == (2, 0)
    seats.leave("one")
    seats.leave("one")
    assert seats.count(A) == 1


def test_who_goes_on_to_another_service_takes_its_seat_along() -> None:
    seats = InFlight()
    seats.take("one", A)
    seats.take("one", B)
    seats.take("one", B)
    assert (seats.count(A), seats.count(B)) == (0, 1)


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from([A, B, None]))))
def test_the_counts_are_those_of_the_seats(steps: list[tuple[str, Service | None]]) -> None:
    seats = InFlight()
    where: dict[str, Service] = {}
    for asker, service in steps:
        if service is None:
            seats.leave(asker)
            where.pop(asker, None)
        else:
            seats.take(asker, service)
            where[asker] = service
        for each in (A, B):
            assert seats.count(each) == list(where.values()).count(each)
    for asker in "xyz":
        seats.leave(asker)
    assert not seats._counts
