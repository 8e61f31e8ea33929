"""Why exchanges went as they did: what is kept of the decisions about the newest ones, and how it is read.

Codes, numbers and names are kept, never a word of a prompt. A reason is kept as its code and values and
becomes a sentence when it is read, so wording can improve later. What comes from the program's vocabulary or
from the configuration is the same in nearly every decision, so only its number among the record's words is
kept. Values that could be anything are kept as they are.
"""
