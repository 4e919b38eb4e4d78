# SPDX-License-Identifier: AGPL-3.0-or-later
"""A run from its command line to its last picture."""

import json
import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from offcut.catalogue import Catalogue, Model
from offcut.cli import files, recipes
from offcut.cli.arguments import STREAM, Options, UsageError
from offcut.cli.batch import Batch
from offcut.cli.books import Books
from offcut.cli.delivery import Delivery
from offcut.cli.inputs import ENDINGS, Intake, intake
from offcut.cli.journal import Journal, Order, digest
from offcut.cli.library import Library
from offcut.cli.meter import Meter
from offcut.cli.nets import loaded
from offcut.cli.outcomes import Outcome, SchedulerLost
from offcut.cli.recipes import Chosen
from offcut.cli.report import Report
from offcut.cli.task import Task
from offcut.engine import Engine, NoEngine
from offcut.errors import FileExists
from offcut.recipe import Recipe

RESUME = "go on with --resume"
"""What is added to the word of a run that was broken off, where that can be done."""

Work = Callable[[Iterable[Task]], Generator[Outcome, None, None]]
"""What does the tasks: see offcut.cli.batch.Batch.run, offcut.cli.cluster.Cluster.run."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What is known of a run before it starts."""

    options: Options
    library: Library
    chosen: Chosen
    found: Intake
    journal: Journal | None

    @property
    def delivery(self) -> Delivery:
        return Delivery(self.library.catalogue, self.journal, self.options.overwrite)


def run(options: Options, library: Library, say: Callable[[str], None]) -> bool:
    """Do what `options` ask for. Whether every picture is done.

    Raises UsageError, and the errors of offcut.errors for what stops the run before it starts. KeyboardInterrupt has a
    note where the run can go on.
    """
    chosen = recipes.chosen(options, library.catalogue)
    with ExitStack() as stack:
        found = intake(options, chosen.recipe.output)
        stack.callback(found.close)
        if any(task.target is None for task in found.tasks) and sys.stdout.isatty():
            raise UsageError("a picture is no text for a terminal; send it to a file with > or -o")
        journal = _journal(options, found, _order(chosen.recipe, library.catalogue))
        left, before = journal.parted(found.tasks) if journal else (found.tasks, {})
        if options.resume and journal and not journal.found and not options.quiet:
            say(f"{journal.out} holds no unfinished run; this is a new one")
        if before and not options.quiet:
            say(f"{len(before)} of {len(before) + len(left)} pictures were done before")
        quiet = options.quiet or options.verbose
        meter = Meter(len(left), shown=not quiet and Meter.possible())
        work = _work(_Run(options, library, chosen, found, journal), meter, stack) if left else None
        records = stack.enter_context(_records(options))
        books = Books(chosen.recipe, library.catalogue, found.tasks, before)
        stack.enter_context(_reporting(options, books))
        stack.callback(meter.close)
        told = Report(meter, records, verbose=options.verbose, quiet=options.quiet)
        for each in found.lost:
            books.lost(each)
            told.lost(each)
        whole = work is None or _through(work, left, journal, books, told)
    if not whole:
        text = "the scheduler has gone; the pictures that were finished are kept"
        say(f"{text}; {RESUME}" if journal else text)
        return False
    # Of a run that met results of another one nothing is unfinished: it was not to replace them.
    if journal is not None and not books.faults - (set() if journal.found else {FileExists.code}):
        journal.remove()
    if told.failed and told.done and not options.quiet:
        say(f"{told.done} of {told.done + told.failed} pictures done, {told.failed} failed")
    return not told.failed


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _through(work: Work, left: list[Task], journal: Journal | None, books: Books, told: Report) -> bool:
    """Whether the run came to its end."""
    with ExitStack() as stack:
        if journal is not None:
            stack.enter_context(journal.running(left))
        try:
            for outcome in stack.enter_context(closing(work(left))):
                books.outcome(outcome)
                told.outcome(outcome)
        except SchedulerLost:
            return False
        except KeyboardInterrupt as stop:
            if journal is not None:
                stop.add_note(RESUME)
            raise
    return True


def _journal(options: Options, found: Intake, order: Order) -> Journal | None:
    """The journal of a batch; a picture alone has none. Raises UsageError."""
    if found.out is None:
        if options.resume:
            raise UsageError("--resume goes on with a batch: name the folder of its results")
        return None
    if not found.several and not options.resume:
        return None
    return Journal(found.out, order, resume=options.resume, overwrite=options.overwrite)


def _order(recipe: Recipe, catalogue: Catalogue) -> Order:
    plan, model = catalogue.plan(recipe.model), _model(recipe, catalogue)
    text = json.dumps(replace(recipe, model=plan.id).to_dict(), sort_keys=True)
    return Order(digest(text.encode()), None if model is None else model.sha256)


def _model(recipe: Recipe, catalogue: Catalogue) -> Model | None:
    """The net that a recipe asks, None where it asks none."""
    return None if recipe.method.by == "hand" else catalogue.model(catalogue.plan(recipe.model).model)


def _work(run: _Run, meter: Meter, stack: ExitStack) -> Work:
    """Who does the work. Raises EngineMissing and what `Library.weights` raises; UsageError."""
    options, recipe, catalogue = run.options, run.chosen.recipe, run.library.catalogue
    if options.scheduler is None:
        jobs = options.jobs or 1
        engine = _engine(run.library, recipe, jobs)
        return Batch(recipe, run.chosen.stills, catalogue, engine, jobs, run.delivery, meter.progress).run
    try:
        from offcut.cli.cluster import Cluster, connected
        from offcut.cli.crew import Brief
    except ImportError as error:
        if error.name not in ("distributed", "dask"):
            raise
        raise UsageError("--scheduler needs Dask; get it with `pip install 'offcut[cluster]'`") from None
    client = stack.enter_context(connected(options.scheduler))
    brief = Brief.of(recipe, catalogue, run.chosen.files, options.site, options.models)
    return Cluster(client, brief, run.chosen.files, run.library.weights, run.delivery, options.jobs).run


def _engine(library: Library, recipe: Recipe, jobs: int) -> Engine:
    """The engine with the weights that the recipe needs."""
    model = _model(recipe, library.catalogue)
    if model is None:
        return NoEngine()
    # The jobs share one session, and its threads: each job is a thread itself, the session adds the rest.
    return loaded(model, library.weights(model), max(1, processors() - jobs + 1))


@contextmanager
def _records(options: Options) -> Iterator[TextIO | None]:
    """Where JSON lines go. Raises UsageError when that file cannot be made, or should not be."""
    if options.json is None or options.json == STREAM:
        yield sys.stdout if options.json else None
        return
    path = Path(options.json)
    _free(path, "--json", options)
    try:
        file = path.open("a" if options.resume else "w", encoding="ascii", newline="\n")
    except OSError as error:
        raise UsageError(f"--json {path} cannot be written ({files.words(error)})") from None
    with file:
        yield file


@contextmanager
def _reporting(options: Options, books: Books) -> Iterator[None]:
    """The time after which the table of all pictures is written, however the run ends. Raises UsageError."""
    path = options.report
    if path is None:
        yield
        return
    _free(path, "--report", options)
    try:
        yield
    finally:
        ledger = books.ledger()
        data = ledger.to_csv() if path.suffix.lower() == ".csv" else ledger.to_json()
        files.write(path, data, overwrite=True)


def _free(path: Path, option: str, options: Options) -> None:
    """Raises UsageError where a report may not be written to `path`: to the name of a picture never, to what is there
    only when it may be replaced, or when it is that of the run that goes on."""
    if path.suffix.lower() in ENDINGS:
        raise UsageError(f"{option} {path}: this is the name of a picture; {option} wants that of the report")
    try:
        files.check(path, overwrite=options.overwrite or options.resume)
    except FileExists:
        raise UsageError(f"{option} {path} is there already; name another file, or say --overwrite") from None
