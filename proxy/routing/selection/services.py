"""Small questions about lists of candidates."""

from collections.abc import Collection, Iterable

from proxy.routing.selection.context import Candidates
from proxy.routing.service import Candidate, Service


def contains_service(candidates: Iterable[Candidate], service: Service) -> bool:
    return any(each.service == service for each in candidates)


def filter_active_services(candidates: Iterable[Candidate]) -> Candidates:
    return tuple(each for each in candidates if each.active)


def intersect_services(candidates: Iterable[Candidate], allowed: Iterable[Candidate]) -> Candidates:
    """Those of the first that are in the second too, as the first lists them and in its order."""
    return among(candidates, {each.service for each in allowed})


def among(candidates: Iterable[Candidate], services: Collection[Service]) -> Candidates:
    return tuple([each for each in candidates if each.active and each.service in services])


def unmarked(candidates: Iterable[Candidate], marks: Collection[Service]) -> Candidates:
    return tuple([each for each in candidates if each.service not in marks])
