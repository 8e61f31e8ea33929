"""What the desktop costs: memory, an idle core, the one thread, first paints, and the streams beside it."""
