# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was asked for. Imports nothing heavy, so that --help answers at once."""

import argparse
import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import offcut
from offcut.cli import manual

STREAM = "-"
"""Standard input or standard output."""


class UsageError(Exception):
    """The command line cannot be followed; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The command line, parsed. `output`, `json`: a path, or "-" for standard output; None where not given. `output`
    is of the last of several names too, where that is a folder for the results; it ends in a slash then."""

    inputs: tuple[str, ...]
    output: str | None
    overwrite: bool
    recipe: str
    model: str | None
    backdrop: str | None
    jobs: int | None
    resume: bool
    scheduler: str | None
    site: Path | None
    models: Path | None
    list_models: bool
    json: str | None
    report: Path | None
    verbose: bool
    quiet: bool

    def __post_init__(self) -> None:
        if not self.inputs and not self.list_models:
            raise UsageError("name a picture, a folder, a pattern, a ZIP, or - for standard input")
        if self.output == "":
            raise UsageError("-o names nothing; name the file or folder to write to")
        if self.inputs.count(STREAM) > 1:
            raise UsageError("standard input (-) holds one picture and can be named once")
        to_stdout = self.output == STREAM or (self.output is None and STREAM in self.inputs)
        if to_stdout and self.json == STREAM:
            raise UsageError("the picture and the report cannot both go to standard output; name a file for one")
        if self.report is not None and self.report.suffix.lower() not in (".csv", ".json"):
            raise UsageError(f"--report {self.report}: end the name in .csv or .json, which says what is written")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def parse(arguments: list[str]) -> Options:
    """The options. Raises UsageError; SystemExit(0) after --help and --version."""
    found = vars(_parser().parse_intermixed_args(arguments))
    inputs, output = found["inputs"], found["output"]
    if output is None and len(inputs) > 1 and _for_results(inputs[-1]):
        *inputs, output = inputs
        output = os.path.join(output, "")
    return Options(**found | {"inputs": tuple(inputs), "output": output})


def site_here() -> Path | None:
    """The built site that the environment names."""
    value = os.environ.get("OFFCUT_SITE")
    return Path(value) if value else None


def _for_results(name: str) -> bool:
    """Whether the last of several names is a folder for the results: one that is there, or a new one, whose name has no
    ending or a slash at its end. A picture whose name was mistyped has an ending."""
    if os.path.isdir(name):
        return True
    if name == STREAM or glob.has_magic(name) or os.path.lexists(name):
        return False
    return name.endswith(("/", os.sep)) or not Path(name).suffix


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="offcut",
        usage=manual.USAGE,
        description=manual.DESCRIPTION,
        epilog=manual.MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("inputs", nargs="*", metavar="PICTURE", help="a file, a folder, a pattern, a ZIP, or - for standard input")
    add("-o", "--output", metavar="PLACE", help="the file or folder to write to, or - for standard output")
    add("--overwrite", action="store_true", help="replace results that are there already")
    add("--resume", action="store_true", help="go on with a run that was broken off")
    what = parser.add_argument_group("what is done")
    add = what.add_argument
    add("--recipe", default="auto", metavar="FILE", help="a recipe, JSON or TOML, or a preset (default: auto)")
    add("--plan", "--model", dest="model", metavar="ID", help="the plan or model to use, see --list-models")
    add("--backdrop", metavar="'#rrggbb'", help="a colour, or a picture, behind the subject (default: transparent)")
    how = parser.add_argument_group("how")
    add = how.add_argument
    add("--jobs", type=_jobs, metavar="N", help="pictures at a time (default: 1)")
    add("--scheduler", metavar="ADDRESS", help="work on a Dask cluster, see below")
    add("--site", type=Path, default=site_here(), metavar="DIR", help="a built site to take from")
    add("--models", type=Path, metavar="DIR", help="a folder of <model id>.onnx files to look in first")
    told = parser.add_argument_group("what is told")
    add = told.add_argument
    add("--json", metavar="FILE", help="write one JSON object a line for each picture (-: to standard output)")
    add("--report", type=Path, metavar="FILE", help="write a table of all pictures, .csv or .json, at the end")
    voice = told.add_mutually_exclusive_group()
    voice.add_argument("-v", "--verbose", action="store_true", help="a line for each finished picture, no bar")
    voice.add_argument("-q", "--quiet", action="store_true", help="nothing but errors")
    add("--list-models", action="store_true", help="show the plans and models, and end")
    add("--version", action="version", version=f"offcut {offcut.__version__}")
    return parser


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number of at least 1")
    return int(text)
