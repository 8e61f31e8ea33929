"""What `tierwise explain` is made of: reading a request, having it decided, and showing the decision."""
