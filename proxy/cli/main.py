"""The way in: quiet until the verbs, and all that they need, are imported."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one verb and ends the process; every foreseen error is one line on stderr.

    The modules take a second or two: Ctrl-C ends the process meanwhile, and their tracebacks are nobody's business.
    """
    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a shell's background job ignores it
    if is_heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from proxy.cli.verbs import exit_code

    if is_heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(exit_code(arguments))
