"""The field table (R5): what each top-level request field means for memory, by endpoint and, where it matters, value.

Every field of the OpenAI schema and the stateless ones of vLLM, llama.cpp, OpenRouter and their like is named here.
`core/fields` reads it; nothing here looks at a whole request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from proxy.core.reasons import ExactOnlyReason
from proxy.core.request import Endpoint


class Treatment(StrEnum):
    """What a field's value does to a request, mildest first."""

    IGNORED = "ignored"
    SCOPE = "scope"
    EXACT_ONLY = "exact_only"
    BYPASS = "bypass"


Rule = Callable[[object], Treatment]
"""The treatment of one value, never null."""

OF_ONE_CALL = frozenset({"request_id", "rid", "id_slot", "cache_prompt"})
"""The name of a request (vLLM, Z.ai, SGLang), and where llama.cpp looks for a prompt it has read: no answer differs."""

EXACT_REASONS = {
    "tools": ExactOnlyReason.TOOLS,
    "functions": ExactOnlyReason.TOOLS,
    "tool_choice": ExactOnlyReason.TOOLS,
    "function_call": ExactOnlyReason.TOOLS,
    "response_format": ExactOnlyReason.PAYLOAD_TURN,
    "text": ExactOnlyReason.PAYLOAD_TURN,
}
"""Why a field is exact only, where more can be said than that it is."""

STREAM_OPTIONS = frozenset({"include_usage", "include_obfuscation", "continuous_usage_stats"})
OUR_TOOLS = ("function", "custom")
"""Tools that the client runs itself; every other type is run by the provider and brings fresh content."""


def _only(*allowed: object, otherwise: Treatment = Treatment.EXACT_ONLY) -> Rule:
    """SCOPE for the values given (by type and value: True is not 1), else `otherwise`."""

    def rule(value: object) -> Treatment:
        is_allowed = any(type(value) is type(each) and value == each for each in allowed)
        return Treatment.SCOPE if is_allowed else otherwise

    return rule


def _tools(value: object) -> Treatment:
    if not isinstance(value, list):
        return Treatment.BYPASS
    if not all(isinstance(tool, dict) and tool.get("type") in OUR_TOOLS for tool in value):
        return Treatment.BYPASS
    return Treatment.EXACT_ONLY if value else Treatment.SCOPE


def _empty(otherwise: Treatment) -> Rule:
    """SCOPE for an empty list or object."""
    return lambda value: Treatment.SCOPE if value in ([], {}) else otherwise


def _modalities(value: object) -> Treatment:
    return Treatment.SCOPE if isinstance(value, list) and all(each == "text" for each in value) else Treatment.BYPASS


def _format(value: object) -> Treatment:
    """A schema (or grammar) makes the turn a payload; plain JSON mode does not. Together, Fireworks and llama.cpp take
    the schema beside that mode's name."""
    if not isinstance(value, dict) or value.get("type") not in ("text", "json_object"):
        return Treatment.EXACT_ONLY
    is_open = all(said in (None, {}) for name, said in value.items() if name != "type")
    return Treatment.SCOPE if is_open else Treatment.EXACT_ONLY


def _text_config(value: object) -> Treatment:
    if not isinstance(value, dict):
        return Treatment.EXACT_ONLY
    return Treatment.SCOPE if value.get("format") is None else _format(value["format"])


def _stream_options(value: object) -> Treatment:
    """Two of the known options choose a form that replay can make; another one would be lost on a hit. So would what is
    no truth value: some servers take 1 for true (vLLM), and who did not ask would get the usage, too."""
    if not isinstance(value, dict) or not value.keys() <= STREAM_OPTIONS:
        return Treatment.BYPASS
    if not all(each is None or isinstance(each, bool) for each in value.values()):
        return Treatment.BYPASS
    return Treatment.SCOPE if has_running_usage(value) else Treatment.IGNORED


def has_running_usage(stream_options: object) -> bool:
    """Whether vLLM is asked for usage in every chunk, which only a stream that was asked for so has."""
    if not isinstance(stream_options, dict):
        return False
    return stream_options.get("continuous_usage_stats") not in (None, False)


def _keep_alive(value: object) -> Treatment:
    """Of Ollama: 0 takes the model out of memory, which no answer from here would do."""
    return Treatment.BYPASS if value in (0, "0", "0s") else Treatment.SCOPE


def _extra_body(value: object) -> Treatment:
    """Of Gemini: how long it thinks. Whatever else may stand there may be state (`cached_content`)."""
    if value in ([], {}):
        return Treatment.SCOPE
    google = value["google"] if isinstance(value, dict) and value.keys() == {"google"} else None
    is_stateless = isinstance(google, dict) and google.keys() <= {"thinking_config"}
    return Treatment.SCOPE if is_stateless else Treatment.BYPASS


def _options(value: object) -> Treatment:
    """Of Ollama: sampling, told where `max_temperature` does not look."""
    if not isinstance(value, dict) or "temperature" in value:
        return Treatment.BYPASS
    return Treatment.EXACT_ONLY if "seed" in value else Treatment.SCOPE


SCOPE, IGNORED, EXACT_ONLY, BYPASS = Treatment.SCOPE, Treatment.IGNORED, Treatment.EXACT_ONLY, Treatment.BYPASS

_ANYWHERE: dict[str, Treatment | Rule] = {
    "model": SCOPE,
    "user": SCOPE,
    "metadata": SCOPE,
    "safety_identifier": SCOPE,
    "service_tier": SCOPE,
    "prompt_cache_key": SCOPE,
    "prompt_cache_options": SCOPE,
    "prompt_cache_retention": SCOPE,
    "extra_body": _extra_body,
    **dict.fromkeys(sorted(OF_ONE_CALL), IGNORED),
}

_SAMPLING_OF_SERVERS = (
    # vLLM, SGLang
    *("thinking_token_budget", "vllm_xargs", "repetition_detection"),
    *("min_new_tokens", "no_stop_trim", "separate_reasoning", "stream_reasoning", "stop_regex"),
    # llama.cpp: the last row is what its answers tell of themselves, and that thinking may be cut short while it lasts
    *("n_predict", "samplers", "repeat_penalty", "repeat_last_n", "top_n_sigma", "dynatemp_range", "dynatemp_exponent"),
    *("xtc_probability", "xtc_threshold", "mirostat", "mirostat_tau", "mirostat_eta", "dry_multiplier", "dry_base"),
    *("dry_allowed_length", "dry_penalty_last_n", "dry_sequence_breakers", "typ_p", "backend_sampling"),
    *("thinking_budget_tokens", "timings_per_token", "return_progress", "sse_ping_interval", "reasoning_control"),
    # Fireworks, Together
    *("mirostat_target", "mirostat_lr", "context_length_exceeded_behavior", "prompt_truncate_len", "safety_model"),
)

_SAMPLING: dict[str, Treatment | Rule] = {
    "stream": IGNORED,
    "stream_options": _stream_options,
    "temperature": SCOPE,
    "top_p": SCOPE,
    "frequency_penalty": SCOPE,
    "presence_penalty": SCOPE,
    "logit_bias": SCOPE,
    "max_tokens": SCOPE,
    "stop": SCOPE,
    "seed": EXACT_ONLY,
    "random_seed": EXACT_ONLY,
    "n": _only(1),
    "best_of": _only(1),
    "logprobs": _only(False),
    "top_logprobs": _only(0),
    "prompt_logprobs": EXACT_ONLY,
    "echo": _only(False),
    # vLLM, SGLang, OpenRouter: sampling
    "top_k": SCOPE,
    "top_a": SCOPE,
    "min_p": SCOPE,
    "typical_p": SCOPE,
    "min_tokens": SCOPE,
    "max_length": SCOPE,
    "length_penalty": SCOPE,
    "repetition_penalty": SCOPE,
    "use_beam_search": SCOPE,
    "early_stopping": SCOPE,
    "ignore_eos": SCOPE,
    "stop_token_ids": SCOPE,
    "include_stop_str_in_output": SCOPE,
    "skip_special_tokens": SCOPE,
    "spaces_between_special_tokens": SCOPE,
    "truncate_prompt_tokens": SCOPE,
    "allowed_token_ids": SCOPE,
    "bad_words": SCOPE,
    "priority": SCOPE,
    "cache_salt": SCOPE,
    **dict.fromkeys(_SAMPLING_OF_SERVERS, SCOPE),
    "n_probs": _only(0),
    # Ollama
    "keep_alive": _keep_alive,
    "options": _options,
    # constrained decoding
    "structured_outputs": EXACT_ONLY,
    "guided_json": EXACT_ONLY,
    "guided_regex": EXACT_ONLY,
    "guided_choice": EXACT_ONLY,
    "guided_grammar": EXACT_ONLY,
    "guided_decoding_backend": EXACT_ONLY,
    "guided_whitespace_pattern": EXACT_ONLY,
    "regex": EXACT_ONLY,
    "ebnf": EXACT_ONLY,
    "grammar": _only(""),
    "json_schema": _empty(EXACT_ONLY),
    "return_tokens_as_token_ids": EXACT_ONLY,
    "return_token_ids": EXACT_ONLY,
    # what OpenRouter adds to choose a provider
    "models": SCOPE,
    "route": SCOPE,
    "provider": SCOPE,
    "transforms": SCOPE,
    "usage": SCOPE,
    "reasoning": SCOPE,
    "include_reasoning": SCOPE,
    "plugins": _empty(BYPASS),
}

_CHAT: dict[str, Treatment | Rule] = {
    **_ANYWHERE,
    **_SAMPLING,
    "messages": SCOPE,
    "max_completion_tokens": SCOPE,
    "reasoning_effort": SCOPE,
    "reasoning_format": SCOPE,
    "thinking": SCOPE,
    "enable_thinking": SCOPE,
    "thinking_budget": SCOPE,
    "think": SCOPE,
    "disable_reasoning": SCOPE,
    "clear_thinking": SCOPE,
    "prompt_mode": SCOPE,
    "do_sample": SCOPE,
    "min_completion_tokens": SCOPE,
    "enable_search": _only(False, otherwise=BYPASS),
    "verbosity": SCOPE,
    "parallel_tool_calls": SCOPE,
    "safe_prompt": SCOPE,
    "prediction": EXACT_ONLY,
    "moderation": EXACT_ONLY,
    "response_format": _format,
    "tools": _tools,
    "functions": _empty(EXACT_ONLY),
    "tool_choice": _only("none", "auto"),
    "function_call": _only("none", "auto"),
    "store": _only(False, otherwise=BYPASS),
    "audio": BYPASS,
    "modalities": _modalities,
    "web_search_options": BYPASS,
    # vLLM: how the template is filled
    "add_generation_prompt": SCOPE,
    "continue_final_message": SCOPE,
    "add_special_tokens": SCOPE,
    "chat_template": EXACT_ONLY,  # may say "translate", and nobody judges it
    "chat_template_kwargs": SCOPE,
    "documents": EXACT_ONLY,
    "mm_processor_kwargs": EXACT_ONLY,
}

_RESPONSES: dict[str, Treatment | Rule] = {
    **_ANYWHERE,
    "stream": IGNORED,
    "stream_options": _stream_options,
    "input": SCOPE,
    "instructions": lambda value: SCOPE if isinstance(value, str) else EXACT_ONLY,
    "temperature": SCOPE,
    "top_p": SCOPE,
    "max_output_tokens": SCOPE,
    "max_tool_calls": SCOPE,
    "parallel_tool_calls": SCOPE,
    "reasoning": SCOPE,
    "truncation": SCOPE,
    "text": _text_config,
    "tools": _tools,
    "tool_choice": _only("none", "auto"),
    "top_logprobs": _only(0),
    "include": _empty(EXACT_ONLY),
    "moderation": EXACT_ONLY,
    "access_programs": EXACT_ONLY,
    "image": EXACT_ONLY,
    "store": lambda value: SCOPE if value is False else EXACT_ONLY if value is True else BYPASS,
    "background": _only(False, otherwise=BYPASS),
    "background_options": BYPASS,
    "previous_response_id": BYPASS,
    "conversation": BYPASS,
    "prompt": BYPASS,
    "context_management": _empty(BYPASS),
    # what OpenRouter takes here, too
    "provider": SCOPE,
    "models": SCOPE,
    "top_k": SCOPE,
    "plugins": _empty(BYPASS),
}

_COMPLETIONS: dict[str, Treatment | Rule] = {
    **_ANYWHERE,
    **_SAMPLING,
    "logprobs": EXACT_ONLY,
    "prompt": SCOPE,
    "suffix": SCOPE,
    "response_format": _format,
    "add_special_tokens": SCOPE,
}

_EMBEDDINGS: dict[str, Treatment | Rule] = {
    **_ANYWHERE,
    "input": SCOPE,
    "dimensions": SCOPE,
    "encoding_format": SCOPE,
    "input_type": SCOPE,
    "truncate": SCOPE,
    "truncate_prompt_tokens": SCOPE,
    "add_special_tokens": SCOPE,
    "normalize": SCOPE,
    "priority": SCOPE,
    "provider": SCOPE,
    # Mistral, Voyage, Jina, Ollama
    **dict.fromkeys(("output_dimension", "output_dtype", "truncation", "task", "normalized", "embedding_type"), SCOPE),
    "keep_alive": _keep_alive,
}

TABLE: Mapping[Endpoint, Mapping[str, Treatment | Rule]] = {
    Endpoint.CHAT: _CHAT,
    Endpoint.RESPONSES: _RESPONSES,
    Endpoint.COMPLETIONS: _COMPLETIONS,
    Endpoint.EMBEDDINGS: _EMBEDDINGS,
}
