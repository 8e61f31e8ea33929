"""From every client format to every provider's: what is asked stays what was asked.

A request is written in the client's format, read, written for the provider and read again. What the two
formats cannot carry is told by their own `carries.py`; all the rest must come out equal. Answers go the
other way, whole and streamed.
"""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxy.wire.assemble import collected, spread
from proxy.wire.canonical import Answer, Conversation
from proxy.wire.format import Format
from proxy.wire.sides import CLIENT, PROVIDER
from proxy.wire.target import Expecting, Reply, Target
from tests.proxy.wire.carrying import CARRIED, READ_BACK
from tests.proxy.wire.normal import Everything, normal
from tests.proxy.wire.strategies import answers, chunkings, conversations

TARGET = Target(model="asked-for", issued=Everything())
REPLY = Reply(id="req_1", model="asked-for", created=1_700_000_000, shows_unsigned_thinking=True)
few = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@pytest.mark.parametrize("provider", list(PROVIDER))
@pytest.mark.parametrize("client", list(CLIENT))
@few
@given(conversation=conversations())
def test_a_request_means_the_same_after_translation(
    client: Format, provider: Format, conversation: Conversation
) -> None:
    body = PROVIDER[client].write_request(conversation, TARGET).body
    # Where the model stands in the URL, the gateway puts it into the conversation.
    asked = msgspec.structs.replace(CLIENT[client].read_request(body), model=TARGET.model)
    translated = PROVIDER[provider].write_request(asked, TARGET)
    assert normal(READ_BACK[provider](translated.body)) == normal(CARRIED[provider](asked))


@pytest.mark.parametrize("client", list(CLIENT))
@few
@given(answer=answers(), data=st.data())
def test_a_streamed_answer_is_the_whole_answer_in_pieces(
    client: Format, answer: Answer, data: st.DataObject
) -> None:
    writer = CLIENT[client].stream_writer(REPLY)
    stream = b"".join(writer.write(event) for event in spread(answer))
    whole = PROVIDER[client].read_answer(CLIENT[client].write_answer(answer, REPLY), Expecting())
    reader = PROVIDER[client].stream_reader(Expecting())
    events = [event for chunk in data.draw(chunkings(stream)) for event in reader.feed(chunk)]
    streamed = collected([*events, *reader.end()], client)
    assert _comparable(streamed) == _comparable(whole)


def _comparable(answer: Answer) -> Answer:
    """Ids of items and of answers are made up differently in streams, and nobody refers to them."""
    content = tuple(
        msgspec.structs.replace(
            block, **{name: None for name in ("extra", "item_id") if hasattr(block, name)}
        )
        for block in answer.content
    )
    return msgspec.structs.replace(answer, id=None, extra=None, content=content)
