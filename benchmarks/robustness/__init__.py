"""Whether the tier of a turn stays when the turn is put, or surrounded, a little otherwise."""
