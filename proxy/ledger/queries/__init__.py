"""The questions that windows and commands ask, each a function of a connection that reads."""
