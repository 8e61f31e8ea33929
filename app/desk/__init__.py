"""What the windows ask and order: one small door to the record and the running gateway."""
