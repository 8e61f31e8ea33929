"""What each vendor refuses, in its own words."""
