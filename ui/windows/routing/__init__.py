"""The page on which one asks why a request goes where it goes, and what keeps services from being asked."""
