"""How Tierwise looks: its colours, its type, and the one style sheet; light and dark."""
