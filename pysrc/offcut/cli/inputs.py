# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which pictures are meant, and where the result of each goes."""

import glob
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from offcut.cli.archives import Archive, Member
from offcut.cli.arguments import STREAM, Options, UsageError
from offcut.cli.files import Place, words
from offcut.cli.journal import results
from offcut.cli.sources import Source
from offcut.cli.task import Lost, Task
from offcut.errors import FileClash, FileItself, FileMissing, FileUnreadable, FolderEmpty
from offcut.output import ENDINGS as FORMAT_ENDINGS
from offcut.output import Output
from offcut.sniff import READABLE, sniff

_JPEG = ("jpg", "jpeg", "jpe", "jfif")
_NAMES = (*_JPEG, "png", "gif", "webp", "bmp", "tif", "tiff", "ico", "avif", "heic", "heif")
ENDINGS = frozenset(f".{name}" for name in _NAMES)
"""In a folder a file is taken for a picture when its name says so, damaged as it may be, or its first bytes do."""


ARCHIVE = ".zip"
"""The ending of a file that is taken for an archive of pictures."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What a command line names. `tasks` are in the order given, folders and archives by name; a file named twice is
    taken once. `out` is the folder of all results, None where there is none, and `several` says that the inputs may be
    more than one picture. `archives` are open: see `close`."""

    tasks: list[Task]
    lost: list[Lost]
    out: Path | None
    several: bool
    archives: list[Archive]

    def close(self) -> None:
        """Let go of the archives."""
        for archive in self.archives:
            archive.close()


@dataclass(frozen=True, slots=True)
class _Found:
    """A picture, and the folder, relative to the results', in which its result is to stand."""

    source: Source
    folder: Path

    @property
    def name(self) -> str:
        return STREAM if self.source is None else (self.folder / self.source.name).as_posix()


def intake(options: Options, written: Output) -> Intake:
    """What `options` ask for, written as `written` says.

    Raises UsageError when the inputs and -o do not go together.
    """
    output = _Output(options, written)
    # Where results lie among their sources, those of the run that goes on are no pictures.
    own = results(output.folder) if options.resume and output.folder is not None else frozenset()
    found: dict[str, _Found] = {}
    lost: list[Lost] = []
    archives: list[Archive] = []
    for name in options.inputs:
        for each in _expanded(name, output.folder, archives):
            if isinstance(each, Lost):
                lost.append(each)
            elif not (isinstance(each.source, Path) and own and os.path.realpath(each.source) in own):
                found.setdefault(STREAM if each.source is None else os.path.abspath(str(each.source)), each)
    made = [Task(each.source, output.target(each), each.name, output.folder) for each in found.values()]
    made = _apart(made, lost, written)
    if not output.named:
        files = [each.source for each in found.values() if isinstance(each.source, Path)]
        made = _sparing(made, lost, [*files, *(archive.path for archive in archives)])
    return Intake(made, lost, output.folder, output.several, archives)


class _Output:
    """What -o means: `folder`, one file, standard output, or beside each picture."""

    def __init__(self, options: Options, written: Output) -> None:
        name = options.output
        self.written = written
        ending = f".{FORMAT_ENDINGS[written.format]}"
        same = {f".{name}" for name in _JPEG} if written.format == "jpeg" else {ending}
        folders = [each for each in options.inputs if os.path.isdir(each) or _is_archive(each)]
        several = len(options.inputs) > 1 or bool(folders) or any(_is_pattern(each) for each in options.inputs)
        self.several = several
        self.name = name
        self.folder: Path | None = None
        if name is None:
            if folders:
                kind = "a folder" if os.path.isdir(folders[0]) else "an archive"
                raise UsageError(f"{folders[0]} is {kind}: name the folder for its results with -o")
            if STREAM in options.inputs and several:
                raise UsageError("standard input beside other pictures: name the folder for the results with -o")
        elif name == STREAM:
            if several:
                raise UsageError("standard output (-o -) takes one picture; name a folder with -o")
        elif several or os.path.isdir(name) or name.endswith(("/", os.sep)):
            if os.path.lexists(name) and not os.path.isdir(name):
                raise UsageError(f"-o {name} must be a folder, for there may be several results; it is a file")
            self.folder = Path(name)
        elif Path(name).suffix.lower() in ENDINGS - same:
            kind = "PNG files" if ending == ".png" else f"{written.format.upper()} files by this recipe"
            raise UsageError(f"-o {name}: results are {kind}; end the name in {ending}")

    @property
    def named(self) -> bool:
        """Whether the person named the very file."""
        return self.folder is None and self.name is not None

    def target(self, found: _Found) -> Place:
        """Where the result of one picture goes."""
        suggested = self.written.suggested("" if found.source is None else found.source.name)
        if self.folder is not None:
            return self.folder / found.folder / suggested
        if self.name is not None:
            return None if self.name == STREAM else Path(self.name)
        return found.source.with_name(suggested) if isinstance(found.source, Path) else None


def _apart(made: list[Task], lost: list[Lost], written: Output) -> list[Task]:
    """Targets that no two tasks share: those that would have more of their source in the name."""
    for suggested in _longer(written):
        often = Counter(_key(task.target) for task in made)
        made = [
            replace(task, target=task.target.with_name(suggested(task.source)))
            if task.source is not None and task.target is not None and often[_key(task.target)] > 1
            else task
            for task in made
        ]
    taken: dict[str, Task] = {}
    for task in made:
        first = taken.setdefault(_key(task.target), task)
        if first is not task:
            lost.append(Lost(task.shown, FileClash(target=str(task.target), other=first.shown)))
    return list(taken.values())


def _longer(written: Output) -> Iterator[Callable[[Path | Member], str]]:
    """Names that tell more and more of a picture: that of its file, where the recipe has none of it, and its ending."""
    if "{name}" not in written.name:
        written = replace(written, name=written.name + "-{name}")
        yield lambda source: written.suggested(source.name)
    yield lambda source: written.suggested(f"{source.name}.png")


def _sparing(made: list[Task], lost: list[Lost], pictures: list[Path]) -> list[Task]:
    """Those that take the place of none of the `pictures`: originals are not made again."""
    sources = {_key(path) for picture in pictures for path in (picture, Path(os.path.realpath(picture)))}
    spared = []
    for task in made:
        if task.target is not None and _key(task.target) in sources:
            lost.append(Lost(task.shown, FileItself(target=str(task.target))))
        else:
            spared.append(task)
    return spared


def _key(place: Place) -> str:
    """A name as a file system that knows no capitals sees it, in its own folder. A link that it is itself is replaced,
    and not what that leads to."""
    return STREAM if place is None else os.path.join(os.path.realpath(place.parent), place.name).casefold()


def _is_pattern(name: str) -> bool:
    return glob.has_magic(name) and not os.path.lexists(name)


def _is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVE) and os.path.isfile(name)


def _expanded(name: str, results: Path | None, archives: list[Archive]) -> Iterator[_Found | Lost]:
    if name == STREAM:
        yield _Found(None, Path())
    elif os.path.isdir(name):
        yield from _walk(Path(name), results)
    elif _is_archive(name):
        yield from _unpacked(Path(name), archives)
    elif _is_pattern(name):
        yield from _matches(name, archives)
    elif os.path.exists(name):
        yield _Found(Path(name), Path())
    else:
        yield Lost(name, FileMissing())


def _matches(pattern: str, archives: list[Archive]) -> Iterator[_Found | Lost]:
    """The files that a pattern fits; their results keep the tree below its fixed part."""
    parts = Path(pattern).parts
    fixed = Path(*parts[: next(index for index, part in enumerate(parts) if glob.has_magic(part))])
    files = sorted(Path(each) for each in glob.iglob(pattern, recursive=True) if os.path.isfile(each))
    if not files:
        yield Lost(pattern, FileMissing())
    for file in files:
        if _is_archive(str(file)):
            yield from _unpacked(file, archives)
        else:
            yield _Found(file, file.parent.relative_to(fixed))


def _walk(top: Path, results: Path | None) -> Iterator[_Found | Lost]:
    """The pictures of a folder and of those in it, without hidden ones and without earlier results."""
    barred = os.path.realpath(results) if results is not None else None
    faults: list[OSError] = []
    empty = True
    for folder, folders, names in os.walk(top, onerror=faults.append):
        folders[:] = sorted(
            each
            for each in folders
            if not each.startswith(".") and os.path.realpath(os.path.join(folder, each)) != barred
        )
        for path in (Path(folder, name) for name in sorted(names) if not name.startswith(".")):
            if _seems_picture(path):
                empty = False
                yield _Found(path, path.parent.relative_to(top))
    for fault in faults:
        yield Lost(str(fault.filename), FileUnreadable(reason=words(fault)))
    if empty and not faults:
        yield Lost(str(top), FolderEmpty())


def _unpacked(path: Path, archives: list[Archive]) -> Iterator[_Found | Lost]:
    """The pictures of an archive, which becomes one of `archives`; its folders are the tree."""
    try:
        archive = Archive(path)
    except FileUnreadable as error:
        yield Lost(str(path), error)
        return
    archives.append(archive)
    empty = True
    for member in archive.members():
        if isinstance(member, str):
            empty = False
            yield Lost(str(path / member), FileUnreadable(reason="its name leads out of the archive"))
        elif PurePosixPath(member.name).suffix.lower() in ENDINGS or sniff(archive.head(member)) in READABLE:
            empty = False
            yield _Found(member, member.folder)
    if empty:
        yield Lost(str(path), FolderEmpty())


def _seems_picture(path: Path) -> bool:
    if not path.is_file():
        return False
    if path.suffix.lower() in ENDINGS:
        return True
    try:
        with path.open("rb") as file:
            return sniff(file.read(4096)) in READABLE
    except OSError:
        return False
