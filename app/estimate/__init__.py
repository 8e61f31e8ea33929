"""What the clients' own session logs say was used, and what that costs at list prices. Nothing is written."""
