"""What a service's params wish for, set in a format's own words."""

from collections.abc import Mapping

from proxy.providers.fitting.draft import Draft, Path
from proxy.providers.params import Wishes
from proxy.providers.protected import PROTECTED

BY_PARAMS = "as the params of the service say"


def wish_numbers(draft: Draft, wishes: Wishes, paths: Mapping[str, Path]) -> None:
    """`paths` says where this format has max_tokens, temperature and so on; others it cannot be told."""
    for name, path in paths.items():
        value = getattr(wishes, name)
        if value is not None:
            draft.set(path, value, f"{path[-1]}: {value}, {BY_PARAMS}")


def wish_others(draft: Draft, wishes: Wishes) -> None:
    for name, value in wishes.others.items():
        if name not in PROTECTED:
            draft.set((name,), value, f"{name}: set, {BY_PARAMS}")
