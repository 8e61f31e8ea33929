"""What is asked comes through Converse as it was, but for what `carries` lists, in the shapes of AWS."""

import json
import re
from typing import Any

import botocore.session
import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from botocore.validate import ParamValidator
from hypothesis import HealthCheck, given, settings

from proxy.wire.bedrock.write_request import write_request
from proxy.wire.canonical import Conversation
from proxy.wire.target import Target
from tests.proxy.wire.bedrock.asking import CLAUDE, GPT_OSS, LLAMA, NOVA_2, UNKNOWN
from tests.proxy.wire.bedrock.carries import carried
from tests.proxy.wire.bedrock.read_back import read_request
from tests.proxy.wire.normal import Everything, normal
from tests.proxy.wire.strategies import conversations

thorough = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
CONVERSE = (
    botocore.session.get_session()
    .get_service_model("bedrock-runtime")
    .operation_model("Converse")
    .input_shape
)


@pytest.mark.parametrize("model", [UNKNOWN, CLAUDE])
@thorough
@given(conversation=conversations())
def test_a_conversation_comes_through(model: str, conversation: Conversation) -> None:
    written = write_request(conversation, Target(model=model, issued=Everything()))
    assert normal(read_request(written.body)) == normal(carried(conversation, model))


@pytest.mark.parametrize("model", [UNKNOWN, CLAUDE, NOVA_2, GPT_OSS, LLAMA])
@thorough
@given(conversation=conversations())
def test_a_request_has_the_shapes_that_aws_defines(model: str, conversation: Conversation) -> None:
    body = json.loads(write_request(conversation, Target(model=model, issued=Everything())).body)
    request = {**body, "modelId": model}
    assert ParamValidator().validate(request, CONVERSE).generate_report() == ""
    assert list(out_of_bounds(request, CONVERSE, "")) == []


@thorough
@given(conversation=conversations())
def test_the_same_conversation_is_always_written_the_same(conversation: Conversation) -> None:
    target = Target(model=CLAUDE, issued=Everything())
    assert write_request(conversation, target).body == write_request(conversation, target).body


def out_of_bounds(value: Any, shape: Shape, path: str) -> Any:
    """Where a text is none of those that the service allows, which botocore leaves to the service."""
    match shape:
        case StructureShape() if not shape.is_document_type:
            for name, inner in value.items():
                yield from out_of_bounds(inner, shape.members[name], f"{path}.{name}")
        case ListShape():
            for item in value:
                yield from out_of_bounds(item, shape.member, f"{path}[]")
        case MapShape():
            for key, inner in value.items():
                yield from out_of_bounds(key, shape.key, f"{path} key")
                yield from out_of_bounds(inner, shape.value, f"{path}.{key}")
        case StringShape():
            pattern = shape.metadata.get("pattern")
            fits = pattern is None or re.fullmatch(pattern, value)
            if not fits or (shape.enum and value not in shape.enum):
                yield path, value
