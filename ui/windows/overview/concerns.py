"""What needs the user: a pure judgement of what is known, the gravest first.

What is not known yet worries nobody: a question that was not answered adds no concern.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ui.windows.overview import concerns_of_program, concerns_of_providers
from ui.windows.overview.concern import Concern, Known


def concerns(known: Known) -> list[Concern]:
    found = [each for judge in _JUDGES for each in judge(known)]
    return sorted(found, key=lambda each: each.severity)


_JUDGES: Final[Sequence[Callable[[Known], Iterator[Concern]]]] = (
    concerns_of_program.settings,
    concerns_of_providers.providers,
    concerns_of_providers.keys,
    concerns_of_providers.refusals,
    concerns_of_program.record,
    concerns_of_program.budgets,
    concerns_of_providers.breakers,
    concerns_of_providers.quotas,
    concerns_of_program.switches,
    concerns_of_program.override,
    concerns_of_providers.prices,
    concerns_of_providers.servers,
    concerns_of_program.bodies,
)
"""Among those of one severity they come in this order."""
