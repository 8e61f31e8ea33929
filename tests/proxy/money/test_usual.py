from proxy.money.usual import UsualCosts


def test_a_service_that_was_never_paid_for_costs_nothing_yet() -> None:
    assert UsualCosts().of("a/b") == 0


def test_the_first_cost_is_the_usual_one_and_later_ones_move_it() -> None:
    costs = UsualCosts()
    costs.note("a/b", 1000)
    assert costs.of("a/b") == 1000
    costs.note("a/b", 2000)
    assert costs.of("a/b") == 1200
    assert costs.of("a/c") == 0


def test_only_so_many_are_remembered() -> None:
    costs = UsualCosts()
    for number in range(600):
        costs.note(str(number), 10)
    assert costs.of("0") == 0
    assert costs.of("599") == 10
