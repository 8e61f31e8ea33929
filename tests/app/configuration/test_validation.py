"""All mistakes are listed at once, what is right is read as it was meant, and notices have their places."""

from pathlib import Path

import pytest

from app.home import Home
from app.settings import ConfigError, SettingsFile
from proxy.config import Condition, Config, Finding, ServiceEntry
from tests.app.configuration.reports import problems_of

RULE = "[[rules]]\ntier = 'SIMPLE'\n"


@pytest.fixture
def settings_file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(Home(tmp_path))


def test_all_mistakes_are_listed_in_the_order_of_the_file(settings_file: SettingsFile) -> None:
    text = """
[server]
port = 70000
prot = 1

[routing]
thresholds = [3, 2, 1]
profil = "save"

[[routes]]
use = "pol"
rules = [{ tier = "BIG" }, {}]

[providers.x]
kind = "antropic"
key = "sk-123"
"""
    found = [problem.split(": ")[:2] for problem in problems_of(settings_file, text)]

    assert found == [
        ["3", "server.port"],
        ["4", "server.prot"],
        ["7", "routing.thresholds"],
        ["8", "routing.profil"],
        ["11", "routes[0].use"],
        ["12", "routes[0].rules[0].tier"],
        ["12", "routes[0].rules[1]"],
        ["15", "providers.x.kind"],
        ["16", "providers.x.key"],
    ]


def test_a_message_is_one_line_that_begins_with_the_file(settings_file: SettingsFile) -> None:
    settings_file.path.write_text("[routing]\n  profil = 'save'\n")
    with pytest.raises(ConfigError) as error:
        settings_file.load()

    assert str(error.value) == (
        f'{settings_file.path}:2: routing.profil: unknown key; did you mean "profile"?'
    )
    (problem,) = error.value.problems
    assert (problem.line, problem.column, problem.key) == (2, 3, "routing.profil")


def test_long_values_are_cut(settings_file: SettingsFile) -> None:
    (problem,) = problems_of(settings_file, f"[server]\nport = '{'x' * 500}'\n")

    assert len(problem) < 200


@pytest.mark.parametrize("text", [f"a = {'[' * 100_000}{']' * 100_000}", f"a = {'9' * 5000}"])
def test_what_no_parser_likes_is_a_problem_and_no_crash(settings_file: SettingsFile, text: str) -> None:
    assert len(problems_of(settings_file, text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[[tiers.SIMPLE.services]]\nprovider = 'p'\nmodel = 'm'\nparams" + ".a" * 1500 + " = 1",
        f"rules = [{{ when = [{'{ not = ' * 250}{{ signal = 1 }}{' }' * 250}] }}]",
    ],
)
def test_values_nested_too_deeply_are_a_problem_and_no_crash(settings_file: SettingsFile, text: str) -> None:
    (problem,) = problems_of(settings_file, text)

    assert problem.endswith("values are nested too deeply")


def test_a_check_that_goes_too_deep_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    def endless(config: Config) -> list[Finding]:
        return endless(config)

    (problem,) = problems_of(SettingsFile(Home(tmp_path), checks=[endless]), "version = 1\n")

    assert problem.endswith("values are nested too deeply")


def test_numbers_may_be_written_as_integers_and_stay_what_they_are(settings_file: SettingsFile) -> None:
    settings_file.path.write_text(
        "[routing]\nthresholds = [1, 2.5, 3]\n" + RULE + "when = [{signal='a', op='b', value=60000}]"
    )

    settings = settings_file.load().settings

    assert settings.routing.thresholds == (1, 2.5, 3)
    assert settings.rules[0].when == (Condition(signal="a", op="b", value=60000),)
    assert type(settings.rules[0].when[0].value) is int


def test_services_are_read_from_texts_and_tables(settings_file: SettingsFile) -> None:
    settings_file.path.write_text(
        "[tiers.SIMPLE]\nservices = ['a/b/c', { provider = 'a', model = 'd', weight = 3 }]"
    )

    assert settings_file.load().settings.tiers["SIMPLE"].services == (
        ServiceEntry("a", "b/c"),
        ServiceEntry("a", "d", weight=3),
    )


def test_notices_have_places_too(settings_file: SettingsFile) -> None:
    settings_file.path.write_text("[tiers.SIMPLE]\nservices = [\n  'ollama/m',\n]\n")

    loaded = settings_file.load()

    (notice,) = loaded.notices
    assert (notice.line, notice.column, notice.key) == (3, 3, "tiers.SIMPLE.services[0]")
    assert 'no provider is called "ollama"' in str(notice)


def test_a_registered_shadow_policy_is_known(tmp_path: Path) -> None:
    file = SettingsFile(Home(tmp_path), shadow_policies=["cheapest"])
    file.path.write_text("[shadow]\npolicy = 'cheapest'\n")
    assert file.load().settings.shadow.policy == "cheapest"

    assert problems_of(file, "[shadow]\npolicy = 'cheepest'\n") == [
        '2: shadow.policy: found "cheepest"; allowed: cheapest; did you mean "cheapest"?'
    ]


def test_checks_of_other_rooms_take_part(tmp_path: Path) -> None:
    def no_rules(config: Config) -> list[Finding]:
        return [Finding(("rules", index), "no rules here", "notice") for index, _ in enumerate(config.rules)]

    file = SettingsFile(Home(tmp_path), checks=[no_rules])
    file.path.write_text("\n[[rules]]\nservices = ['p/m']\n[providers.p]\nkind = 'ollama'\n")

    assert [(notice.line, notice.message) for notice in file.load().notices] == [(2, "no rules here")]
