"""Instructions in front, turns that alternate, nobody's words turned into a string of blocks."""

import itertools

from hypothesis import given

from proxy.wire.canonical import Conversation, Message, Role, Text, ToolCall
from proxy.wire.format import Format
from proxy.wire.history import folded, hoisted, merged
from tests.proxy.wire.strategies import conversations

SYSTEM = Message(Role.SYSTEM, (Text("be brief"),))
DEVELOPER = Message(Role.DEVELOPER, (Text("use tabs"),))
USER = Message(Role.USER, (Text("hello"),))
ASSISTANT = Message(Role.ASSISTANT, (Text("hi"),))


def test_leading_instructions_stand_apart() -> None:
    conversation = Conversation(
        format=Format.RESPONSES, system=(Text("first"),), messages=(DEVELOPER, SYSTEM, USER, SYSTEM)
    )
    apart = hoisted(conversation)
    assert apart.system == (Text("first"), Text("use tabs"), Text("be brief"))
    assert apart.messages == (USER, SYSTEM)


def test_instructions_in_the_middle_are_folded_in_where_they_stood_and_visibly() -> None:
    assert folded((USER, SYSTEM, ASSISTANT, DEVELOPER)) == (
        USER,
        Message(Role.USER, (Text("<system>\nbe brief\n</system>"),)),
        ASSISTANT,
        Message(Role.USER, (Text("<developer>\nuse tabs\n</developer>"),)),
    )


def test_neighbours_are_merged_block_by_block() -> None:
    call = Message(Role.ASSISTANT, (ToolCall("a", "Read", "{}"),))
    assert merged((USER, USER, ASSISTANT, call)) == (
        Message(Role.USER, (Text("hello"), Text("hello"))),
        Message(Role.ASSISTANT, (Text("hi"), ToolCall("a", "Read", "{}"))),
    )


def test_speakers_of_different_names_stay_apart() -> None:
    ann, bob = (Message(Role.USER, (Text("x"),), name=name) for name in ("ann", "bob"))
    assert merged((ann, bob)) == (ann, bob)


@given(conversations())
def test_after_folding_and_merging_the_roles_alternate(conversation: Conversation) -> None:
    turns = merged(folded(hoisted(conversation).messages))
    roles = [message.role for message in turns]
    assert all(one is not other for one, other in itertools.pairwise(roles))
