"""What providers allow: told in the headers of every answer, or asked for; and remembered."""
