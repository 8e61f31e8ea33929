"""What the user switches: for good in config.toml, or for a while as an overlay over what the file says.

The last word counts. A switch for good ends the overlay of the same key, and so does whoever gives the key
another value in the file.
"""
