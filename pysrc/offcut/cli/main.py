# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens in which order, and the exit code."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TextIO

from offcut.cli.arguments import STREAM, Options, UsageError, parse
from offcut.cli.sentences import printable, sentence

if TYPE_CHECKING:
    from offcut.cli.library import Library
    from offcut.engine import Engine
    from offcut.recipe import Recipe

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
        _say("stopped; the pictures that were finished are kept")
        return error.code if isinstance(error, _Ended) else INTERRUPTED
    except BrokenPipeError:
        # Python flushes its streams once more as it ends; what is left in them has nobody to go to.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _run(options: Options) -> int:
    # Here, not above: numpy and Pillow take longer to import than --help to answer.
    from offcut.cli import recipes, report
    from offcut.cli.inputs import tasks
    from offcut.cli.library import Library
    from offcut.errors import OffcutError

    try:
        library = Library.of(options.site, options.models)
        if options.list_models:
            print(report.models(library.catalogue, library.origin), flush=True)
            return DONE
        recipe, stills = recipes.chosen(options, library.catalogue)
        made, lost = tasks(options, recipe.output)
        if any(task.target is None for task in made) and sys.stdout.isatty():
            raise UsageError("a picture is no text for a terminal; send it to a file with > or -o")
        engine = _engine(options, library, recipe) if made else None
    except OffcutError as error:
        _say(sentence(error.code, error.details))
        return FAILED

    from offcut.cli.batch import Batch
    from offcut.cli.meter import Meter

    with ExitStack() as stack:
        records = stack.enter_context(_records(options.json, overwrite=options.overwrite))
        quiet = options.quiet or options.verbose
        meter = Meter(len(made), shown=not quiet and Meter.possible())
        stack.callback(meter.close)
        told = report.Report(meter, records, verbose=options.verbose, quiet=options.quiet)
        for each in lost:
            told.lost(each)
        if engine is not None:
            batch = Batch(recipe, stills, library.catalogue, engine, options.jobs, options.overwrite, meter.progress)
            with closing(batch.run(made)) as outcomes:
                for outcome in outcomes:
                    told.outcome(outcome)
    if told.failed and told.done and not options.quiet:
        _say(f"{told.done} of {told.done + told.failed} pictures done, {told.failed} failed")
    return FAILED if told.failed else DONE


def _engine(options: Options, library: "Library", recipe: "Recipe") -> "Engine":
    """The engine with the weights that the recipe needs. Raises EngineMissing and what `Library.weights` raises."""
    from offcut.engine import NoEngine
    from offcut.errors import EngineMissing

    if recipe.method.by == "hand":
        return NoEngine()
    try:
        from offcut.native import NativeEngine
    except ImportError as error:
        if error.name != "onnxruntime":
            raise
        raise EngineMissing() from None
    model = library.catalogue.model(library.catalogue.plan(recipe.model).model)
    # The jobs share one session, and its threads: each job is a thread itself, the session adds the rest.
    threads = max(1, processors() - options.jobs + 1)
    return NativeEngine({model.id: library.weights(model)}, threads)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _records(name: str | None, *, overwrite: bool) -> Iterator[TextIO | None]:
    """Where JSON lines go. Raises UsageError when that file cannot be made, or should not be."""
    from offcut.cli import files
    from offcut.cli.inputs import ENDINGS
    from offcut.errors import FileExists

    if name is None or name == STREAM:
        yield sys.stdout if name else None
        return
    path = Path(name)
    try:
        if path.suffix.lower() in ENDINGS:
            raise UsageError(f"--json {name}: this is the name of a picture; --json wants that of the report")
        files.check(path, overwrite=overwrite)
        file = path.open("w", encoding="ascii", newline="\n")
    except FileExists:
        raise UsageError(f"--json {name} is there already; name another file, or say --overwrite") from None
    except OSError as error:
        raise UsageError(f"--json {name} cannot be written ({files.words(error)})") from None
    with file:
        yield file


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
