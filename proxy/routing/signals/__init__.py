"""What a request is: who asks, for what, in which conversation, and whose turn it is.

A message is read once. `Messages` keeps what it told (numbers and names, never words) for the requests that
carry it again, so a long conversation costs what is new in it. Everything counts the same way, whether it was
known before or not, and whichever of the formats it came in.
"""

from proxy.routing.signals.cleaning import cleaned as cleaned
from proxy.routing.signals.history import ends_in_tool_result as ends_in_tool_result
from proxy.routing.signals.history import payload_has_tool_history as payload_has_tool_history
from proxy.routing.signals.kind import Kind as Kind
from proxy.routing.signals.memo import Messages as Messages
from proxy.routing.signals.reading import signals as signals
from proxy.routing.signals.request import Looked as Looked
from proxy.routing.signals.request import Signals as Signals
from proxy.routing.signals.session import SessionId as SessionId
from proxy.routing.signals.session import resolve_session_id as resolve_session_id
from proxy.routing.signals.texts import NO_TEXTS as NO_TEXTS
from proxy.routing.signals.texts import Texts as Texts

extract_request_context = signals
"""The name under which other gateways have it."""
