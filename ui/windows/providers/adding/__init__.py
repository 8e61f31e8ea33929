"""Adding a provider: what is found here, the presets, and the form for one of them."""
