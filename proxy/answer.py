"""What the pipeline hands to the web: an answer from memory, a reply to relay, or a 504."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from proxy.ports import UpstreamReply
from proxy.telling import Telling


@dataclass(frozen=True, slots=True, eq=False)
class FromMemory:
    """A hit, whole. fields: its header lines but for Date and framing."""

    fields: bytes
    body: bytes
    is_stream: bool
    telling: Telling


@dataclass(frozen=True, slots=True, eq=False)
class Forwarded:
    """The upstream's response, to be relayed byte for byte; headers: ours, to be added."""

    reply: UpstreamReply
    headers: Sequence[tuple[str, str]]
    telling: Telling


@dataclass(frozen=True, slots=True, eq=False)
class NotStored:
    """`only-if-cached` and nothing to serve: 504 (RFC 9111 §5.2.1.7)."""

    headers: Sequence[tuple[str, str]]
    telling: Telling


Answer = FromMemory | Forwarded | NotStored
