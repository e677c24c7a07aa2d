"""Every reason the product can give, as the text that header, log and metric show.

One definition each; a reason never contains facts of a request (those go to the log as keys).
"""

from __future__ import annotations

from enum import StrEnum


class CacheMode(StrEnum):
    """What a route may do with memory."""

    OFF = "off"
    EXACT = "exact"
    SEMANTIC = "semantic"
    SHADOW = "shadow"


class HitKind(StrEnum):
    """How a remembered answer was found."""

    EXACT = "exact"
    SEMANTIC = "semantic"
    MASKED = "masked"


class BypassReason(StrEnum):
    """Neither looked up nor stored."""

    OFF = "off"
    NO_STORE = "no_store"
    UNPARSEABLE = "unparseable"
    TOO_LARGE = "too_large"
    COOKIE = "cookie"
    STATEFUL_FIELD = "stateful_field"
    STATEFUL_MODEL = "stateful_model"
    REMOTE_CONTENT = "remote_content"
    TEMPERATURE = "temperature"
    NOT_FROM_USER = "not_from_user"
    TENANT_FIELD_ABSENT = "tenant_field_absent"
    STATE_UNAVAILABLE = "state_unavailable"


class ExactOnlyReason(StrEnum):
    """Exact tier yes, meaning is not compared."""

    ROUTE_EXACT = "route_exact"
    ENDPOINT = "endpoint"
    FIELD = "field"
    TOOLS = "tools"
    CONTENT_PARTS = "content_parts"
    SEVERAL_TURNS = "several_turns"
    PAYLOAD_TURN = "payload_turn"
    NO_EXTRACT = "no_extract"
    MASK_LIMIT = "mask_limit"
    EMPTY = "empty"
    WINDOW = "window"
    UNKNOWN_TOKENS = "unknown_tokens"
    HIDDEN_CHARACTERS = "hidden_characters"
    LANGUAGE = "language"
    CONTEXT_BOUND = "context_bound"
    NOVELTY = "novelty"
    PERSONAL = "personal"
    TIME_BOUND = "time_bound"
    SIDE_EFFECT = "side_effect"
    SEMANTIC_OFF = "semantic_off"
    LOADING = "loading"


class MissReason(StrEnum):
    """Looked up as far as the plan allowed, not served."""

    NO_CANDIDATE = "no_candidate"
    BELOW_FLOOR = "below_floor"
    BELOW_THRESHOLD = "below_threshold"
    GUARD = "guard"
    SCOPE_DIFFERS = "scope_differs"
    QUARANTINED = "quarantined"
    STALE = "stale"
    GONE = "gone"
    FORM = "form"
    REFRESH = "refresh"
    REPORTED = "reported"
    TOO_OLD = "too_old"
    BUSY = "busy"
    BACKEND = "backend"
    NOT_FINITE = "not_finite"
    DOMAIN_REFUSED = "domain_refused"
    NOT_ENTITLED = "not_entitled"


class DropReason(StrEnum):
    """Answered by the upstream, not stored."""

    STATUS = "status"
    INCOMPLETE = "incomplete"
    UNPARSEABLE = "answer_unparseable"
    FINISH_REASON = "finish_reason"
    EMPTY = "answer_empty"
    REFUSAL = "refusal"
    ERROR_BODY = "error_body"
    TOOL_CALLS = "tool_calls"
    ANNOTATIONS = "annotations"
    TOO_LARGE = "answer_too_large"
    NO_STORE = "answer_no_store"
    INVALID_JSON = "invalid_json"
    SECRET = "answer_secret"
    PROMPT_SECRET = "prompt_secret"
    TIME_BOUND = "prompt_time_bound"
    SIDE_EFFECT = "prompt_side_effect"
    TIME_BOUND_ANSWER = "answer_time_bound"
    MODEL_DIFFERS = "model_differs"
    UNKNOWN_CODING = "unknown_coding"
    CLOSE_DELIMITED = "close_delimited"
    FROM_CACHE = "from_cache"
    VARIES = "answer_varies"
    ANSWER_ASKS = "answer_asks"
    CLIENT_LEFT = "client_left"
    STORE_UNAVAILABLE = "store_unavailable"
    GENERATION = "generation"
    OVERTAKEN = "overtaken"


Reason = BypassReason | ExactOnlyReason | MissReason | DropReason
