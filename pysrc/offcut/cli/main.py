# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens in which order, and the exit code."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from offcut.cli.arguments import Options, UsageError, parse
from offcut.cli.sentences import printable, sentence

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


class _Ended(KeyboardInterrupt):
    """The system asks the process to end, as Ctrl-C does."""

    def __init__(self, number: int) -> None:
        self.code = 128 + number


def main(arguments: list[str] | None = None) -> int:
    """The command line; see `offcut --help`. Returns the exit code."""
    try:
        with _endings():
            return _run(parse(sys.argv[1:] if arguments is None else arguments))
    except UsageError as error:
        _say(f"{error}; `offcut --help` tells more")
        return USAGE
    except KeyboardInterrupt as error:
        _say("; ".join(["stopped; the pictures that were finished are kept", *getattr(error, "__notes__", ())]))
        return error.code if isinstance(error, _Ended) else INTERRUPTED
    except BrokenPipeError:
        # Python flushes its streams once more as it ends; what is left in them has nobody to go to.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _run(options: Options) -> int:
    # Here, not above: numpy and Pillow take longer to import than --help to answer.
    from offcut.cli import report
    from offcut.cli.library import Library
    from offcut.cli.running import run
    from offcut.errors import OffcutError

    try:
        library = Library.of(options.site, options.models)
        if options.list_models:
            print(report.models(library.catalogue, library.origin), flush=True)
            return DONE
        return DONE if run(options, library, _say) else FAILED
    except OffcutError as error:
        _say(sentence(error.code, error.details))
        return FAILED


@contextmanager
def _endings() -> Iterator[None]:
    """Let the system's requests to end clean up as Ctrl-C does, where nobody has said otherwise."""

    def end(number: int, frame: FrameType | None) -> None:
        raise _Ended(number)

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    here = threading.current_thread() is threading.main_thread()
    changed = [number for name in names if here and signal.getsignal(number := getattr(signal, name)) is signal.SIG_DFL]
    for number in changed:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in changed:
            signal.signal(number, signal.SIG_DFL)


def _say(text: str) -> None:
    with suppress(BrokenPipeError):
        print(f"offcut: {printable(text)}", file=sys.stderr, flush=True)
