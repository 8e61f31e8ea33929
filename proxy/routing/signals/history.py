"""What affinity asks of a payload alone: had tools a part in it, and has one just answered?"""

import json
from collections.abc import Mapping

from proxy.routing.signals.memo import Messages
from proxy.routing.signals.reading import signals
from proxy.routing.signals.request import Looked, Signals
from proxy.wire.format import Format
from proxy.wire.splice import Body


def payload_has_tool_history(body: Body | Mapping[str, object], format: Format) -> bool:  # noqa: A002 -- it is one
    """Whether a tool was called or has answered anywhere in the conversation."""
    return _alone(body, format).has_tool_history


def ends_in_tool_result(body: Body | Mapping[str, object], format: Format) -> bool:  # noqa: A002 -- it is one
    """Whether what the model is to see now is the result of a tool."""
    return bool(_alone(body, format).texts.turn.answers)


def _alone(body: Body | Mapping[str, object], format: Format) -> Signals:  # noqa: A002 -- it is one
    read = body if isinstance(body, Body) else Body(json.dumps(body).encode())
    return signals(Looked(body=read, format=format, surface="", client=""), Messages())
