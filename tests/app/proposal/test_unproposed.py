"""Why nothing is proposed of a provider that is configured: nobody is sent to a reason that is not there."""

import pytest

from proxy.local.found import State
from proxy.local.place import Place
from tests.app.proposal.here import keys, model, proposed, server, settings_of, tiers, why_not

PLACE = Place("127.0.0.1", 18199)
HERE = '[providers.mine]\nkind = "openai"\nbase_url = "http://127.0.0.1:18199/v1"\n'
AWAY = '[providers.mine]\nkind = "openai"\nbase_url = "https://llm.example.com/v1"\n'


@pytest.mark.parametrize("table", [HERE, AWAY])
def test_one_whose_models_nobody_can_judge_is_told_with_what_to_do(table: str) -> None:
    made = proposed(settings=settings_of(table))
    assert not made.is_new
    assert "what was left out says why" in made.advice
    assert list(why_not(made)) == ["mine"]
    assert "not known here" in why_not(made)["mine"]
    assert "`tiers set TIER mine/MODEL`" in why_not(made)["mine"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.GONE, "does not answer now"),
        (State.LOADING, "loading a model"),
        (State.LOCKED, "`tiers set TIER mine/MODEL`"),
        (State.READY, "has no model now"),
    ],
)
def test_one_whose_server_shows_no_model_is_told_with_what_is_known_of_it(state: State, words: str) -> None:
    made = proposed(server(state=state, place=PLACE), settings=settings_of(HERE))
    assert words in why_not(made)["mine"]


def test_one_that_is_off_is_told_wherever_it_is() -> None:
    made = proposed(settings=settings_of('[providers.anthropic]\nkind = "anthropic"\nenabled = false\n'))
    assert "providers enable" in why_not(made)["anthropic"]
    found = server(model(), place=PLACE)
    made = proposed(found, settings=settings_of(f"{HERE}enabled = false\n"))
    assert list(why_not(made)) == ["mine"]


def test_one_that_is_proposed_or_serves_already_is_not_said_to_be_left_out() -> None:
    assert "mine" not in why_not(proposed(server(model(), place=PLACE), settings=settings_of(HERE)))
    serving = settings_of(f'{AWAY}[tiers.SIMPLE]\nservices = ["mine/a"]\n')
    assert why_not(proposed(settings=serving)) == {}
    assert "mine" in why_not(proposed(keys=keys("anthropic"), settings=settings_of(AWAY)))


def test_models_that_were_judged_stand_for_their_server() -> None:
    made = proposed(server(model("bge-m3", chats=False), place=PLACE), settings=settings_of(HERE))
    assert list(why_not(made)) == ["mine/bge-m3"]


def test_of_two_at_one_address_one_is_proposed_and_neither_is_unknown() -> None:
    twice = HERE + HERE.replace("mine", "other")
    made = proposed(server(model(), place=PLACE), settings=settings_of(twice))
    assert made.is_new
    assert why_not(made) == {}


def test_where_all_tiers_are_off_it_says_so_and_points_to_no_list() -> None:
    off = "".join(f"[tiers.{tier}]\nenabled = false\n" for tier in tiers(proposed()))
    made = proposed(settings=settings_of(f'[providers.anthropic]\nkind = "anthropic"\n{off}'))
    assert not made.is_new
    assert why_not(made) == {}
    assert "All tiers are switched off" in made.advice


def test_one_that_serves_a_route_only_is_told_how_it_could_serve_a_tier() -> None:
    route = f'{AWAY}[[routes]]\nname = "fast"\nservices = ["mine/a"]\n'
    made = proposed(settings=settings_of(route))
    assert "serves routes only" in made.advice


def test_where_all_tiers_are_off_a_key_that_was_found_is_not_said_to_be_of_no_use() -> None:
    off = "".join(f"[tiers.{tier}]\nenabled = false\n" for tier in tiers(proposed()))
    made = proposed(keys=keys("anthropic"), settings=settings_of(off))
    assert "All tiers are switched off" in made.advice
    assert all("enough" not in why for why in why_not(made).values())
