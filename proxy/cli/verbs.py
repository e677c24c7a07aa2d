"""`equicache VERB`: the registry of verbs and the one place where an error becomes an exit code.

Exit codes: 0 done, 1 a check or gate said no, 2 usage or configuration, 3 a backend or file could not be reached.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer
from typer.exceptions import Abort, Exit, TyperException

from proxy import __version__
from proxy.cli import config_verbs
from proxy.cli.calibrate import calibrate
from proxy.cli.check import check
from proxy.cli.demo import demo
from proxy.cli.explain import explain
from proxy.cli.off import off
from proxy.cli.replay import replay
from proxy.cli.run import run
from proxy.cli.score import score
from proxy.cli.serve import serve
from proxy.cli.terminal import write_in_any_locale
from proxy.cli.why import why
from proxy.errors import BackendError, ConfigError, ModelMismatch, ProxyError

DONE, SAID_NO, USAGE, UNREACHABLE = 0, 1, 2, 3
UNREAD, INTERRUPTED = 141, 130
"""What a shell says of a program that SIGPIPE or SIGINT has ended."""

app = typer.Typer(
    name="equicache",
    help="Answers OpenAI-compatible requests from memory when, and only when, that is safe.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve)
app.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})(run)
app.command("check")(check)
app.add_typer(config_verbs.app, name="config")
app.command("demo")(demo)
app.command("score")(score)
app.command("explain")(explain)
app.command("why")(why)
app.command("replay")(replay)
app.command("calibrate")(calibrate)
app.command("off")(off)


def _show_version(value: bool) -> None:
    if value:
        print(f"equicache {__version__}")
        raise Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", help="Show the version.", callback=_show_version, is_eager=True),
) -> None:
    """Answers OpenAI-compatible requests from memory when, and only when, that is safe."""


def exit_code(arguments: Sequence[str] | None) -> int:
    """What one verb ended with; every foreseen error is one line on stderr."""
    write_in_any_locale()
    try:
        code = app(args=arguments, prog_name="equicache", standalone_mode=False)
    except TyperException as exc:
        return _told(exc.format_message(), USAGE)
    except Exit as exc:
        return exc.exit_code
    except (Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (ConfigError, ModelMismatch) as exc:
        return _told(str(exc), USAGE)
    except BackendError as exc:
        return _told(str(exc), UNREACHABLE)
    except ProxyError as exc:
        return _told(str(exc), SAID_NO)
    except SystemExit:  # Typer and Rich end so when nobody reads any more what is printed
        return UNREAD
    except OSError as exc:
        where = f"{exc.filename}: " if exc.filename else ""
        return _told(f"{where}{exc.strerror or exc}", UNREACHABLE)
    return code if isinstance(code, int) else DONE


def _told(message: str, code: int) -> int:
    if message:
        for line in message.splitlines():
            print(f"equicache: {line}", file=sys.stderr)
    return code
