"""What the entrances for requests have in common: how they may answer."""

ANSWERS = {
    200: "The answer, whole or as a stream of events.",
    400: "The body is not JSON, or not as expected.",
    401: "The token is missing or not valid; or a provider refuses its key.",
    402: "Nobody has credit left.",
    403: "The request comes from another machine or from a web page.",
    413: "The body is larger than the configured limit.",
    429: "Everybody who could answer asks to wait; retry-after says how long.",
    502: "The provider cannot be reached or broke off.",
    503: "Nobody is configured who could answer, or no key can be had.",
    504: "The provider did not answer in time.",
}
