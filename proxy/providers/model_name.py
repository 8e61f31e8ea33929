"""The bare name of a model: what is left of all that clouds and hubs write around it."""

import re

_BEFORE = re.compile(
    r"(?:^(?:(?:us|eu|apac|global|jp|au|ca|sa|us-gov)\.)?"
    r"(?:ai21|amazon|anthropic|cohere|google|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|writer|zai)\."
    r"|^databricks-|^ft:)(?=.)",
    re.DOTALL,
)
_AFTER = re.compile(
    r"""(?:
      \[1m\]                    # Claude Code's sign for the long window
    | @[\w.-]+                  # Vertex: a date or `default`
    | -v\d+:\d+\w*              # Bedrock
    | (?<=-\d)-v\d+             # the same without a revision, after a generation
    | -20\d{6}                  # the day of a release
    | -20\d\d-\d\d-\d\d
    | :(?:free|nitro|floor|online|thinking|extended|exacto)  # OpenRouter's variants
    )$""",
    re.VERBOSE,
)
_POINT_IN_NUMBER = re.compile(r"(?<=\d)\.(?=\d)")


def bare_name(model: str) -> str:
    """In lower case, without vendor, region, date and packaging; Claude's generations with dashes."""
    name = model.strip().lower()
    name = _BEFORE.sub("", name.rpartition("/")[2] or name)
    while (shorter := _AFTER.sub("", name)) not in (name, ""):
        name = shorter
    return _POINT_IN_NUMBER.sub("-", name) if name.startswith("claude") else name
