"""What is billed for a prompt, by examples worked out by hand."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.savings.billing import LEAST, Bill, Billing, least_of
from benchmarks.savings.prompts import Prompt, Prompts
from benchmarks.savings.world import (
    ANTHROPIC,
    DAY,
    LADDERS,
    LOCAL,
    OPENAI,
    config_of,
    counted_by,
    shipped_prices,
)
from proxy.routing.service import Service
from proxy.wire.canonical import Usage
from proxy.wire.estimate import estimate_tokens
from proxy.wire.format import Format
from tests.benchmarks.savings.made import HAIKU, LONG, OPUS, SONNET, body, prompt
from tests.proxy.configured import configured

FIVE, HOUR = 300, 3600
GPT = "gpt-5.4"


class Vendor:
    """Asked for prompts at moments after the beginning; its models count so many tokens for one."""

    def __init__(self, client: str = "claude-code", counted: Mapping[str, float] = {}) -> None:
        ladder = LADDERS[client]
        self._provider = ladder.provider
        self._billing = Billing(
            config_of(ladder), shipped_prices(), lambda service: counted.get(service.model, 1.0)
        )

    def bill(self, asked: Prompt, at: float = 0.0, model: str = SONNET, output: int = 0) -> Bill:
        return self._billing.bill(Service(self._provider, model), asked, output, DAY + at)

    def used(self, asked: Prompt, at: float = 0.0, model: str = SONNET) -> tuple[int | None, ...]:
        """Plain, read, written."""
        usage = self.bill(asked, at, model).usage
        return usage.input, usage.cache_read, usage.cache_write


def dollars(bill: Bill) -> float:
    return bill.nano / 1_000_000_000


# What is marked


def test_what_is_marked_is_written_at_five_quarters_and_read_at_a_tenth() -> None:
    vendor, asked = Vendor(), prompt(("system", 100_000, FIVE), ("question", 2_000))
    first, second = vendor.bill(asked, 0, output=1_000), vendor.bill(asked, 60, output=1_000)
    # Sonnet: 3 dollars per million, 3.75 written, 0.30 read, 15 for output.
    assert dollars(first) == pytest.approx(0.1 * 3.75 + 0.002 * 3 + 0.001 * 15)
    assert dollars(second) == pytest.approx(0.1 * 0.30 + 0.002 * 3 + 0.001 * 15)
    assert first.usage == Usage(2_000, 0, 100_000, 0, 1_000)


def test_every_model_has_its_own_cache() -> None:
    vendor, asked = Vendor(), prompt(("system", 100_000, FIVE))
    vendor.bill(asked, 0, SONNET)
    assert dollars(vendor.bill(asked, 10, OPUS)) == pytest.approx(0.1 * 6.25)
    assert dollars(vendor.bill(asked, 20, HAIKU)) == pytest.approx(0.1 * 1.25)
    assert dollars(vendor.bill(asked, 30, SONNET)) == pytest.approx(0.1 * 0.30)


def test_all_names_of_one_model_share_its_cache() -> None:
    vendor, asked = Vendor(), prompt(("system", 100_000, FIVE))
    vendor.bill(asked, 0, "claude-haiku-4-5-20251001")
    assert vendor.used(asked, 10, HAIKU) == (0, 100_000, 0)


def test_without_a_mark_nothing_is_kept() -> None:
    vendor, asked = Vendor(), prompt(("system", 100_000))
    assert [vendor.used(asked, at) for at in (0, 1)] == [(100_000, 0, 0)] * 2


@pytest.mark.parametrize(
    ("seconds", "after", "read"), [(FIVE, 300, 9_000), (FIVE, 301, 0), (HOUR, 3600, 9_000), (HOUR, 3601, 0)]
)
def test_what_is_kept_is_kept_for_its_time(seconds: int, after: float, read: int) -> None:
    vendor, asked = Vendor(), prompt(("system", 9_000, seconds))
    vendor.bill(asked)
    assert vendor.bill(asked, after).usage.cache_read == read


def test_reading_it_keeps_it_for_another_while() -> None:
    vendor, asked = Vendor(), prompt(("system", 9_000, FIVE))
    assert [vendor.used(asked, at)[1] for at in (0, 290, 580, 870, 1171)] == [0, 9_000, 9_000, 9_000, 0]


def test_reading_more_keeps_what_it_begins_with() -> None:
    """Else a subagent could not read the system's text that the main thread has kept warm."""
    vendor = Vendor()
    first = prompt(("system", 9_000, FIVE), ("hello", 1_000, FIVE))
    vendor.bill(first, 0)
    for at in (200, 400):
        vendor.bill(prompt(("system", 9_000), ("hello", 1_000, FIVE)), at)
    assert vendor.used(prompt(("system", 9_000, FIVE), ("other", 500)), 600) == (500, 9_000, 0)


def test_an_hour_costs_twice_the_input_and_ends_at_its_last_mark() -> None:
    vendor = Vendor()
    bill = vendor.bill(prompt(("system", 80_000, HOUR), ("hello", 20_000, FIVE), ("more", 1_000)))
    assert bill.usage == Usage(1_000, 0, 100_000, 80_000, 0)
    assert dollars(bill) == pytest.approx(0.08 * 6 + 0.02 * 3.75 + 0.001 * 3)
    later = vendor.bill(prompt(("system", 80_000, HOUR), ("hello", 20_000, FIVE)), 3_000)
    assert later.usage == Usage(0, 80_000, 20_000, 0, 0)


@pytest.mark.parametrize(
    ("model", "least"),
    [(HAIKU, 4096), (SONNET, 1024), (OPUS, 1024), ("claude-opus-4-7", 2048), ("claude-opus-4-5", 4096)],
)
def test_a_prompt_below_its_models_least_is_plain_input(model: str, least: int) -> None:
    vendor = Vendor()
    assert least_of(model) == least
    assert vendor.used(prompt(("short", least - 1, FIVE)), 0, model) == (least - 1, 0, 0)
    assert vendor.used(prompt(("short", least - 1, FIVE)), 1, model) == (least - 1, 0, 0)
    assert vendor.used(prompt(("enough", least, FIVE)), 2, model) == (0, 0, least)


def test_a_mark_that_moved_reads_up_to_where_it_was_and_writes_what_is_new() -> None:
    vendor = Vendor()
    vendor.bill(prompt(("system", 5_000), ("hello", 100, FIVE)))
    grown = prompt(("system", 5_000), ("hello", 100), ("answer", 300), ("more", 200, FIVE))
    assert vendor.used(grown, 20) == (0, 5_100, 500)


def test_what_changed_is_written_anew_behind_the_last_mark_before_it() -> None:
    vendor = Vendor()
    vendor.bill(prompt(("tools", 3_000, FIVE), ("system", 5_000, FIVE), ("hello", 100, FIVE)))
    changed = prompt(("tools", 3_000, FIVE), ("another", 4_000, FIVE), ("hello", 100, FIVE))
    assert vendor.used(changed, 20) == (0, 3_000, 4_100)


@pytest.mark.parametrize(("new", "read"), [(19, 5_000), (20, 0)])
def test_a_mark_looks_back_over_twenty_pieces_itself_included(new: int, read: int) -> None:
    vendor = Vendor()
    vendor.bill(prompt(("system", 5_000, FIVE)))
    pieces = [(f"piece {at}", 10) for at in range(new - 1)]
    grown = prompt(("system", 5_000), *pieces, ("last", 10, FIVE))
    assert vendor.used(grown, 20) == (0, read, 5_000 + 10 * new - read)


def test_only_four_marks_count() -> None:
    vendor = Vendor()
    vendor.bill(prompt(*[(f"piece {at}", 2_000, FIVE) for at in range(5)]))
    assert vendor.used(prompt(("piece 0", 2_000, FIVE)), 10) == (0, 0, 2_000)
    assert vendor.used(prompt(("piece 0", 2_000), ("piece 1", 2_000, FIVE)), 10) == (0, 4_000, 0)


def test_nobody_reads_what_is_only_just_being_written() -> None:
    vendor, asked = Vendor(), prompt(("system", 9_000, FIVE))
    assert [vendor.used(asked, at)[1] for at in (5, 5, 6)] == [0, 0, 9_000]


# What is kept unasked


@pytest.mark.parametrize(
    ("tokens", "read"), [(1_023, 0), (1_024, 1_024), (1_151, 1_024), (1_152, 1_152), (10_000, 9_984)]
)
def test_a_prompt_is_read_in_steps(tokens: int, read: int) -> None:
    vendor, asked = Vendor("codex"), prompt(("developer", tokens))
    assert vendor.used(asked, 0, GPT) == (tokens, 0, 0)
    assert vendor.used(asked, 1, GPT) == (tokens - read, read, 0)


def test_writing_it_costs_nothing_and_reading_a_tenth() -> None:
    vendor, asked = Vendor("codex"), prompt(("developer", 128_000))
    assert dollars(vendor.bill(asked, 0, GPT)) == pytest.approx(0.128 * 2.5)
    assert dollars(vendor.bill(asked, 1, GPT)) == pytest.approx(0.128 * 0.25)


@pytest.mark.parametrize(("after", "read"), [(600, 12_800), (601, 0)])
def test_it_is_kept_for_ten_minutes_after_its_last_use(after: float, read: int) -> None:
    vendor, asked = Vendor("codex"), prompt(("developer", 12_800))
    vendor.bill(asked, 0, GPT)
    assert vendor.bill(asked, after, GPT).usage.cache_read == read


def test_it_reads_what_both_begin_with_and_no_more() -> None:
    vendor = Vendor("codex")
    vendor.bill(prompt(("tools", 3_000), ("developer", 2_000), ("hello", 500)), 0, GPT)
    other = prompt(("tools", 3_000), ("developer", 2_000), ("bye", 500), ("more", 500))
    assert vendor.used(other, 10, GPT) == (6_000 - 4_992, 4_992, 0)


def test_long_prompts_cost_more_altogether() -> None:
    vendor = Vendor("codex")
    assert dollars(vendor.bill(prompt(("developer", 272_000)), 0, GPT)) == pytest.approx(0.272 * 2.5)
    assert dollars(vendor.bill(prompt(("another", 272_001)), 0, GPT)) == pytest.approx(0.272001 * 5)


# Models that count otherwise than the product


def test_a_model_is_billed_for_the_tokens_that_it_counts_itself() -> None:
    vendor = Vendor(counted={SONNET: 1.12, OPUS: 1.25})
    asked = prompt(("system", 80_000, HOUR), ("hello", 20_000, FIVE), ("more", 1_000))
    assert vendor.bill(asked, 0, SONNET, output=1_000).usage == Usage(1_120, 0, 112_000, 89_600, 1_000)
    assert vendor.bill(asked, 0, OPUS, output=1_000).usage == Usage(1_250, 0, 125_000, 100_000, 1_000)
    again = vendor.bill(asked, 60, OPUS)
    assert again.usage == Usage(1_250, 125_000, 0, 0, 0)
    assert dollars(again) == pytest.approx(0.00125 * 5 + 0.125 * 0.5)


@pytest.mark.parametrize(("estimated", "kept"), [(913, 0), (914, 1_024)])
def test_whether_a_prompt_is_long_enough_to_be_kept_goes_by_the_models_count(
    estimated: int, kept: int
) -> None:
    assert Vendor(counted={SONNET: 1.12}).used(prompt(("short", estimated, FIVE)))[2] == kept


def test_steps_are_of_tokens_that_the_model_counts() -> None:
    vendor, asked = Vendor("codex", {GPT: 0.93}), prompt(("developer", 10_000))
    assert vendor.used(asked, 0, GPT) == (9_300, 0, 0)
    assert vendor.used(asked, 1, GPT) == (9_300 - 9_216, 9_216, 0)


@pytest.mark.parametrize(
    ("service", "ratio"),
    [
        (Service(ANTHROPIC, HAIKU), 1.12),
        (Service(ANTHROPIC, "claude-haiku-4-5-20251001"), 1.12),
        (Service(ANTHROPIC, OPUS), 1.18),
        (Service(OPENAI, GPT), 0.93),
        (Service(LOCAL, "qwen3-coder:30b"), 1.05),
        (Service("A", OPUS), 1.0),
    ],
)
def test_recorded_sessions_are_billed_by_what_each_model_counts(service: Service, ratio: float) -> None:
    assert counted_by(service) == ratio
    config = configured(
        providers={name: {"kind": name} for name in (ANTHROPIC, OPENAI, LOCAL)} | {"A": {"kind": "anthropic"}}
    )
    billed = Billing(config, shipped_prices()).bill(service, prompt(("system", 100_000)), 0, DAY)
    assert billed.usage.prompt == round(100_000 * ratio)


# Prices


def test_on_this_machine_nothing_is_billed() -> None:
    config = configured(providers={"ollama": {"kind": "ollama"}})
    billing = Billing(config, shipped_prices())
    bill = billing.bill(Service("ollama", "qwen3-coder:30b"), prompt(("system", 9_000)), 500, DAY)
    assert bill.nano == 0


def test_what_has_no_price_is_no_bargain() -> None:
    billing = Billing(config_of(LADDERS["codex"]), shipped_prices())
    with pytest.raises(LookupError, match="nobody knows"):
        billing.bill(Service(OPENAI, "no such model"), prompt(("any", 1)), 1, DAY)


# Prompts, read from bodies


def read(data: bytes, surface: str = "messages") -> Prompt:
    return Prompts().of(surface, data)


def said(*texts: str) -> list[dict[str, Any]]:
    return [{"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(texts)]


def changed(data: bytes, **members: Any) -> bytes:
    return json.dumps({**json.loads(data), **members}).encode()


def test_tools_come_first_then_the_system_then_the_messages() -> None:
    asked = read(body(said("Hi")))
    assert [mark.place for mark in asked.marks] == [2, 4]
    assert asked.tokens[2] - asked.tokens[1] == pytest.approx(len(LONG) / 4, rel=0.1)


def test_a_prompt_has_the_tokens_that_the_product_counts() -> None:
    data = body(said("Hi", LONG, "Go on"))
    assert read(data).total == pytest.approx(estimate_tokens(data, Format.ANTHROPIC), rel=0.01)


def test_another_billing_nonce_is_the_same_prompt() -> None:
    data = body(said("Hi"))
    assert read(data.replace(b"nonce=1", b"nonce=2")).chain == read(data).chain


def test_a_mark_is_no_part_of_what_it_marks_and_a_text_is_one_block() -> None:
    plain = changed(body(said("Hi")), messages=said("Hi"))
    assert read(plain).chain == read(body(said("Hi"))).chain
    assert len(read(plain).marks) == 1


def test_a_grown_conversation_begins_as_the_one_before() -> None:
    before, after = read(body(said("Hi"))), read(body(said("Hi", "Hello", "Go on")))
    assert after.chain[: len(before.chain)] == before.chain


def test_who_says_it_makes_a_difference() -> None:
    one, other = [{"role": role, "content": "Hi"} for role in ("user", "system")]
    assert read(body([one])).chain[-1] != read(body([other])).chain[-1]


@pytest.mark.parametrize("member", [{"thinking": {"type": "disabled"}}, {"tool_choice": {"type": "none"}}])
def test_another_way_of_thinking_or_calling_spares_only_tools_and_system(member: dict[str, Any]) -> None:
    before, after = read(body(said("Hi"))), read(body(said("Hi"), **member))
    assert before.chain[:3] == after.chain[:3]
    assert not set(before.chain[3:]) & set(after.chain[3:])


def test_a_mark_for_the_whole_request_is_behind_its_last_piece() -> None:
    data = changed(
        body(said("Hi")), messages=said("Hi", "Ho"), cache_control={"type": "ephemeral", "ttl": "1h"}
    )
    asked = read(data)
    assert (asked.marks[-1].place, asked.marks[-1].seconds) == (len(asked.chain) - 1, HOUR)


def test_codex_puts_tools_before_what_is_said() -> None:
    asked = {
        "model": GPT,
        "input": [{"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "x"}]}],
        "tools": [{"type": "function", "name": "exec_command"}],
    }
    call = {"type": "function_call", "call_id": "call_1", "name": "exec_command", "arguments": "{}"}
    first = read(json.dumps(asked).encode(), "responses")
    grown = read(json.dumps({**asked, "input": [*asked["input"], call]}).encode(), "responses")
    assert grown.chain[:2] == first.chain
    assert grown.calls == ("call_1",)
    assert not grown.marks


# For every prompt

PIECES = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 3_000), st.sampled_from([(), (FIVE,), (HOUR,)])),
    min_size=1,
    max_size=12,
)


@given(
    asked=st.lists(st.tuples(PIECES, st.integers(0, 1_000)), min_size=1, max_size=6),
    client=st.sampled_from(["claude-code", "codex"]),
)
def test_every_token_is_billed_once_and_only_what_was_sent_is_read(asked: Any, client: str) -> None:
    vendor, at, seen = Vendor(client), 0.0, set[bytes]()
    for pieces, pause in asked:
        at += pause
        one = prompt(*[(name + str(tokens), tokens, *seconds) for name, tokens, seconds in pieces])
        usage = vendor.bill(one, at, SONNET if client == "claude-code" else GPT).usage
        assert usage.prompt == one.total
        assert min(usage.input or 0, usage.cache_read or 0, usage.cache_write or 0) >= 0
        assert (usage.cache_write_1h or 0) <= (usage.cache_write or 0)
        known = max((one.tokens[at] for at, chain in enumerate(one.chain) if chain in seen), default=0)
        assert (usage.cache_read or 0) <= known
        assert (usage.cache_read or 0) >= LEAST or not usage.cache_read
        seen.update(one.chain)


def test_both_vendors_are_at_home_in_the_price_list() -> None:
    for ladder, vendor in ((LADDERS["claude-code"], ANTHROPIC), (LADDERS["codex"], OPENAI)):
        billing = Billing(config_of(ladder), shipped_prices())
        prices = [billing.prices(service, DAY).output for service in ladder.services.values()]
        assert ladder.provider == vendor
        assert [rate.base for rate in prices if rate] == sorted(rate.base for rate in prices if rate)
