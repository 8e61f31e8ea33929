"""Smart rules: conditions over what a request is, compiled once and judged quickly."""

from proxy.routing.rules.description import described
from proxy.routing.rules.notices import rule_notices
from proxy.routing.rules.rule import Rule, compiled, rule_findings
from proxy.routing.rules.situation import Judged, Situation, Step

__all__ = ["Judged", "Rule", "Situation", "Step", "compiled", "described", "rule_findings", "rule_notices"]
