"""Smart rules: conditions over what a request is, compiled once and judged quickly."""

from proxy.routing.rules.ahead import read_ahead
from proxy.routing.rules.description import described
from proxy.routing.rules.notices import rule_notices
from proxy.routing.rules.patience import Patience
from proxy.routing.rules.rule import Rule, compiled, rule_findings
from proxy.routing.rules.situation import Judged, Situation, Step

__all__ = [
    "Judged",
    "Patience",
    "Rule",
    "Situation",
    "Step",
    "compiled",
    "described",
    "read_ahead",
    "rule_findings",
    "rule_notices",
]
