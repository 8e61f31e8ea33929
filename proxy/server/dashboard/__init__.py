"""What windows, commands and the user's own tools read of the record and of the state of things."""
