"""Whether an Anthropic request has system messages among the others, which older models refuse.

They stand in `messages`, which is never edited, so such a request must be written anew for such a model
(`Facts.system_messages` is False).
"""

import re

from proxy.wire.splice import Body

# A quote inside a text is escaped, so only a real member looks like this.
_SYSTEM_TURN = re.compile(rb'"role"[ \t\n\r]*+:[ \t\n\r]*+"system"')


def has_system_turns(body: Body) -> bool:
    messages = body.value("messages")
    return messages is not None and _SYSTEM_TURN.search(memoryview(messages)) is not None
