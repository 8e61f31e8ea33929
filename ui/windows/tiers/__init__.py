"""Which services each tier asks, in which order, and from which score on."""
