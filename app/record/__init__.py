"""The record as a file of the user's: copies of it, their return, and its rows for other programs."""
