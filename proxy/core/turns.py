"""Who said what in a conversation: the question that may be compared by meaning, and what forbids it (R4 to R6).

Reads `messages` (chat) and `input` (responses); judges no top-level field, that is `core/fields.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from proxy.core.reasons import BypassReason, ExactOnlyReason

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """The text that is compared by meaning, and the path of its characters in the body."""

    text: str
    cut: Path


@dataclass(frozen=True, slots=True)
class Turns:
    """A conversation as the plan sees it.

    question: why there is none, if there is none. barrier: a reason to leave memory out altogether, with the
    part that gave it in `detail`. last_user_text: the text of the last user turn even when it is exact only;
    earlier_user_texts: of those before it, at most `MAX_EARLIER`. assistant_texts: of all that the assistant said.
    """

    question: Question | ExactOnlyReason
    system_text: str = ""
    last_user_text: str = ""
    earlier_user_texts: tuple[str, ...] = ()
    assistant_texts: tuple[str, ...] = ()
    barrier: BypassReason | None = None
    detail: str = ""


MAX_EARLIER = 16
"""Earlier turns whose words are judged, too: "and in euros?" asks for today's price if the turn before it did."""

SYSTEM_ROLES = ("system", "developer")
TOOL_ROLES = ("tool", "function")
TEXT_TYPES = ("text", "input_text", "output_text", "refusal")
AUDIO_TYPES = ("input_audio", "audio", "output_audio")  # tuples: a client may send a list as a type
MESSAGE_KEYS_OF_TOOLS = ("tool_calls", "function_call")
KEYS_OF_CONTENT = ("content", "output")
REMOTE = re.compile(r"\s*[a-z][a-z0-9+.-]{1,20}://", re.IGNORECASE)
"""An address in a part: https, gs, s3, whatever the provider fetches. Inline bytes say `data:` or are base64."""

CONTAINERS = (list, dict)
"""Named once: `list | dict` makes a new union for every value that is looked at."""


def read_messages(messages: object) -> Turns:
    """Chat completions. The last message must be the user's; one user turn and plain text make a question."""
    if not isinstance(messages, list) or not messages or not all(isinstance(message, dict) for message in messages):
        return _barred(BypassReason.UNPARSEABLE, "messages")
    return _read(messages, "messages", "text")


def read_input(value: object, instructions: object) -> Turns:
    """Responses API: `input` as a string, or a list of items; `instructions` counts as system text."""
    system_text = instructions if isinstance(instructions, str) else ""
    if isinstance(value, str):
        question = Question(value, ("input",)) if value.strip() else ExactOnlyReason.EMPTY
        return Turns(question, system_text=system_text, last_user_text=value)
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
        return _barred(BypassReason.UNPARSEABLE, "input")
    if any(_is_reference(item) for item in value):
        return _barred(BypassReason.STATEFUL_FIELD, "item_reference")
    turns = _read(value, "input", "input_text")
    if not system_text:
        return turns
    joined = f"{system_text}\n{turns.system_text}" if turns.system_text else system_text
    return replace(turns, system_text=joined)


def text_of(content: object) -> str:
    """All text in a content, parts joined by newlines; what is not text is left out."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    texts = (part.get("text") for part in content if isinstance(part, dict))
    return "\n".join(text for text in texts if isinstance(text, str))


def _read(messages: Sequence[Mapping[str, Any]], at: str, text_type: str) -> Turns:
    last = messages[-1]
    system: list[str] = []
    said: list[Mapping[str, Any]] = []
    assistant: list[str] = []
    exact: ExactOnlyReason | None = None
    for message in messages:
        barrier = _barrier(message)
        if barrier is not None:
            return _barred(*barrier)
        role = message.get("role")
        if role in SYSTEM_ROLES:
            system.append(text_of(message.get("content")))
            if message.get("name") and len(messages) > 2:
                exact = exact or ExactOnlyReason.SEVERAL_TURNS  # few-shot: example_user, example_assistant
        elif _is_tool_use(message):
            exact = ExactOnlyReason.TOOLS
        elif role == "assistant":
            assistant.append(text_of(message.get("content")))
        else:
            said.append(message)  # an unknown role counts as a speaker: never compared by meaning beside the user
        if exact is None and not _is_plain(message.get("content")):
            exact = ExactOnlyReason.CONTENT_PARTS
    if last.get("role") != "user" or _is_tool_use(last):
        return _barred(BypassReason.NOT_FROM_USER, f"{at}[-1]")
    if exact is None and len(said) > 1:
        exact = ExactOnlyReason.SEVERAL_TURNS
    question = exact or _question(last.get("content"), (at, len(messages) - 1, "content"), text_type)
    earlier = tuple(text_of(message.get("content")) for message in said[:-1][-MAX_EARLIER:])
    return Turns(question, "\n".join(system), text_of(last.get("content")), earlier, tuple(assistant))


def _question(content: object, path: Path, text_type: str) -> Question | ExactOnlyReason:
    """R4: a string, or exactly one text part with no other key."""
    if isinstance(content, list) and len(content) == 1:
        part = content[0]
        if not isinstance(part, dict) or part.keys() != {"type", "text"} or part["type"] != text_type:
            return ExactOnlyReason.CONTENT_PARTS
        content, path = part["text"], (*path, 0, "text")
    if not isinstance(content, str):
        return ExactOnlyReason.CONTENT_PARTS
    return Question(content, path) if content.strip() else ExactOnlyReason.EMPTY


def _is_tool_use(message: Mapping[str, Any]) -> bool:
    """A tool's message, a call of one, or a Responses item that is no message at all."""
    kind = message.get("type")
    if kind is not None and kind != "message":
        return True
    return message.get("role") in TOOL_ROLES or any(map(message.get, MESSAGE_KEYS_OF_TOOLS))


def _is_reference(item: Mapping[str, Any]) -> bool:
    """An item kept by the provider; the short form is an id without a type or role."""
    return item.get("type") == "item_reference" or ("role" not in item and item.get("type") is None)


def _is_plain(content: object) -> bool:
    if content is None or isinstance(content, str):
        return True
    return isinstance(content, list) and all(
        isinstance(part, dict) and part.get("type") in TEXT_TYPES and isinstance(part.get("text", ""), str)
        for part in content
    )


def _barrier(message: Mapping[str, Any]) -> tuple[BypassReason, str] | None:
    """What no memory may answer: audio (kept or heard by the provider) and content fetched at answer time."""
    if message.get("audio") is not None:
        return BypassReason.STATEFUL_FIELD, "audio"
    is_users = message.get("role") == "user"  # whatever he says beside its content is shown, too (`images`)
    for key, value in message.items():
        if isinstance(value, CONTAINERS) or (is_users and key not in KEYS_OF_CONTENT):
            found = _barrier_within(value, key, is_shown=is_users or key in KEYS_OF_CONTENT)
            if found is not None:
                return found
    return None


def _barrier_within(value: object, at: str, *, is_shown: bool) -> tuple[BypassReason, str] | None:
    """Walks parts of any vendor; the depth is bounded by `parse_object`.

    at: the key that holds the value. is_shown: whether it is content other than text: an address in there, under
    whatever key, is fetched when the request is answered.
    """
    if isinstance(value, str):
        return (BypassReason.REMOTE_CONTENT, at) if is_shown and REMOTE.match(value) else None
    if isinstance(value, list):
        found = (_barrier_within(part, at, is_shown=is_shown) for part in value)
        return next((each for each in found if each is not None), None)
    if not isinstance(value, dict):
        return None
    kind = value.get("type")
    if kind in AUDIO_TYPES:
        return BypassReason.STATEFUL_FIELD, str(kind)
    is_shown = is_shown and kind not in TEXT_TYPES
    for key, inner in value.items():
        if key.endswith("_url") and not _is_inline(inner):
            return BypassReason.REMOTE_CONTENT, key
        barrier = _barrier_within(inner, key, is_shown=is_shown)
        if barrier is not None:
            return barrier
    return None


def _is_inline(reference: object) -> bool:
    """Whether the bytes themselves are in the request (`data:`); anything else may change behind its name."""
    if isinstance(reference, dict):
        reference = reference.get("url")
    return reference is None or (isinstance(reference, str) and reference[:5].lower() == "data:")


def read_prompt(prompt: object) -> Turns:
    """Completions: never compared by meaning. A list of texts is as many questions; tokens say nothing here."""
    texts = [prompt] if isinstance(prompt, str) else prompt if isinstance(prompt, list) else []
    *earlier, last = [text for text in texts if isinstance(text, str)] or [""]
    return Turns(ExactOnlyReason.ENDPOINT, last_user_text=last, earlier_user_texts=tuple(earlier[-MAX_EARLIER:]))


def read_embedded(value: object) -> Turns:
    """Embeddings: never compared by meaning. A plain text is what it says, also where it is an address; an object may
    name a picture that is fetched (Jina, Voyage)."""
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, dict):
            beside_text = {key: inner for key, inner in part.items() if key != "text"}
            barrier = _barrier_within(beside_text, "input", is_shown=True)
            if barrier is not None:
                return _barred(*barrier)
    return Turns(ExactOnlyReason.ENDPOINT)


def _barred(reason: BypassReason, detail: str) -> Turns:
    return Turns(ExactOnlyReason.ENDPOINT, barrier=reason, detail=detail)
