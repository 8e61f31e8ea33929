"""The application without a face: settings, secrets, clients, lifecycle, command line."""
