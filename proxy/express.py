"""The express lane: a request asked again word for word, whose answer is in this process's exact tier.

One call without waiting, from raw bytes to ready bytes. It weakens no check: generation, feed, entitlement, expiry,
quarantine, plan version and the request's own conditions hold as on the long way (R17). Whatever is not plain is
None and takes the long way (`proxy.pipeline`), which alone knows reasons, reports, shadow and misses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from proxy.ask import Ask, Asker
from proxy.control import Control
from proxy.core.cache_status import hit_lines
from proxy.core.entry import Entry
from proxy.core.hit_id import NONCE_BYTES, mint
from proxy.core.outcome import Outcome, Result
from proxy.core.reasons import CacheMode, HitKind
from proxy.core.sse import CONTENT_TYPE as EVENTS
from proxy.ports import Clock
from proxy.random_bytes import random_bytes
from proxy.recall import Recall
from proxy.replica import Replica
from proxy.telling import Audience

REQUEST_ID_BYTES = 16
WRITE_BYTES = 65_536
"""The most that is written at once; what is longer goes out in pieces, as fast as the client reads."""


@dataclass(slots=True, eq=False)
class AtOnce:
    """A hit, whole. fields: its header lines but for Date and framing; call `sent` when it is on the wire."""

    fields: bytes
    body: bytes
    is_stream: bool
    _lane: Express
    _ask: Ask
    _entry: Entry
    _request_id: str
    _now: float
    _started: float

    def sent(self) -> None:
        """The answer has left."""
        total_s = self._lane.clock.monotonic() - self._started
        self._lane.audience.told(partial(self._outcome, total_s))

    def _outcome(self, total_s: float) -> Outcome:
        ask, entry, now = self._ask, self._entry, self._now
        return Outcome(
            request_id=self._request_id,
            started_at=now,
            route=ask.route.name,
            domain=ask.domain.name,
            endpoint=ask.request.endpoint,
            mode=ask.route.cache,
            result=Result.HIT,
            hit=HitKind.EXACT,
            streamed=ask.request.stream,
            status=200,
            entry_id=entry.id.hex(),
            age_s=entry.age_s(now),
            ttl_s=entry.ttl_left_s(now),
            model=ask.request.model,
            body_bytes=len(self.body),
            total_ms=total_s * 1000,
        )


class Express:
    """One process's express lane over the facts that the long way keeps."""

    def __init__(
        self,
        *,
        asker: Asker,
        control: Control,
        replica: Replica,
        recall: Recall,
        audience: Audience,
        clock: Clock,
    ) -> None:
        self._asker = asker
        self._control = control
        self._replica = replica
        self._recall = recall
        self.audience = audience
        self.clock = clock

    def hit(
        self,
        target: str,
        headers: Sequence[tuple[bytes, bytes]],
        body: bytes,
        *,
        is_trusted: bool,
        raw: bytes | None = None,
    ) -> AtOnce | None:
        """The answer, when nothing needs to be waited for and nothing is out of the ordinary; else None.

        target: the raw one, with its query. headers: checked for framing and control characters. raw: all bytes of
        the request; with them `again` will know it.
        """
        started = self.clock.monotonic()
        key = self._asker.key(target, headers, body, is_trusted=is_trusted)
        hit = self._hit(key, started)
        if hit is not None and raw is not None:
            self._asker.keep_raw(raw, key, is_trusted=is_trusted)
        return hit

    def again(self, raw: bytes, *, is_trusted: bool) -> AtOnce | None:
        """The same for a request of which every byte is known, head and all."""
        started = self.clock.monotonic()
        key = self._asker.key_of_raw(raw, is_trusted=is_trusted)
        return self._hit(key, started) if key is not None else None

    def _hit(self, key: bytes, started: float) -> AtOnce | None:
        ask = self._asker.known(key)
        if ask is None or not _is_plain(ask) or not self._replica.is_current():
            return None
        now = self.clock.now()
        secret = self._control.secret
        if secret is None or not self._control.is_known_entitled(
            ask.domain.tenancy, ask.credential, ask.route.upstream.base_url, now
        ):
            return None
        found = self._recall.at_hand(ask, now, at_most=WRITE_BYTES)
        if found is None:
            return None
        entry, template = found.entry, found.template
        fresh = random_bytes(NONCE_BYTES + REQUEST_ID_BYTES)
        hit_id = mint(secret, ask.credential, entry.id, entry.prompt_digest, nonce=fresh[:NONCE_BYTES])
        request_id = f"req_{fresh[NONCE_BYTES:].hex()}"
        lines = hit_lines(template.content_type, HitKind.EXACT, entry.record.openai_version, entry.record.cors)
        fields = lines % (entry.age_s(now), entry.ttl_left_s(now), hit_id.encode(), request_id.encode())
        return AtOnce(
            fields,
            template.render(token=hit_id, created=int(now)),
            template.content_type.startswith(EVENTS),
            self, ask, entry, request_id, now, started,
        )  # fmt: skip


def _is_plain(ask: Ask) -> bool:
    """Whether the long way would do nothing but serve an exact hit, too."""
    route = ask.route
    return (
        ask.conditions.report is None
        and not ask.conditions.is_report_malformed
        and route.cache is not CacheMode.SHADOW
        and not route.debug_headers
        and not ask.is_domain_refused
    )
