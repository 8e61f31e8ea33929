"""Adding, listing and removing the accounts and servers that answer, for whoever offers it to the user."""
