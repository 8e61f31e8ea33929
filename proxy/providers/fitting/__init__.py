"""Requests in a client's own bytes, made acceptable to the model they go to.

Only parameters at the top of a request are touched, and only where this very model or host takes them in no
other way; a request that was written for its model comes out as it came. Each change is told in a sentence.
`refused` reads what a provider has refused all the same, so that it is not asked for it again.
"""

from proxy.providers.fitting.betas import anthropic_betas
from proxy.providers.fitting.fit import Fit, fit
from proxy.providers.fitting.refusals import Correction, refused
from proxy.providers.fitting.system_turns import has_system_turns

__all__ = ["Correction", "Fit", "anthropic_betas", "fit", "has_system_turns", "refused"]
