"""The record: what became of every exchange, what it cost, and what it would have cost.

`record` is what the loop hands over, `accounting` prices it, `writer` puts it on disk from a thread of its
own, `store` is the database itself, and `queries` are the questions that windows and commands ask.
"""
