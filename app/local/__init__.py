"""The model servers of this machine, for commands and for the running program."""
