"""From a document to settings: read it against the structs, ask every check, place what was found."""

from collections.abc import Callable, Collection, Iterable, Sequence

from app.configuration.document import Document, nested_too_deeply
from app.configuration.problem import ConfigError, Notice, placed
from app.configuration.reading import TableType, not_yet_reported, read_document
from proxy.config import Config, Finding, did_you_mean

Check = Callable[[Config], Iterable[Finding]]
"""Looks at a configuration as a whole. It may meet one with defaults in the place of what was wrong."""


def validated(
    document: Document, table: type[TableType], checks: Sequence[Callable[[TableType], Iterable[Finding]]]
) -> tuple[TableType, tuple[Notice, ...]]:
    """The settings a document holds, and what in it has no effect; ConfigError lists all problems."""
    try:
        settings, findings = read_document(document.tree, table)
        about_all = (found for check in checks for found in check(settings))
        findings += not_yet_reported(about_all, tuple(findings))
        problems, notices = placed(findings, document.file, document.text) if findings else ([], [])
    except RecursionError as error:
        raise nested_too_deeply(document.file) from error
    if problems:
        raise ConfigError(problems)
    return settings, tuple(notices)


def known_policy(names: Collection[str]) -> Check:
    """Shadow policies are registered by the program; naming another one is an error."""

    def check(config: Config) -> Iterable[Finding]:
        policy = config.shadow.policy
        if policy and policy not in names:
            allowed = ", ".join(sorted(names)) or "none is registered, so leave it empty"
            yield Finding(
                ("shadow", "policy"), f'found "{policy}"; allowed: {allowed}{did_you_mean(policy, names)}'
            )

    return check
