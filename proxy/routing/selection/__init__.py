"""From a request and a frozen look at the world to a decision: the pipeline and its stages."""
