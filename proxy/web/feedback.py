"""`POST /equicache/feedback {id, verdict, reason}` on the data listener, with the caller's own credential (R23)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import orjson
from aiohttp import web

from proxy.core.conditions import ReportKind
from proxy.core.hit_id import hit_id_in
from proxy.core.report import ReportAsk
from proxy.core.tenant import caller_digest
from proxy.ports import Reports
from proxy.telling import Audience
from proxy.web.admin import answered
from proxy.web.middleware import own_error
from proxy.web.passthrough import raw_target, read_body

PATH = "/equicache/feedback"
MAX_BODY_BYTES = 65_536
MAX_REASON_CHARACTERS = 2_000


class Feedback:
    """Takes a completion's id as it was logged, with or without its prefix."""

    def __init__(
        self,
        reports: Reports,
        secret: Callable[[], bytes | None],
        upstreams: Iterable[str],
        audience: Audience,
    ) -> None:
        self._reports = reports
        self._audience = audience
        self._secret = secret
        self._upstreams = tuple(upstreams)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """200 with `recorded`, `ignored; reason=…` or `failed`; 400 with what a body must look like."""
        if request.method != "POST":
            return own_error(405, "Use POST.", code="method_not_allowed")
        body = await read_body(request, MAX_BODY_BYTES)
        try:
            said = orjson.loads(body if isinstance(body, bytes) else b"")
            hit_id, kind, reason = said["id"], ReportKind(said["verdict"]), said.get("reason", "")
        except (KeyError, TypeError, AttributeError, ValueError):  # of what is no JSON, too
            hit_id, kind, reason = None, ReportKind.BAD, ""
        if not isinstance(hit_id, str) or not isinstance(reason, str):
            message = 'Send {"id": completion id, "verdict": "bad-hit" or "good-hit", "reason": text}.'
            return own_error(400, message, code="bad_feedback")
        result = await self._said(request, hit_id, kind is ReportKind.BAD, reason[:MAX_REASON_CHARACTERS])
        self._audience.reported(kind, result)
        return answered({"result": result})

    async def _said(self, request: web.BaseRequest, hit_id: str, is_bad: bool, reason: str) -> str:
        secret = self._secret()
        if secret is None:
            return "failed"
        query = raw_target(request).partition("?")[2]
        result = "ignored; reason=unknown_id"
        for upstream in self._upstreams:
            credential = caller_digest(request.raw_headers, query, secret, upstream)
            result = await self._reports.reported(ReportAsk(is_bad, hit_id_in(hit_id), reason, credential))
            if not result.endswith("unknown_id"):
                break
        return result
