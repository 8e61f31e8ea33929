"""What the receiving model and its host demand beyond the format, and what came of writing for it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from proxy.wire.canonical import ToolRef


class Loss(StrEnum):
    """What a target cannot be told. Whoever writes a request says which of these befell it."""

    UNKNOWN_FIELDS = "unknown fields"
    THINKING = "thinking of another provider"
    SIGNATURE = "signature of another provider"
    CACHE_MARKS = "cache marks"
    CITATIONS = "citations"
    IMAGE = "image"
    IMAGE_DETAIL = "image detail"
    DOCUMENT = "document"
    DOCUMENT_DETAILS = "document name, context or citability"
    SERVER_TOOL = "tool that another provider runs"
    SERVER_TOOL_HISTORY = "what another provider's own tools did"
    NAMES = "names of speakers"
    TOOL_STRICTNESS = "strictness of a tool"
    TOOL_GRAMMAR = "grammar of a custom tool"
    TOOL_CHOICE = "choice of tools"
    PARALLEL_CALLS = "whether calls may be parallel"
    MAX_TOKENS = "limit of the answer"
    TEMPERATURE = "temperature"
    TOP_P = "top_p"
    TOP_K = "top_k"
    PENALTIES = "penalties"
    SEED = "seed"
    STOP = "stop sequences"
    REASONING = "how much to think"
    OUTPUT = "form of the answer"
    VERBOSITY = "verbosity"
    USER = "user"
    METADATA = "metadata"
    SERVICE_TIER = "service tier"
    CACHE_KEY = "cache key"
    STORE = "whether to store"
    PREVIOUS_ID = "reference to a stored answer"
    BILLING_HEADER = "another provider's billing line"
    LONE_RESULT = "tool result without its call, told as text"
    LINKED_RESULT = "tool result with an unknown id, linked to its call by its place"
    LONE_CALL = "tool call without its result, given one that says so"


class Thinks(Enum):
    """How a target is asked to think."""

    NOT = "not"
    EFFORT = "effort"
    BUDGET = "budget"
    ADAPTIVE = "adaptive"
    TOGGLE = "toggle"


@dataclass(frozen=True, slots=True)
class IdRule:
    """What a tool call's id may look like."""

    pattern: str = r"[a-zA-Z0-9_-]+"
    longest: int = 64
    prefix: str = "call_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The receiving end of a request. The defaults are what the format's own vendor takes.

    `issued` holds the signatures that this very service gave out; thinking with any other is foreign to it.
    """

    model: str
    issued: Container[str] = frozenset()
    vision: bool = True
    documents: bool = True
    thinks: Thinks | None = None
    """None is the format's own way."""
    max_output: int | None = None
    refuses: frozenset[str] = frozenset()
    """Top-level parameters, by the format's names, that it does not take."""
    id_rule: IdRule | None = None

    # Anthropic
    system_messages: bool = False
    """Takes messages of role system among the others."""
    keeps_billing_header: bool = False

    # OpenAI Chat and those who speak it
    max_tokens_field: str = "max_completion_tokens"
    developer_role: bool = False
    reasoning_field: str | None = None
    """Where an assistant message carries its thinking; None takes none."""
    reasoning_demanded: bool = False
    """Every assistant message with calls must carry the reasoning field, be it empty."""
    stream_usage: bool = True
    parallel_parameter: bool = True
    named_choice: bool = True
    """Obeys a choice of one tool; otherwise only that tool is offered, and demanded."""
    one_leading_system: bool = False
    schema_needs_properties: bool = False
    takes_cache_marks: bool = False
    blank_text: str = ""
    """What stands for no text at all."""

    # Gemini
    unsigned_calls_refused: bool = False

    # Ollama
    context: int | None = None
    keep_alive: str | None = None


@dataclass(frozen=True, slots=True)
class ToolNames:
    """The names tools go by at the target, where they could not keep their own."""

    original: Mapping[str, ToolRef] = field(default_factory=dict)

    def restored(self, name: str) -> ToolRef:
        return self.original.get(name) or ToolRef(name)


@dataclass(frozen=True, slots=True)
class Written:
    """A request ready to be sent, what it could not say, and the way back for the names in the answer."""

    body: bytes = field(repr=False)
    lost: frozenset[Loss] = frozenset()
    names: ToolNames = field(default_factory=ToolNames)
    added: tuple[str, ...] = ()
    """Sentences on what the target demanded and the client had not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expecting:
    """What the reader of an answer must know of its request."""

    names: ToolNames = field(default_factory=ToolNames)
    seed: str = ""
    """Makes ids where the provider gives none; differs from exchange to exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the writer of an answer must know of the client's request and of the moment."""

    id: str
    """Of the exchange; answers without an id of their own take theirs from it."""
    model: str
    """The name the client asked for."""
    created: int
    """Seconds since 1970."""
    usage_in_stream: bool = True
    parameters: Mapping[str, object] = field(default_factory=dict)
    """What the Responses format repeats of its request."""
    shows_unsigned_thinking: bool = False
    """Some clients stop at thinking that nobody signed."""
