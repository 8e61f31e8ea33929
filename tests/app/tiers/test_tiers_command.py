"""`tierwise tiers list|set|enable|disable` in words and as JSON, on a real config.toml."""

import tomllib

import pytest

from proxy.config import TIER_NAMES
from proxy.local.found import LocalServer, State
from proxy.local.place import Place
from tests.app.proposal.here import model, ollama, server
from tests.app.tiers.program import CANARY, Program

HAIKU = "anthropic/claude-haiku-4-5"
PROVIDERS = """
[providers.anthropic]
kind = "anthropic"
key = "env:ANTHROPIC_API_KEY"

[providers.ollama]
kind = "ollama"
"""
FILLED = f"""{PROVIDERS}
[tiers.SIMPLE]
services = [
  "ollama/qwen3:8b", # on the desk
  {{ provider = "anthropic", model = "claude-haiku-4-5", weight = 3 }},
]

[tiers.COMPLEX]
enabled = false
tactic = "random"
services = ["anthropic/claude-sonnet-4-6", "antropic/claude-opus-4-8"]
"""


def test_the_list_of_an_empty_home_has_all_tiers_and_nobody_in_them(program: Program) -> None:
    answer = program.json("list")
    assert [
        (row["tier"], row["enabled"], row["services"], row["answered_by"]) for row in answer["tiers"]
    ] == [(tier, True, [], None) for tier in TIER_NAMES]
    code, out, _ = program.run("list")
    assert code == 0
    assert out.count("no services") == 4
    assert "its turns go by the model's name" in out


def test_the_list_tells_who_can_be_asked_and_where_turns_go(program: Program) -> None:
    program.has(FILLED)
    rows = {row["tier"]: row for row in program.json("list")["tiers"]}
    assert {tier: row["answered_by"] for tier, row in rows.items()} == dict.fromkeys(TIER_NAMES, "SIMPLE")
    assert [service["can_be_asked"] for service in rows["SIMPLE"]["services"]] == [True, False]
    assert "environment variable" in rows["SIMPLE"]["services"][1]["missing"]
    assert rows["SIMPLE"]["services"][1]["weight"] == 3
    assert rows["COMPLEX"]["services"][1]["missing"] == (
        'No provider is called "antropic"; did you mean "anthropic"?'
    )
    program.set("ANTHROPIC_API_KEY")
    out = program.run("list")[1]
    assert "environment variable" not in out
    assert "did you mean" in out
    assert [line.split() for line in out.splitlines() if line.startswith("COMPLEX")] == [
        ["COMPLEX", "off", "random", "its", "turns", "go", "to", "SIMPLE"]
    ]


def test_a_service_or_its_provider_that_is_off_cannot_be_asked(program: Program) -> None:
    program.has(
        PROVIDERS.replace('kind = "ollama"', 'kind = "ollama"\nenabled = false')
        + '[tiers.SIMPLE]\nservices = ["ollama/a", { provider = "anthropic", model = "b", active = false }]\n'
    )
    program.set("ANTHROPIC_API_KEY")
    (first, second) = program.json("list")["tiers"][0]["services"]
    assert first["missing"] == "The provider ollama is switched off."
    assert second["missing"] == "It is listed as not active."
    assert program.json("list")["tiers"][0]["answered_by"] is None


def test_set_makes_the_services_the_only_ones_and_keeps_what_was_said_of_them(program: Program) -> None:
    program.has(FILLED)
    program.servers = [ollama(model("qwen3:8b"))]
    answer = program.json("set", "simple", "anthropic/claude-haiku-4-5", "ollama/qwen3:8b", "--yes")
    assert answer == {
        "tier": "SIMPLE",
        "services": ["anthropic/claude-haiku-4-5", "ollama/qwen3:8b"],
        "changed": True,
        "added_providers": [],
        "remarks": [],
        "reloaded": False,
    }
    text = program.config.read_text()
    assert text.index("weight = 3") < text.index("# on the desk")
    assert program.json("set", "SIMPLE", "ollama/qwen3:8b", "--yes")["services"] == ["ollama/qwen3:8b"]
    assert "claude-haiku" not in program.config.read_text()


@pytest.mark.parametrize(
    ("flag", "services"),
    [
        ("--add", ["ollama/qwen3:8b", "anthropic/claude-haiku-4-5", "anthropic/claude-opus-4-8"]),
        ("--first", ["anthropic/claude-opus-4-8", "ollama/qwen3:8b", "anthropic/claude-haiku-4-5"]),
    ],
)
def test_one_more_service_goes_behind_the_others_or_before_them(
    program: Program, flag: str, services: list[str]
) -> None:
    program.has(FILLED)
    answer = program.json("set", "SIMPLE", "anthropic/claude-opus-4-8", flag, "--yes")
    assert answer["services"] == services
    assert "# on the desk" in program.config.read_text()


def test_what_is_so_already_is_not_written_again(program: Program) -> None:
    program.has(FILLED)
    for arguments in (
        ("set", "SIMPLE", "anthropic/claude-haiku-4-5", "--add"),
        ("enable", "SIMPLE"),
        ("disable", "COMPLEX"),
    ):
        assert program.json(*arguments)["changed"] is False
    assert program.config.read_text() == FILLED


def test_a_tier_that_is_not_there_yet_is_written(program: Program) -> None:
    program.has(PROVIDERS)
    code, out, err = program.run("set", "REASONING", "anthropic/claude-opus-4-8", "--yes")
    assert (code, out, err) == (0, "REASONING asks anthropic/claude-opus-4-8.\n", "")
    assert program.config.read_text().endswith(
        '[tiers.REASONING]\nservices = ["anthropic/claude-opus-4-8"]\n'
    )


def test_filling_a_tier_that_is_off_says_how_it_is_switched_on(program: Program) -> None:
    program.has(FILLED)
    out = program.run("set", "COMPLEX", "anthropic/claude-opus-4-8", "--yes")[1]
    assert "tiers enable COMPLEX" in out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("set", "SIMPEL", "anthropic/x"), 2, 'no tier "SIMPEL"; did you mean "SIMPLE"?'),
        (("set", "zzz", "anthropic/x"), 2, "there are SIMPLE, MEDIUM, COMPLEX, REASONING"),
        (("set", "SIMPLE", "haiku"), 2, 'found "haiku"; allowed: "provider/model"'),
        (("set", "SIMPLE", "antropic/x"), 1, 'no provider "antropic"; did you mean "anthropic"?'),
        (("enable", "nothing"), 2, "no tier"),
        (("set", "SIMPLE"), 2, "PROVIDER/MODEL"),
        (("set", "SIMPLE", "anthropic/x", "--add", "--first"), 2, "not allowed with"),
        ((), 2, "list, set, enable, disable or propose"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_could_be(
    program: Program, arguments: tuple[str, ...], code: int, words: str
) -> None:
    program.has(FILLED)
    found, out, err = program.run(*arguments, *(("--yes",) if arguments else ()))
    assert (found, out) == (code, "")
    assert words in err
    assert program.config.read_text() == FILLED


@pytest.mark.parametrize(
    ("service", "words"),
    [
        ("anthropic/claude-opus-4-8", ""),
        ("anthropic/opus", "nothing is known here of that model"),
        ("ollama/qwen3:8b", ""),
        ("ollama/qwen3:8", 'has no such model now; did you mean "qwen3:8b"?'),
    ],
)
def test_a_model_that_nobody_knows_is_remarked_on_and_taken(
    program: Program, service: str, words: str
) -> None:
    program.has(PROVIDERS)
    program.servers = [ollama(model("qwen3:8b"))]
    answer = program.json("set", "MEDIUM", service, "--yes")
    assert answer["services"] == [service]
    assert [words in remark for remark in answer["remarks"]] == ([True] if words else [])


@pytest.mark.parametrize(
    ("state", "words"), [(State.GONE, "does not answer now"), (State.LOCKED, "only to who has its key")]
)
def test_of_a_server_that_tells_nothing_nobody_knows_what_it_has(
    program: Program, state: State, words: str
) -> None:
    program.has(PROVIDERS)
    program.servers = [ollama(state=state)]
    [remark] = program.json("set", "MEDIUM", "ollama/qwen3:8b", "--yes")["remarks"]
    assert words in remark
    assert "nobody knows" in remark


NUMBERED = f"""{PROVIDERS}
[tiers.SIMPLE]
services = [
  {{ provider = "anthropic", model = "claude-haiku-4-5", priority = 1, weight = 3 }},
  {{ provider = "anthropic", model = "claude-sonnet-4-6", priority = 2 }},
]
"""


@pytest.mark.parametrize(
    ("manner", "services", "priorities"),
    [
        (["--add"], ["ollama/qwen3:8b"], [1, 2, 2]),
        (["--first"], ["ollama/qwen3:8b"], [1, 1, 2]),
        (["--first"], ["anthropic/claude-sonnet-4-6"], [1, 1]),
        ([], ["anthropic/claude-haiku-4-5", "anthropic/claude-sonnet-4-6"], [1, 2]),
        ([], ["anthropic/claude-sonnet-4-6", "anthropic/claude-haiku-4-5"], [1, 1]),
    ],
)
def test_priorities_do_not_belie_the_place_that_is_asked_for(
    program: Program, manner: list[str], services: list[str], priorities: list[int]
) -> None:
    program.has(NUMBERED)
    program.servers = [ollama(model())]
    program.json("set", "SIMPLE", *services, *manner, "--yes")
    written = tomllib.loads(program.config.read_text())["tiers"]["SIMPLE"]["services"]
    assert [each.get("priority", 0) for each in written] == priorities
    [haiku] = [each for each in written if each["model"] == "claude-haiku-4-5"] or [{"weight": 3}]
    assert haiku["weight"] == 3


def test_for_people_the_remark_stands_beside_the_answer(program: Program) -> None:
    program.has(PROVIDERS)
    code, out, err = program.run("set", "MEDIUM", "anthropic/opus", "--yes")
    assert (code, out) == (0, "MEDIUM asks anthropic/opus.\n")
    assert "nothing is known here of that model" in err
    assert program.run("set", "SIMPLE", "anthropic/opus", "--yes")[2] == ""


UNKNOWN_SERVER = """
[providers.mine]
kind = "openai"
base_url = "http://127.0.0.1:18199/v1"
"""


@pytest.mark.parametrize("servers", [[], [ollama(model("qwen3:8b"))]])
def test_a_server_here_that_the_search_does_not_know_is_not_called_silent(
    program: Program, servers: list[LocalServer]
) -> None:
    program.has(UNKNOWN_SERVER)
    program.servers = servers
    assert program.json("set", "MEDIUM", "mine/own-model", "--yes")["remarks"] == []


def test_a_server_whose_key_is_configured_is_not_said_to_show_nothing(program: Program) -> None:
    program.has(UNKNOWN_SERVER)
    program.servers = [server(state=State.LOCKED, place=Place("127.0.0.1", 18199))]
    assert program.json("set", "MEDIUM", "mine/own-model", "--yes")["remarks"] == []


def test_both_providers_at_one_address_are_told_of_what_is_there(program: Program) -> None:
    program.has(
        f'{UNKNOWN_SERVER}[providers.other]\nkind = "openai"\nbase_url = "http://127.0.0.1:18199/v1"\n'
    )
    program.servers = [server(model("own-model"), place=Place("127.0.0.1", 18199))]
    for name in ("mine", "other"):
        assert program.json("set", "MEDIUM", f"{name}/own-model", "--yes")["remarks"] == []
        [remark] = program.json("set", "MEDIUM", f"{name}/own-modal", "--yes")["remarks"]
        assert 'did you mean "own-model"?' in remark


def test_a_tier_is_switched_off_and_on_and_its_turns_go_elsewhere(program: Program) -> None:
    program.has(FILLED)
    assert program.json("enable", "complex", "--yes") == {
        "tier": "COMPLEX",
        "enabled": True,
        "changed": True,
        "answered_by": "COMPLEX",
        "reloaded": False,
    }
    code, out, _ = program.run("disable", "SIMPLE", "--yes")
    assert (code, out) == (0, "SIMPLE is off; its turns go to COMPLEX.\n")
    assert program.run("disable", "COMPLEX", "--yes")[1] == (
        "COMPLEX is off; no tier can answer, so its turns go by the model's name, "
        "where a provider takes that.\n"
    )


@pytest.mark.parametrize("arguments", [("set", "SIMPLE", "ollama/x"), ("enable", "COMPLEX")])
def test_without_a_terminal_a_change_wants_yes(program: Program, arguments: tuple[str, ...]) -> None:
    program.has(FILLED)
    code, out, err = program.run(*arguments)
    assert (code, out) == (2, "")
    assert "--yes" in err
    assert program.config.read_text() == FILLED


def test_a_no_changes_nothing(program: Program) -> None:
    program.has(FILLED)
    program.at_a_terminal("n")
    assert program.run("enable", "COMPLEX")[0] == 1
    assert program.config.read_text() == FILLED
    assert CANARY not in program.config.read_text()


def test_a_server_that_was_found_becomes_a_provider_when_a_tier_is_to_ask_it(program: Program) -> None:
    program.has(f'[providers.anthropic]\nkind = "anthropic"\n[tiers.SIMPLE]\nservices = ["{HAIKU}"] # mine\n')
    program.servers = [ollama(model()), ollama(model("b"), place=Place("127.0.0.1", 11500))]
    program.at_a_terminal("y")
    code, out, err = program.run("set", "--first", "SIMPLE", "ollama/qwen3:8b", "ollama-2/b")
    assert (code, out) == (0, f"SIMPLE asks ollama/qwen3:8b, ollama-2/b, {HAIKU}.\n")
    assert "It adds Ollama as provider ollama, Ollama as provider ollama-2. [y/N]" in err
    written = tomllib.loads(program.config.read_text())
    assert written["providers"]["ollama"] == {"kind": "ollama"}
    assert written["providers"]["ollama-2"] == {"kind": "ollama", "base_url": "http://127.0.0.1:11500"}
    assert written["tiers"]["SIMPLE"]["services"] == ["ollama/qwen3:8b", "ollama-2/b", HAIKU]
    assert "# mine" in program.config.read_text()


def test_a_server_is_added_for_a_tier_that_names_it_already(program: Program) -> None:
    program.has('[tiers.SIMPLE]\nservices = ["ollama/qwen3:8b"]\n')
    program.servers = [ollama(model())]
    answer = program.json("set", "SIMPLE", "ollama/qwen3:8b", "--yes")
    assert (answer["changed"], answer["added_providers"]) == (True, ["ollama"])
    assert "[providers.ollama]" in program.config.read_text()


def test_no_adds_neither_provider_nor_service(program: Program) -> None:
    program.servers = [ollama(model())]
    program.at_a_terminal("n")
    assert program.run("set", "SIMPLE", "ollama/qwen3:8b")[0] == 1
    assert not program.config.exists()


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        (State.GONE, "unknown_provider", 'There is no provider "ollama"'),
        (
            State.LOCKED,
            "locked",
            "`providers add ollama --kind ollama --base-url http://127.0.0.1:11434` asks",
        ),
    ],
)
def test_a_server_that_cannot_be_asked_is_not_added(
    program: Program, state: State, kind: str, words: str
) -> None:
    program.servers = [ollama(model(), state=state)]
    error = program.json("set", "SIMPLE", "ollama/qwen3:8b", "--yes", code=1)["error"]
    assert error["type"] == kind
    assert words in error["message"]
    assert not program.config.exists()


def test_a_server_that_was_found_is_meant_by_a_name_that_is_nearly_its(program: Program) -> None:
    program.servers = [ollama(model())]
    error = program.json("set", "SIMPLE", "olama/qwen3:8b", "--yes", code=1)["error"]
    assert 'did you mean "ollama"?' in error["message"]


def test_a_model_of_the_servers_cloud_is_said_to_be_none_of_here(program: Program) -> None:
    program.servers = [ollama(model("glm-4.7:cloud", is_remote=True))]
    answer = program.json("set", "SIMPLE", "ollama/glm-4.7:cloud", "--yes")
    assert answer["remarks"] == [
        "ollama/glm-4.7:cloud is no local model: what it is asked leaves this machine."
    ]


def test_what_somebody_writes_into_the_tier_while_asked_is_not_lost(program: Program) -> None:
    program.has(FILLED)

    def edits() -> str:
        program.config.write_text(
            FILLED.replace('"ollama/qwen3:8b",', '"ollama/qwen3:8b", "anthropic/mine",')
        )
        return "y"

    program.at_a_terminal(edits)
    code, out, _ = program.run("set", "SIMPLE", "anthropic/claude-opus-4-8", "--add")
    assert code == 0
    assert "anthropic/mine" in out
    assert tomllib.loads(program.config.read_text())["tiers"]["SIMPLE"]["services"][:2] == [
        "ollama/qwen3:8b",
        "anthropic/mine",
    ]
