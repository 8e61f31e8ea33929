"""Takes secrets out of what a provider said: some repeat the key they refuse.

Only what bears the mark of a key is taken. A long run of letters and digits alone may be a path or a
commit hash.
"""

import re

_MASK = "<secret>"
_SECRETS = re.compile(
    r"""
    \b(?:sk|pk|xai|gsk|csk|pplx|hf|r8|nvapi|tgp|dapi|ghp|gho|ghs|github_pat|AKIA|ASIA|ABSK)
        (?:[-_][A-Za-z0-9_\-*.]{8,}|(?<=A[KS]IA)[A-Z0-9]{12,}|(?<=ABSK)[A-Za-z0-9+/=]{12,}|(?<=dapi)[0-9a-f]{12,})
    | \bAIza[A-Za-z0-9_\-]{20,}
    | \beyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]*
    | (?<=Bearer[ ])[A-Za-z0-9_\-.~+/=]{8,}
    | (?<=bearer[ ])[A-Za-z0-9_\-.~+/=]{8,}
    | (?<=[?&]key=)[^&\s"']+
    | (?<=api_key=)[^&\s"']+
    | (?<=access_token=)[^&\s"']+
    """,
    re.VERBOSE,
)


def masked(text: str) -> str:
    return _SECRETS.sub(_MASK, text)
