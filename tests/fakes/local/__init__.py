"""Stand-ins for the model servers that people run on their own machine."""
