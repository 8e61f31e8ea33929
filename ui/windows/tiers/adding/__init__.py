"""Adding a service to a tier: found among the models of the providers, or typed."""
