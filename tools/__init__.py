"""What the people who work on Tierwise run; nothing here ships."""
