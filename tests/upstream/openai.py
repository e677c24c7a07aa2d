"""How OpenAI would say it: chat, responses, completions, embeddings and models, JSON and events."""

from __future__ import annotations

import base64
import hashlib
import itertools
import struct
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import orjson

from tests.upstream.wire import Reply, Seen, events_reply, json_reply

if TYPE_CHECKING:
    from tests.upstream.server import Upstream

Json = dict[str, Any]
_numbers = itertools.count(1)
EMBEDDING_DIM = 8
_COOKIE = (
    b"%b=frrNG%d-1.0.1.1-6048; path=/; expires=Sat, 01-Mar-27 14:44:04 GMT; domain=.api.openai.com; HttpOnly; Secure;"
    b" SameSite=None"
)


def honest_answer(prompt: str) -> str:
    """Deterministic, and different for every prompt."""
    digest = hashlib.sha256(prompt.encode("utf-8", "replace")).hexdigest()[:12]
    return f"You asked: {prompt} My answer, in short, is number {digest}."


def respond(seen: Seen, upstream: Upstream) -> Reply:
    """The provider's own answer to a complete request."""
    path = seen.target.partition(b"?")[0].decode("latin-1").removeprefix(upstream.base_path)
    if path == "/models":
        return ok({"object": "list", "data": [model("gpt-4o-mini"), model("text-embedding-3-small")]})
    if path.startswith("/models/"):
        return ok(model(path.removeprefix("/models/")))
    speak = SPEAKERS.get(path)
    if speak is None:
        return error(404, f"Unknown request URL: {seen.method} {path}.", "unknown_url")
    try:
        body = orjson.loads(seen.body)
    except orjson.JSONDecodeError:
        return error(400, "We could not parse the JSON body of your request.", None)
    if not isinstance(body, dict) or "model" not in body:
        return error(400, "you must provide a model parameter", None)
    return speak(body, upstream)


def headers() -> list[tuple[bytes, bytes]]:
    """What comes with every answer of the real one, and of Cloudflare, which stands before it."""
    number = next(_numbers)
    return [
        (b"Date", formatdate(usegmt=True).encode()),
        (b"access-control-expose-headers", b"X-Request-ID"),
        (b"openai-organization", b"org-scripted"),
        (b"openai-processing-ms", b"7"),
        (b"openai-project", b"proj_scripted"),
        (b"openai-version", b"2020-10-01"),
        (b"x-envoy-upstream-service-time", b"9"),
        (b"x-ratelimit-limit-requests", b"10000"),
        (b"x-ratelimit-limit-tokens", b"200000"),
        (b"x-ratelimit-remaining-requests", b"9999"),
        (b"x-ratelimit-remaining-tokens", b"199984"),
        (b"x-ratelimit-reset-requests", b"8.64s"),
        (b"x-ratelimit-reset-tokens", b"4ms"),
        (b"x-request-id", b"req_%032x" % number),
        (b"x-openai-proxy-wasm", b"v0.1"),
        (b"cf-cache-status", b"DYNAMIC"),
        (b"set-cookie", _COOKIE % (b"__cf_bm", number)),
        (b"set-cookie", _COOKIE % (b"_cfuvid", number)),
        (b"strict-transport-security", b"max-age=31536000; includeSubDomains; preload"),
        (b"x-content-type-options", b"nosniff"),
        (b"Server", b"cloudflare"),
        (b"CF-RAY", b"%016x-FRA" % number),
        (b"alt-svc", b'h3=":443"; ma=86400'),
    ]


def ok(body: Json) -> Reply:
    return json_reply(200, orjson.dumps(body), headers())


def error(status: int, message: str, code: str | None) -> Reply:
    body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}
    return json_reply(status, orjson.dumps(body), headers())


def model(name: str) -> Json:
    return {"id": name, "object": "model", "created": 1715367049, "owned_by": "system"}


def event(body: Json, name: str | None = None) -> bytes:
    """One event as OpenAI frames it."""
    prefix = b"" if name is None else b"event: " + name.encode() + b"\n"
    return prefix + b"data: " + orjson.dumps(body) + b"\n\n"


def text_of(content: object) -> str:
    """The text of a message's content, string or parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return " ".join(part.get("text", "") for part in parts if isinstance(part, dict))


def last_user_text(messages: object) -> str:
    """The last user message's text."""
    users = (
        [m for m in messages if isinstance(m, dict) and m.get("role") == "user"] if isinstance(messages, list) else []
    )
    return text_of(users[-1].get("content")) if users else ""


def pieces_of(text: str) -> list[str]:
    """Words with their spaces: what a stream sends one by one."""
    words = text.split(" ")
    return [word if i == 0 else " " + word for i, word in enumerate(words)]


def usage(prompt: str, answer: str) -> Json:
    asked, said = len(prompt.split()), len(answer.split())
    return {
        "prompt_tokens": asked,
        "completion_tokens": said,
        "total_tokens": asked + said,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


def from_schema(schema: Json, answer: str) -> Any:
    """A value that a JSON schema accepts."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: from_schema(part, answer) for name, part in schema.get("properties", {}).items()}
        case "array":
            return [from_schema(schema.get("items", {"type": "string"}), answer)]
        case "integer" | "number":
            return 7
        case "boolean":
            return True
        case _:
            return answer


def chat_text(body: Json, upstream: Upstream) -> tuple[str, str]:
    """Prompt and answer, the answer in the format that was asked for."""
    prompt = last_user_text(body.get("messages"))
    answer = upstream.answer(prompt)
    match body.get("response_format"):
        case {"type": "json_schema", "json_schema": {"schema": schema}}:
            answer = orjson.dumps(from_schema(schema, answer)).decode()
        case {"type": "json_object"}:
            answer = orjson.dumps({"answer": answer}).decode()
    return prompt, answer


def tool_calls(body: Json, answer: str) -> list[Json]:
    """Calls the first declared tool when the client requires it."""
    choice = body.get("tool_choice")
    if not body.get("tools") or (choice != "required" and not isinstance(choice, dict)):
        return []
    function = body["tools"][0]["function"]
    arguments = orjson.dumps(from_schema(function.get("parameters", {"type": "object"}), answer)).decode()
    return [{"id": f"call_{next(_numbers)}", "type": "function",
             "function": {"name": function["name"], "arguments": arguments}}]  # fmt: skip


def logprobs_of(pieces: list[str]) -> Json:
    token = [{"token": p, "logprob": -0.25, "bytes": list(p.encode()), "top_logprobs": []} for p in pieces]
    return {"content": token, "refusal": None}


def chat(body: Json, upstream: Upstream) -> Reply:
    prompt, answer = chat_text(body, upstream)
    if body.get("stream"):
        return events_reply(chat_events(body, prompt, answer), headers())
    calls = tool_calls(body, answer)
    message: Json = {"role": "assistant", "content": None if calls else answer, "refusal": None, "annotations": []}
    if calls:
        message["tool_calls"] = calls
    logprobs = logprobs_of(pieces_of(answer)) if body.get("logprobs") else None
    finish = "tool_calls" if calls else "stop"
    choices = [
        {"index": i, "message": message, "logprobs": logprobs, "finish_reason": finish}
        for i in range(body.get("n") or 1)
    ]
    return ok({**chat_frame(body, "chat.completion"), "choices": choices, "usage": usage(prompt, answer)})


def chat_frame(body: Json, kind: str) -> Json:
    return {
        "id": f"chatcmpl-up{next(_numbers)}",
        "object": kind,
        "created": int(time.time()),
        "model": body["model"],
        "service_tier": "default",
        "system_fingerprint": "fp_scripted",
    }


def chat_events(body: Json, prompt: str, answer: str) -> list[bytes]:
    frame = chat_frame(body, "chat.completion.chunk")
    options = body.get("stream_options") or {}
    tail: Json = {"usage": None} if options.get("include_usage") else {}
    padding = options.get("include_obfuscation", True)
    calls, choices = tool_calls(body, answer), range(body.get("n") or 1)
    events = []

    def chunk(index: int, delta: Json, finish: str | None = None, logprobs: Json | None = None) -> None:
        choice = {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish}
        extra = {"obfuscation": "x" * (3 + len(events) % 5)} if padding else {}
        events.append(event({**frame, "choices": [choice], **tail, **extra}))

    for index in choices:
        chunk(index, {"role": "assistant", "content": None if calls else "", "refusal": None})
    for number, call in enumerate(calls):
        head = {"index": number, "id": call["id"], "type": "function",
                "function": {"name": call["function"]["name"], "arguments": ""}}  # fmt: skip
        chunk(0, {"tool_calls": [head]})
        for piece in pieces_of(call["function"]["arguments"]):
            chunk(0, {"tool_calls": [{"index": number, "function": {"arguments": piece}}]})
    for piece in [] if calls else pieces_of(answer):
        for index in choices:
            chunk(index, {"content": piece}, logprobs=logprobs_of([piece]) if body.get("logprobs") else None)
    for index in choices:
        chunk(index, {}, "tool_calls" if calls else "stop")
    if tail:
        events.append(event({**frame, "choices": [], "usage": usage(prompt, answer)}))
    return [*events, b"data: [DONE]\n\n"]


def responses(body: Json, upstream: Upstream) -> Reply:
    asked = body.get("input")
    prompt = asked if isinstance(asked, str) else last_user_text(asked)
    answer = upstream.answer(prompt)
    schema = ((body.get("text") or {}).get("format") or {}).get("schema")
    if schema:
        answer = orjson.dumps(from_schema(schema, answer)).decode()
    response = response_object(body, prompt, answer)
    if not body.get("stream"):
        return ok(response)
    return events_reply(response_events(response, answer), headers())


def response_object(body: Json, prompt: str, answer: str) -> Json:
    counted = usage(prompt, answer)
    number = next(_numbers)
    part = {"type": "output_text", "text": answer, "annotations": [], "logprobs": []}
    item = {"id": f"msg_up{number}", "type": "message", "status": "completed", "role": "assistant", "content": [part]}
    return {
        "id": f"resp_up{number}", "object": "response", "created_at": int(time.time()), "status": "completed",
        "background": False, "error": None, "incomplete_details": None, "instructions": body.get("instructions"),
        "max_output_tokens": None, "model": body["model"], "output": [item], "parallel_tool_calls": True,
        "previous_response_id": body.get("previous_response_id"), "reasoning": {"effort": None, "summary": None},
        "store": body.get("store", True), "temperature": body.get("temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}}, "tool_choice": body.get("tool_choice", "auto"),
        "tools": body.get("tools") or [], "top_p": 1.0, "truncation": "disabled", "user": body.get("user"),
        "usage": {"input_tokens": counted["prompt_tokens"], "input_tokens_details": {"cached_tokens": 0},
                  "output_tokens": counted["completion_tokens"], "output_tokens_details": {"reasoning_tokens": 0},
                  "total_tokens": counted["total_tokens"]},
        "metadata": body.get("metadata") or {},
    }  # fmt: skip


def response_events(response: Json, answer: str) -> list[bytes]:
    item, numbers = response["output"][0], itertools.count()
    begun = {**response, "status": "in_progress", "output": [], "usage": None}
    place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
    empty = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}

    def typed(kind: str, **fields: object) -> bytes:
        return event({"type": kind, "sequence_number": next(numbers), **fields}, kind)

    return [
        typed("response.created", response=begun),
        typed("response.in_progress", response=begun),
        typed("response.output_item.added", output_index=0, item={**item, "status": "in_progress", "content": []}),
        typed("response.content_part.added", **place, part=empty),
        *(typed("response.output_text.delta", **place, delta=piece, logprobs=[], obfuscation="y" * (i % 7))
          for i, piece in enumerate(pieces_of(answer))),
        typed("response.output_text.done", **place, text=answer, logprobs=[]),
        typed("response.content_part.done", **place, part=item["content"][0]),
        typed("response.output_item.done", output_index=0, item=item),
        typed("response.completed", response=response),
    ]  # fmt: skip


def completions(body: Json, upstream: Upstream) -> Reply:
    prompt = body.get("prompt")
    prompt = prompt if isinstance(prompt, str) else str(prompt)
    answer = upstream.answer(prompt)
    frame = {"id": f"cmpl-up{next(_numbers)}", "object": "text_completion", "created": int(time.time()),
             "model": body["model"], "system_fingerprint": "fp_scripted"}  # fmt: skip

    def choice(text: str, finish: str | None) -> list[Json]:
        return [{"text": text, "index": 0, "logprobs": None, "finish_reason": finish}]

    if not body.get("stream"):
        return ok({**frame, "choices": choice(answer, "stop"), "usage": usage(prompt, answer)})
    events = [event({**frame, "choices": choice(piece, None)}) for piece in pieces_of(answer)]
    return events_reply([*events, event({**frame, "choices": choice("", "stop")}), b"data: [DONE]\n\n"], headers())


def embeddings(body: Json, upstream: Upstream) -> Reply:
    asked = body.get("input")
    texts = asked if isinstance(asked, list) else [asked]
    rows = []
    for index, text in enumerate(texts):
        digest = hashlib.sha256(str(text).encode()).digest()
        vector = [byte / 255 for byte in digest[:EMBEDDING_DIM]]
        packed = base64.b64encode(struct.pack(f"<{EMBEDDING_DIM}f", *vector)).decode()
        value = packed if body.get("encoding_format") == "base64" else vector
        rows.append({"object": "embedding", "index": index, "embedding": value})
    tokens = sum(len(str(text).split()) for text in texts)
    return ok({"object": "list", "data": rows, "model": body["model"],
               "usage": {"prompt_tokens": tokens, "total_tokens": tokens}})  # fmt: skip


SPEAKERS = {
    "/chat/completions": chat,
    "/responses": responses,
    "/completions": completions,
    "/embeddings": embeddings,
}
