"""Which of several services that may all answer is asked first: tactics, and the figures they go by."""
