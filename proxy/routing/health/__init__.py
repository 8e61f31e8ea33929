"""How well services and keys are, from how asking them went: marks that pass with time, and breakers."""
