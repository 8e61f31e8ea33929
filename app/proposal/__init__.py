"""Which providers and tiers fit what was found on this machine: proposed with reasons, never decided."""

from app.proposal.here import proposal_here
from app.proposal.making import proposal
from app.proposal.proposal import Proposal

__all__ = ["Proposal", "proposal", "proposal_here"]
