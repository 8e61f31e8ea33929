"""Records agent sessions: real clients work through scripted scenarios in scratch repositories."""
