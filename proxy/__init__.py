"""The gateway: a request comes in, a decision is made, an answer streams out, a record is kept."""
