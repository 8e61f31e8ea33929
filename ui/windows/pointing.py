"""What another page can be asked to do when it is gone to; names of things are simply handed over."""

from enum import Enum, auto


class Point(Enum):
    """`host.go_to("providers", Point.ADD_PROVIDER)`"""

    ADD_PROVIDER = auto()
    PROPOSE_TIERS = auto()
