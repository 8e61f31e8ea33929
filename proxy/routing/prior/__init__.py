"""The text prior: how likely a small model fails at what somebody typed, judged by the text alone."""

from proxy.routing.prior.prior import Judged as Judged
from proxy.routing.prior.prior import Part as Part
from proxy.routing.prior.prior import Prior as Prior
from proxy.routing.prior.weights import DamagedPriorError as DamagedPriorError
