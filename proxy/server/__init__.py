"""The HTTP surfaces, one module each, and the rules of who may use them."""
