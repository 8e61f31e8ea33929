"""Takes secrets out of what a provider said: some repeat the key they refuse.

Only what bears the mark of a key is taken, and what is said to be one, be it only its beginning. A long run
of letters and digits alone may be a path or a commit hash.
"""

import re

_MASK = "<secret>"
_SECRETS = re.compile(
    r"""
    (?: \b | (?<=\\[nrtbf]) )
    (?: (?:sk|pk|xai|gsk|csk|pplx|hf|fw|r8|nvapi|tgp|dapi|gh[pousr]|github_pat|sess)[-_]
            (?:(?=[A-Za-z\-_.]*+[0-9*])[A-Za-z0-9_\-*.]{16,}+|[A-Za-z0-9_\-*.]{24,}+)
      | (?:AKIA|ASIA)[A-Z0-9]{12,}+ | ABSK[A-Za-z0-9+/=]{12,}+ | dapi[0-9a-f]{12,}+
      | AIza[A-Za-z0-9_\-]{20,}+ | ya29\.[A-Za-z0-9_\-.]{10,}+
      | eyJ[A-Za-z0-9_\-]{10,}+\.[A-Za-z0-9_\-]{10,}+\.[A-Za-z0-9_\-]*+
    )
    | (?P<name>(?i:api[-_ ]?key|access_token|authorization|[?&]key|bearer)(?:\\*+["'])?+[:=\s]++
        (?:\\*+["'])?+(?:(?i:bearer)\s++)?+)(?=[^\s"',;&0-9]*+[0-9])[^\s"',;&]{12,}+
    | (?P<quoted>(?i:\b(?:token|key)\ provided:\s++)["'`]?+)
            (?=[^\s"'`]{0,200}?(?:[0-9\-_*]|\.{3}))[^\s"'`]{4,}+
    | (?P<scheme>://[^\s/@:]{1,100}:)[^\s/@]{1,200}+(?=@)
    """,
    re.VERBOSE,
)
"""Where a name tells that a secret follows, the name is kept. In JSON the letter of an escape may stand right
before a secret, and is none of it."""


def masked(text: str) -> str:
    return _SECRETS.sub(_without_secret, text)


def _without_secret(found: re.Match[str]) -> str:
    return (found["name"] or found["quoted"] or found["scheme"] or "") + _MASK
