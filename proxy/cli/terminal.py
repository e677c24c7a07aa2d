"""What verbs print with: figures and tables on stdout, logs on stderr."""

from __future__ import annotations

import contextlib
import gzip
import logging
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

import orjson
import structlog
from rich.console import Console

from proxy.errors import BackendError

out = Console(
    markup=False,
    emoji=False,
    highlight=False,
    soft_wrap=True,
    width=None if sys.stdout.isatty() else 160,
)
"""People read it; plain text in a pipe, wide enough for a table. No markup: brackets of an address (IPv6), a path or a
prompt would be taken for it, and vanish or end the verb."""


def print_json(value: Any) -> None:
    """One JSON document on one line, for scripts."""
    print(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode())


def printable(text: str) -> str:
    """A client's text without what a terminal would obey: Rich hands escape sequences on."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


@contextmanager
def text_of(file: str) -> Iterator[TextIO]:
    """Lines of a file, also a gzipped one, or of standard input for `-`; UTF-8 whatever the locale says.

    Raises OSError, and BackendError for a gzipped file that is damaged.
    """
    if file == "-":
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        yield sys.stdin
        return
    with Path(file).open("rb") as raw:
        plain = gzip.GzipFile(fileobj=raw) if is_gzipped(raw.peek(2)) else raw
        with named_if_damaged(file), TextIOWrapper(plain, encoding="utf-8-sig", errors="replace") as opened:
            yield opened


def is_gzipped(content: bytes) -> bool:
    """By its first bytes, whatever the file is called."""
    return content[:2] == b"\x1f\x8b"


@contextmanager
def named_if_damaged(file: str) -> Iterator[None]:
    """Raises BackendError for what `gzip` cannot read within."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as exc:
        raise BackendError(f"{file}: damaged gzip file ({exc})") from exc


def write_in_any_locale() -> None:
    """What a locale has no letter for (`≤`, `…`) is written as an escape; it would end the verb behind its work."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class _Stderr:
    """Where log lines go: whatever standard error is now. One that is closed or broken costs lines, not answers."""

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()


def configure_log(form: str, *, level: int = logging.INFO) -> None:
    """form: auto (console on a terminal, else JSON lines), console or json.

    The console renderer writes newlines and escapes in event names raw; our event names are constants, and values
    are shown by repr. Its own tracebacks show local variables, prompts and keys among them: ours are plain.
    """
    is_console = form == "console" or (form == "auto" and sys.stderr.isatty())
    renderer: Any = structlog.processors.JSONRenderer(_dumped)
    if is_console:
        colors = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
        renderer = structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            *([] if is_console else [structlog.processors.format_exc_info]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(_Stderr()),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )


def _dumped(event: Any, **_: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
