"""A scripted upstream at socket level: says anything on cue, records every byte, sees who leaves."""

from tests.upstream.server import Upstream
from tests.upstream.wire import Framing, Reply, Seen

__all__ = ["Framing", "Reply", "Seen", "Upstream"]
