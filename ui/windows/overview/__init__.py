"""The first page: what was done, spent and saved today, who answers how well, and what needs the user."""
