"""The four tiers as their owner sees them: listed, filled, switched, and proposed from what is here."""
