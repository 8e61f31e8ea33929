"""The canonical conversation: what is said and asked, apart from how any one format writes it.

Every format is read into these values and written from them, so a new format touches one package.
They are a superset: what only one format knows stays with the value it belongs to, as the JSON it
came as (`extra`, `Opaque`), and is written back towards that same format and no other.

Three conventions hold everywhere:

- A missing value is None. None means "not said", never zero or false.
- JSON that we carry but do not interpret (schemas, metadata) is `msgspec.Raw`, byte for byte.
- Tool arguments are JSON text, as the model wrote them.
"""

from proxy.wire.canonical.answer import Answer, Stop, StopReason
from proxy.wire.canonical.blocks import (
    Block,
    Citation,
    Data,
    Document,
    Extra,
    FileId,
    Image,
    Opaque,
    PlainText,
    RedactedThinking,
    Refusal,
    Source,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Url,
)
from proxy.wire.canonical.conversation import (
    Conversation,
    Message,
    Output,
    OutputKind,
    Role,
)
from proxy.wire.canonical.events import (
    ArgumentsDelta,
    Begin,
    BlockBegin,
    BlockEnd,
    CitationDelta,
    Event,
    Failed,
    Finish,
    KeepAlive,
    SignatureDelta,
    TextDelta,
    ThinkingDelta,
)
from proxy.wire.canonical.reasoning import BUDGETS, Reasoning
from proxy.wire.canonical.tools import (
    AnyTool,
    Choice,
    ChoiceMode,
    OpaqueTool,
    Tool,
    ToolGroup,
    ToolRef,
)
from proxy.wire.canonical.usage import UNKNOWN, Usage

__all__ = [
    "BUDGETS",
    "UNKNOWN",
    "Answer",
    "AnyTool",
    "ArgumentsDelta",
    "Begin",
    "Block",
    "BlockBegin",
    "BlockEnd",
    "Choice",
    "ChoiceMode",
    "Citation",
    "CitationDelta",
    "Conversation",
    "Data",
    "Document",
    "Event",
    "Extra",
    "Failed",
    "FileId",
    "Finish",
    "Image",
    "KeepAlive",
    "Message",
    "Opaque",
    "OpaqueTool",
    "Output",
    "OutputKind",
    "PlainText",
    "Reasoning",
    "RedactedThinking",
    "Refusal",
    "Role",
    "SignatureDelta",
    "Source",
    "Stop",
    "StopReason",
    "Text",
    "TextDelta",
    "Thinking",
    "ThinkingDelta",
    "Tool",
    "ToolCall",
    "ToolGroup",
    "ToolRef",
    "ToolResult",
    "Url",
    "Usage",
]
