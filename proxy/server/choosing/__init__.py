"""Choosing who answers: the selector's decisions, made on what is known now, and what follows from them."""
