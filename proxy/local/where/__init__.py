"""Where to look for servers: what listens, what runs, what the environment, files and the user say."""
