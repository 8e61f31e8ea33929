"""The limit of an answer, kept within what the model can write."""

from proxy.providers.facts import Facts
from proxy.providers.fitting.draft import Draft, Path


def cap(draft: Draft, path: Path, facts: Facts) -> None:
    limit, most = draft.number(*path), facts.max_output
    if limit is None or most is None or limit <= most:
        return
    draft.set(path, most, f"{path[-1]}: {limit} became {most}, because {facts.model} writes no more")
