"""The database: its tables, their versions, and the ways to open, copy and set it aside."""
