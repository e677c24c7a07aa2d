"""The outside world: one class per file, each behind one Protocol of `proxy.ports`."""

from __future__ import annotations

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
"""Read when ONNX Runtime is imported: it would report each start to Microsoft, by HTTPS_PROXY if there is one, under a
device id that it keeps in ~/.cache. A call of its `disable_telemetry_events` comes too late."""
