"""One sentence that somebody understands at midnight, for every decision there can be."""

import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config import TIER_NAMES
from proxy.routing.health.marks import SENTENCES as MARKS
from proxy.routing.health.marks import Reason as Mark
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.reasons import SENTENCES, Reason, reason
from proxy.routing.selection.sentence import Missed, sentence
from proxy.routing.selection.stage import Refusal
from proxy.routing.service import Service
from proxy.routing.signals import Kind
from proxy.wire.failure import FailureKind
from tests.proxy.routing.selection.decisions import OTHER, PICK, decided

KEPT = reason("health.kept", 2, 2)
SCORE = reason("tier.score", 5.0, "SIMPLE")
COMPLEX = reason("tier.score", 62.5, "COMPLEX")
ONLY = reason("load_balancer.only", str(PICK))
PINNED = reason("affinity.pinned", str(PICK), 4)
DEARER = reason("comparison.dearer", "medium tier", 12.0)
MARKED = reason("health.marked", str(OTHER), MARKS[Mark.RATE_LIMITED])


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        (
            decided(KEPT, SCORE, PINNED, source="affinity", comparison=DEARER),
            "Sent to ollama/qwen3: follow-up in a session pinned 4 min ago; medium tier would cost 12x.",
        ),
        (
            decided(KEPT, reason("affinity.pinned", str(PICK), 0), source="affinity"),
            "Sent to ollama/qwen3: follow-up in a session pinned just now.",
        ),
        (
            decided(KEPT, reason("affinity.only", str(PICK), 4), source="affinity"),
            (
                "Sent to ollama/qwen3: follow-up in a session pinned 4 min ago; it is unwell, but nobody "
                "who is well could take over."
            ),
        ),
        (
            decided(SCORE, reason("affinity.tool_turn", str(PICK)), source="affinity", is_tool_turn=True),
            "Sent to ollama/qwen3: tool result for the service that asked for it.",
        ),
        (
            decided(
                reason("tier.header", "MEDIUM"),
                reason("affinity.call", str(PICK)),
                source="affinity",
                is_tool_turn=True,
                kind=Kind.SUBAGENT,
            ),
            "Sent to ollama/qwen3: tool result of a subagent for the service that asked for it.",
        ),
        (
            decided(KEPT, reason("smart_routing.none"), COMPLEX, reason("affinity.no_pin", "x"), ONLY),
            "Sent to ollama/qwen3: typed turn that needs the complex tier (score 62.5).",
        ),
        (
            decided(SCORE, reason("affinity.side", "title"), ONLY, kind=Kind.TITLE),
            "Sent to ollama/qwen3: title for a session that needs the simple tier (score 5).",
        ),
        (
            decided(SCORE, reason("affinity.side", "chore"), ONLY, kind=Kind.CHORE),
            "Sent to ollama/qwen3: chore on the side that needs the simple tier (score 5).",
        ),
        (
            decided(reason("tier.header", "SIMPLE"), ONLY),
            "Sent to ollama/qwen3: typed turn; a header asks for the simple tier.",
        ),
        (
            decided(reason("tier.model", "SIMPLE"), ONLY),
            "Sent to ollama/qwen3: typed turn; the model's name asks for the simple tier.",
        ),
        (
            decided(reason("tier.budget", "COMPLEX"), ONLY),
            (
                "Sent to ollama/qwen3: typed turn; the budget is used up, so the simple tier stands in "
                "for the complex tier."
            ),
        ),
        (
            decided(
                COMPLEX,
                reason("affinity.up", str(OTHER), "SIMPLE", "COMPLEX"),
                reason("load_balancer.tactic", str(PICK), 3, "latency"),
            ),
            (
                "Sent to ollama/qwen3: typed turn; the session was with anthropic/claude-opus-4-8 in the "
                "simple tier, but this turn needs the complex tier; chosen among 3 by latency."
            ),
        ),
        (
            decided(reason("smart_routing.matched", "cheap chores"), ONLY, source="smart_routing"),
            "Sent to ollama/qwen3: typed turn; rule cheap chores applies.",
        ),
        (
            decided(
                reason("smart_routing.matched", "chores"),
                reason("tier.rule", "chores", "SIMPLE"),
                ONLY,
                source="smart_routing",
            ),
            "Sent to ollama/qwen3: typed turn; rule chores asks for the simple tier.",
        ),
        (
            decided(KEPT, MARKED, SCORE, ONLY),
            (
                "Sent to ollama/qwen3: typed turn that needs the simple tier (score 5); "
                "anthropic/claude-opus-4-8 is not well (the provider has limited the rate of requests)."
            ),
        ),
        (
            decided(reason("passthrough.named", str(PICK)), source="passthrough"),
            "Sent to ollama/qwen3: the client asked for it by name.",
        ),
        (
            decided(reason("passthrough.family", "SIMPLE"), source="passthrough", kind=Kind.TITLE),
            (
                "Sent to ollama/qwen3: title for a session; routing is off, and the model asked for is of "
                "the simple tier."
            ),
        ),
        (
            decided(reason("passthrough.embeddings", "e"), source="passthrough"),
            "Sent to ollama/qwen3: request for embeddings; it has exactly the embedding model asked for.",
        ),
        (
            decided(reason("probe_pin.asked"), source="probe_pin"),
            "Sent to ollama/qwen3: the request names it, to try it.",
        ),
        (
            decided(reason("affinity.answer", str(PICK)), source="affinity"),
            "Sent to ollama/qwen3: typed turn; it gave the answer that the request goes on from.",
        ),
        (
            decided(pick=None, refusal=Refusal("The budget is used up. It ends tomorrow.")),
            "Not sent: the budget is used up. It ends tomorrow.",
        ),
        (
            decided(pick=None, refusal=Refusal("p/m would leave this machine, which `local_only` forbids.")),
            "Not sent: p/m would leave this machine, which `local_only` forbids.",
        ),
        (decided(pick=None, refusal=Refusal("")), "Not sent: no configured service can take this request."),
        (decided(pick=None), "Not sent: no configured service can take this request."),
    ],
)
def test_what_settled_it_is_said(decision: Decision, told: str) -> None:
    assert sentence(decision) == told


LIMITED: Missed = (PICK, FailureKind.RATE_LIMIT)


@pytest.mark.parametrize(
    ("served", "failures", "told"),
    [
        (PICK, (), ("Sent to ollama/qwen3: typed turn that needs the simple tier (score 5); medium tier "
         "would cost 12x.")),
        (
            OTHER,
            (LIMITED,),
            ("Sent to anthropic/claude-opus-4-8: ollama/qwen3 failed (rate limited), so the next in line was "
            "asked; typed turn that needs the simple tier (score 5)."),
        ),
        (
            OTHER,
            (),
            ("Sent to anthropic/claude-opus-4-8: ollama/qwen3 could not be asked any more, so the next in "
            "line was; typed turn that needs the simple tier (score 5)."),
        ),
        (None, (LIMITED,), "Not answered: ollama/qwen3 failed (rate limited)."),
        (
            None,
            (LIMITED, (Service("a", "b"), FailureKind.TIMEOUT), (OTHER, FailureKind.UNAUTHENTICATED)),
            ("Not answered: ollama/qwen3 failed (rate limited), a/b failed (took too long) and "
            "anthropic/claude-opus-4-8 failed (its key was refused)."),
        ),
        (
            PICK,
            ((PICK, FailureKind.UNAUTHENTICATED),),
            ("Sent to ollama/qwen3: typed turn that needs the simple tier (score 5); medium tier would cost "
            "12x."),
        ),
    ],
)  # fmt: skip
def test_who_failed_and_who_stood_in_is_said(
    served: Service | None, failures: tuple[Missed, ...], told: str
) -> None:
    assert sentence(decided(SCORE, ONLY, comparison=DEARER), served, failures) == told


BROKEN = [reason("smart_routing.broken", f"r{number}", "a pattern is wrong") for number in range(3)]
SLOW = reason("smart_routing.slow", "long")
GIVEN_UP = "rule long is left out: its regular expression took too long"
EMPTY = reason("smart_routing.base_empty")
TIERS_CAN = "none of the route's own services can take the request, so the tiers do"


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([*BROKEN, EMPTY, ONLY], f"{TIERS_CAN}; 3 rules are broken and left out"),
        ([BROKEN[0], EMPTY, ONLY], f"{TIERS_CAN}; rule r0 is broken and left out"),
        (
            [SLOW, *BROKEN, MARKED, EMPTY, reason("tier.off", "SIMPLE", "MEDIUM")],
            (
                f"{TIERS_CAN}; the simple tier is off or has nobody for the request, so the medium tier "
                f"stands in; {GIVEN_UP}"
            ),
        ),
        ([SLOW, reason("smart_routing.matched", "chores")], f"rule chores applies; {GIVEN_UP}"),
        (
            [reason("smart_routing.slow_strict", "long"), reason("smart_routing.matched", "long")],
            "rule long is strict and could not be judged in time, so it is taken to hold",
        ),
    ],
    ids=["three broken", "one broken", "no room", "slow", "slow and strict"],
)
def test_what_settled_it_comes_before_what_was_noticed_on_the_way(found: list[Reason], told: str) -> None:
    assert sentence(decided(*found)) == f"Sent to ollama/qwen3: typed turn; {told}."


def test_embeddings_that_go_by_their_name_do_not_deny_that_other_services_are_there() -> None:
    speaker = reason("passthrough.speaker", "openai")
    assert sentence(decided(speaker, source="passthrough")) == (
        "Sent to ollama/qwen3: no service is configured for this model, so it goes by its name to openai."
    )


def whole(code: str) -> Reason:
    """A finding with as many values as its words need."""
    places = [int(name) for _, name, _, _ in Formatter().parse(SENTENCES[code]) if name]
    return Reason(code, tuple(f"value-{place}" for place in range(max(places, default=-1) + 1)))


def assert_reads_well(text: str) -> None:
    assert text[0].isupper()
    assert text.endswith(".")
    assert not text.endswith("..")
    assert not re.search(r"\s\s|[;:,]\s*[.;:,]|\(\s*\)|\{|\}|\n", text)
    for code in SENTENCES:
        assert code not in text
    assert "smart_routing" not in text
    assert "load_balancer" not in text


@pytest.mark.parametrize("source", ["tier", "affinity", "smart_routing", "load_balancer", "passthrough"])
@pytest.mark.parametrize("code", SENTENCES)
def test_every_finding_has_words_that_fit(code: str, source: str) -> None:
    assert_reads_well(sentence(decided(whole(code), source=source)))


SAID_BY_THE_TURN = {
    "affinity.no_pin", "affinity.no_session", "affinity.no_tools", "affinity.off", "affinity.side",
    "health.kept", "load_balancer.only", "load_balancer.tier", "smart_routing.none",
    "smart_routing.unmatched", "smart_routing.inherits_none", "tier.services",
}  # fmt: skip
"""These change nothing."""


@pytest.mark.parametrize("code", sorted(set(SENTENCES) - SAID_BY_THE_TURN))
def test_a_finding_that_settles_something_is_told(code: str) -> None:
    stage = code.partition(".")[0]
    source = stage if stage in ("affinity", "passthrough", "probe_pin") else "tier"
    assert sentence(decided(whole(code), source=source)) != sentence(decided(source=source))


def test_what_another_version_found_is_left_out() -> None:
    strange = [
        reason("affinity.of_tomorrow", "secret"),
        reason("tier.score"),
        Reason("health.marked", ("only one",)),
    ]
    assert sentence(decided(*strange, comparison=reason("comparison.of_tomorrow"))) == (
        "Sent to ollama/qwen3: typed turn."
    )


@pytest.mark.parametrize("name", ["speed", "SIMPLE", "round_robin"])
def test_a_rule_is_called_by_its_name(name: str) -> None:
    told = sentence(decided(reason("smart_routing.matched", name), source="smart_routing"))
    assert told == f"Sent to ollama/qwen3: typed turn; rule {name} applies."


def test_a_name_of_the_configuration_breaks_nothing() -> None:
    odd = reason("smart_routing.matched", "two\nlines {0} {x}")
    told = sentence(decided(odd, source="smart_routing"))
    assert told == "Sent to ollama/qwen3: typed turn; rule two lines {0} {x} applies."


NAMES = st.from_regex(r"[A-Za-z][a-z0-9-]{0,8}", fullmatch=True)
SERVICES = st.builds(Service, NAMES, NAMES)
REASONS = st.lists(st.sampled_from(sorted(SENTENCES)).map(whole), max_size=8)


@given(
    reasons=REASONS,
    source=st.sampled_from(
        ["tier", "affinity", "smart_routing", "load_balancer", "passthrough", "probe_pin"]
    ),
    kind=st.sampled_from(Kind),
    is_tool_turn=st.booleans(),
    pick=SERVICES,
    tier=st.sampled_from([None, *TIER_NAMES]),
    refusal=st.none() | st.sampled_from(["", "No service available for the route r. p/m: it is off."]),
    served=st.none() | SERVICES,
    failures=st.lists(st.tuples(SERVICES, st.sampled_from(FailureKind)), max_size=3),
    compared=st.none() | st.just(DEARER),
)
def test_any_decision_is_a_sentence(
    reasons: list[Reason],
    source: str,
    kind: Kind,
    is_tool_turn: bool,
    pick: Service,
    tier: str | None,
    refusal: str | None,
    served: Service | None,
    failures: list[Missed],
    compared: Reason | None,
) -> None:
    decision = decided(
        *reasons,
        source=source,
        pick=pick,
        kind=kind,
        is_tool_turn=is_tool_turn,
        tier=tier,
        refusal=None if refusal is None else Refusal(refusal),
        comparison=compared,
    )
    assert_reads_well(sentence(decision, served, failures))
