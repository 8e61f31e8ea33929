"""What an error means, by its code and its status; by its words only where vendors give nothing else.

Codes decide over the status, for statuses are shared: 429 is a limit that passes in seconds as well as an
empty account. Codes that say no more than the status does come last, for streams have no status.
"""

import re
from collections.abc import Iterable

from proxy.wire.errors.hearing import Said
from proxy.wire.errors.overflow import sizes_in
from proxy.wire.failure import FailureKind

_CODES = {
    FailureKind.QUOTA: """
        insufficient_quota quota_exceeded billing_error billing_hard_limit_reached billing_not_active
        insufficient_balance insufficient_funds insufficient_credits payment_required arrearage
        enforced_spend_limit_reached contract_spend_limit_reached linked_organization_spend_limit_reached
        linked_organization_billing_unavailable user_profile_not_billable
        usage_limit_reached usage_not_included exceeded_current_quota_error
        ServiceQuotaExceededException
        1113 1304 1308 1309 1310
    """,
    FailureKind.RATE_LIMIT: """
        rate_limit_exceeded rate_limit_error rate_limit_reached_error rate_limited
        ramp_limit_exceeded slow_down too_many_requests
        ThrottlingException TooManyRequestsException Throttling Throttling.RateQuota
        REQUEST_LIMIT_EXCEEDED RESOURCE_EXHAUSTED
        1302 1303 1305 1313
    """,
    FailureKind.OVERLOADED: """
        overloaded_error overloaded server_is_overloaded engine_overloaded_error engine_overloaded
        service_unavailable unavailable unavailable_error TEMPORARILY_UNAVAILABLE
        service_tier_capacity_exceeded ServiceUnavailableException ModelNotReadyException
        1312 3505
    """,
    FailureKind.UNAUTHENTICATED: """
        authentication_error invalid_api_key incorrect_api_key_error invalid_authentication_error
        account_deactivated unauthenticated API_KEY_INVALID token_expired
        UnrecognizedClientException ExpiredTokenException InvalidSignatureException
        IncompleteSignatureException MissingAuthenticationTokenException
        1000 1001 1002 1003 1004
    """,
    FailureKind.FORBIDDEN: """
        permission_error permission_denied permission_denied_error PermissionDenied AccessDeniedException
        unsupported_country_region_territory organization_on_hold
        1112 1121 1220
    """,
    FailureKind.MODEL_NOT_FOUND: """
        model_not_found unknown_model invalid_model model_not_available model_not_supported unsupported_model
        model_not_active resource_not_found_error
        DeploymentNotFound ENDPOINT_NOT_FOUND RESOURCE_DOES_NOT_EXIST ResourceNotFoundException
        1211 1311 1500
    """,
    FailureKind.CONTEXT_OVERFLOW: """
        context_length_exceeded context_window_exceeded model_context_window_exceeded
        exceed_context_size_error model_max_prompt_tokens_exceeded tokens_limit_reached
        1261 3051
    """,
    FailureKind.CONTENT_FILTER: """
        content_filter content_policy_violation content_filter_error ResponsibleAIPolicyViolation
        data_inspection_failed flagged_input moderation bio_policy cyber_policy
        misalignment_policy_violation image_content_policy_violation
        1301
    """,
    FailureKind.TOO_LARGE: "request_too_large request_body_too_large_after_decoding",
    FailureKind.TIMEOUT: "timeout_error request_timeout deadline_exceeded ModelTimeoutException",
}

_SPACED_CODES = {
    "base_resp 1002": FailureKind.RATE_LIMIT,
    "base_resp 1004": FailureKind.UNAUTHENTICATED,
    "base_resp 1008": FailureKind.QUOTA,
    "base_resp 1026": FailureKind.CONTENT_FILTER,
    "base_resp 1027": FailureKind.CONTENT_FILTER,
    "base_resp 1039": FailureKind.CONTEXT_OVERFLOW,
}

_BY_CODE = {code.lower(): kind for kind, codes in _CODES.items() for code in codes.split()} | _SPACED_CODES

_BY_STATUS = {
    401: FailureKind.UNAUTHENTICATED,
    402: FailureKind.QUOTA,
    403: FailureKind.FORBIDDEN,
    404: FailureKind.NOT_FOUND,
    405: FailureKind.METHOD_NOT_ALLOWED,
    408: FailureKind.TIMEOUT,
    413: FailureKind.TOO_LARGE,
    424: FailureKind.SERVER,
    429: FailureKind.RATE_LIMIT,
    499: FailureKind.SERVER,
    503: FailureKind.OVERLOADED,
    504: FailureKind.TIMEOUT,
    529: FailureKind.OVERLOADED,
}

_BY_GENERAL_CODE = {
    "invalid_request_error": FailureKind.BAD_REQUEST,
    "invalid_argument": FailureKind.BAD_REQUEST,
    "invalid_prompt": FailureKind.BAD_REQUEST,
    "badrequesterror": FailureKind.BAD_REQUEST,
    "bad_request": FailureKind.BAD_REQUEST,
    "validationexception": FailureKind.BAD_REQUEST,
    "failed_precondition": FailureKind.BAD_REQUEST,
    "not_found_error": FailureKind.NOT_FOUND,
    "not_found": FailureKind.NOT_FOUND,
}

_WORDS: list[tuple[set[int | None], re.Pattern[str], FailureKind]] = [
    (
        {400, 403, 429, None},
        re.compile(
            r"credit balance is too low|insufficient (?:account )?(?:balance|credits?|funds|quota)"
            r"|exceeded your current quota|out of credits"
            r"|reached your .{0,40}(?:usage|spending|spend|billing) limit",
            re.IGNORECASE,
        ),
        FailureKind.QUOTA,
    ),
    (
        {404},
        re.compile(r"\bmodels?\b|\bdeployments?\b|no endpoints found", re.IGNORECASE),
        FailureKind.MODEL_NOT_FOUND,
    ),
    (
        {400, None},
        re.compile(
            r"not a valid model|invalid model\b|unknown model|model identifier is invalid|no models loaded"
            r"|\bmodel .{1,200}?(?:not found|does not exist)",
            re.IGNORECASE,
        ),
        FailureKind.MODEL_NOT_FOUND,
    ),
    ({400, None}, re.compile(r"\bmodel has crashed\b", re.IGNORECASE), FailureKind.SERVER),
    # The request is well as it is, and this model is not one for it.
    ({400}, re.compile(r"\bdoes not support (?:chat|tools)\b"), FailureKind.METHOD_NOT_ALLOWED),
    (
        {400, None},
        re.compile(r"(?:incorrect|invalid) api[ _]?key|api key not valid", re.IGNORECASE),
        FailureKind.UNAUTHENTICATED,
    ),
    (
        {400, None},
        re.compile(r"blocked by content filtering policy|content management policy", re.IGNORECASE),
        FailureKind.CONTENT_FILTER,
    ),
]

_NEVER_TOO_LONG = {401, 402, 403, 404, 429, 503, 529}
_MAY_BE_TOO_LONG = (None, FailureKind.BAD_REQUEST, FailureKind.TOO_LARGE, FailureKind.SERVER)
_OF_RATES = re.compile(r"\brate limit|\bper (?:second|minute|hour|day)\b", re.IGNORECASE)


def kind_of(said: Said, status: int | None) -> FailureKind:
    by_code = _by_code(said.codes)
    if by_code is FailureKind.CONTEXT_OVERFLOW:
        return by_code
    if by_code in _MAY_BE_TOO_LONG and _may_be_too_long(said.message, status) and sizes_in(said.message):
        return FailureKind.CONTEXT_OVERFLOW
    return by_code or _by_words(said.message, status) or _by_status(status) or _by_general_code(said.codes)


def _may_be_too_long(message: str, status: int | None) -> bool:
    """Limits per minute count tokens too; their words are not about the prompt."""
    return status not in _NEVER_TOO_LONG and not _OF_RATES.search(message)


def _by_code(codes: Iterable[str]) -> FailureKind | None:
    for code in codes:
        # Google's quotas have ids; those by the day do not come back after some seconds.
        if "PerDay" in code:
            return FailureKind.QUOTA
        if code.lower() in _BY_CODE:
            return _BY_CODE[code.lower()]
    return None


def _by_words(message: str, status: int | None) -> FailureKind | None:
    for statuses, words, kind in _WORDS:
        if status in statuses and words.search(message):
            return kind
    return None


def _by_status(status: int | None) -> FailureKind | None:
    if status is None:
        return None
    return _BY_STATUS.get(status, FailureKind.SERVER if status >= 500 else FailureKind.BAD_REQUEST)


def _by_general_code(codes: Iterable[str]) -> FailureKind:
    for code in codes:
        if code.lower() in _BY_GENERAL_CODE:
            return _BY_GENERAL_CODE[code.lower()]
    return FailureKind.SERVER
