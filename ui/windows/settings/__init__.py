"""The page on which everything that is set by hand is set, and where the program tells what it is."""
