"""What a command line can say about keys, and what is refused because it may be one."""

import pytest

from app.errors import UsageError
from app.providers.wish import KeySource, Wish, check


@pytest.mark.parametrize(
    ("wish", "form"),
    [
        (Wish(name="p"), "keyring"),
        (Wish(name="p", label="work"), "keyring:work"),
        (Wish(name="p", source=KeySource.STDIN), "keyring"),
        (Wish(name="p", source=KeySource.ENVIRONMENT, variable="KEY"), "env:KEY"),
        (Wish(name="p", source=KeySource.NONE), "none"),
        (Wish(name="p", source=KeySource.CLIENT), "client"),
    ],
)
def test_a_wish_says_where_the_key_is(wish: Wish, form: str) -> None:
    check(wish, {})
    assert wish.key_form == form


@pytest.mark.parametrize("variable", ["ANTHROPIC_API_KEY", "key", "_MY_KEY2", "WORK_AZURE_OPENAI_API_KEY_2"])
def test_names_of_variables_pass(variable: str) -> None:
    check(Wish(name="p", source=KeySource.ENVIRONMENT, variable=variable), {})


@pytest.mark.parametrize(
    "variable",
    [
        "sk-ant-api03-canary",
        "gsk_canary1234567890abcdef",
        "",
        "1KEY",
        "A=B",
        "A" * 40,
        "xai_canary00000000000000",
    ],
)
def test_what_may_be_a_key_is_refused_and_not_repeated(variable: str) -> None:
    with pytest.raises(UsageError) as raised:
        check(Wish(name="p", source=KeySource.ENVIRONMENT, variable=variable), {})
    assert "not a key" in str(raised.value)
    assert not variable or variable not in str(raised.value)


def test_a_variable_that_is_set_is_one_whatever_it_looks_like() -> None:
    name = "my_variable_with_2_digits_in_it"
    check(Wish(name="p", source=KeySource.ENVIRONMENT, variable=name), {name: "x"})


@pytest.mark.parametrize("label", ["a/b", "a:b", " a", "a\nb", "a\x07"])
def test_labels_fit_into_the_name_of_an_entry(label: str) -> None:
    with pytest.raises(UsageError, match="--label"):
        check(Wish(name="p", label=label), {})


@pytest.mark.parametrize("source", [KeySource.ENVIRONMENT, KeySource.NONE, KeySource.CLIENT])
def test_only_keys_in_the_keyring_have_labels(source: KeySource) -> None:
    with pytest.raises(UsageError, match="--label"):
        check(Wish(name="p", source=source, variable="KEY", label="work"), {})
