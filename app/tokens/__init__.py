"""Who may talk to us: one token per client and one for the administration; issued, kept, checked, revoked."""
