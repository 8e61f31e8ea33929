"""The rules of a whole configuration that can never be judged, and where what is wrong with them stands."""

from collections.abc import Iterator, Sequence

from proxy.config import Config, Finding, KeyPath, RuleConfig
from proxy.routing.rules.rule import rule_findings


def rule_notices(config: Config) -> Iterator[Finding]:
    """Each of them disables one rule; all others go on."""
    yield from _of_all(config.rules, ("rules",))
    for index, route in enumerate(config.routes):
        yield from _of_all(route.rules, ("routes", index, "rules"))


def _of_all(rules: Sequence[RuleConfig], path: KeyPath) -> Iterator[Finding]:
    for index, rule in enumerate(rules):
        for finding in rule_findings(rule):
            yield finding.below(*path, index)
