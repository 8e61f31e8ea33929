"""From which score on each tier is asked: the scale with its handles, and the profile that shifts them."""
