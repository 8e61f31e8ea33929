"""What is written and read again is the same, but for what `carries` lists."""

from hypothesis import HealthCheck, given, settings

from proxy.wire.canonical import Conversation
from proxy.wire.ollama.write_request import write_request
from proxy.wire.target import Target
from tests.proxy.wire.normal import Everything, normal
from tests.proxy.wire.ollama.carries import carried
from tests.proxy.wire.ollama.reader import read_request
from tests.proxy.wire.strategies import conversations

TARGET = Target(model="asked-for", issued=Everything())


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(conversations())
def test_a_request_means_the_same_when_it_is_read_again(conversation: Conversation) -> None:
    written = write_request(conversation, TARGET)
    assert normal(read_request(written.body)) == normal(carried(conversation))
