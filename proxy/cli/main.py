"""The way in: quiet until the verbs, and all that they need, are imported."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
"""By the number of their descriptors."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one verb and ends the process; every foreseen error is one line on stderr.

    The modules take a second or two: Ctrl-C ends the process meanwhile, and their tracebacks are nobody's business.
    """
    _open_closed_streams()
    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a shell's background job ignores it
    if is_heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from proxy.cli.verbs import exit_code

    if is_heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(exit_code(arguments))


def _open_closed_streams() -> None:
    """Standard streams that whoever started us has closed lead nowhere. Left closed they are None, and their numbers go
    to the next files and sockets, where libuv takes them for streams and ends the process."""
    for name, mode in STREAMS:
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)  # the lowest free number: its own
            os.set_inheritable(descriptor, True)  # workers and commands need it as well
            setattr(sys, name, open(descriptor, mode))  # noqa: SIM115 - for as long as the process lives
