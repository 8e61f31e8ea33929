"""Amazon Bedrock: the Converse format, spoken with providers only, and the wrapping of Anthropic's streams.

The model stands in the address and not in the body, and so does whether the answer is streamed. Streams are
frames of AWS's binary event stream. Converse is one format for the models of many makers; what only the
models of one maker take is told by `families`.
"""
