# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line: what each command is called, takes and says of itself. Stdlib only at import."""

import argparse
import importlib
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import environment, manual
from .errors import BuildError
from .layout import Layout
from .report import say


@dataclass(frozen=True)
class Needs:
    """What a command needs installed before it can run."""

    group: str
    all_npm: bool


NEEDS = {
    "serve": Needs("build", all_npm=False),
    "build": Needs("build", all_npm=False),
    "messages": Needs("build", all_npm=False),
    "test": Needs("test", all_npm=True),
    "check": Needs("test", all_npm=True),
    "bench": Needs("test", all_npm=True),
}


def parser() -> argparse.ArgumentParser:
    """The parser of build.py."""
    top = argparse.ArgumentParser(
        prog="build.py",
        description=manual.TOP,
        epilog=manual.TOP_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    made = {
        name: commands.add_parser(
            name,
            help=page.summary,
            description=page.description,
            epilog=page.more,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        for name, page in manual.PAGES.items()
    }
    for name in ("serve", "build"):
        made[name].add_argument(
            "-o",
            "--base-dir",
            type=Path,
            metavar="DIR",
            help="the folder to write the site to (default: dist)",
        )
        made[name].add_argument(
            "--pseudo",
            action="store_true",
            help="add the made-up language qps, which shows untranslated text",
        )
        made[name].add_argument(
            "--models",
            default="default",
            metavar="LIST",
            help="the models to host: ids with commas between, default, all (default: default)",
        )
        made[name].add_argument(
            "--keep-going",
            action="store_true",
            help="leave out a model that cannot be had and go on with the others",
        )
    serve = made["serve"]
    serve.add_argument("--port", type=int, default=8000, help="the port to listen on (default: 8000)")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    serve.add_argument("--prefix", default="/", help="the sub-path to serve under (default: /)")
    serve.add_argument("--no-headers", action="store_true", help="send no security headers, as a bare host does")
    serve.add_argument("--no-build", action="store_true", help="serve the folder as it is")
    made["bench"].add_argument("name", nargs="?", help="the benchmark to run (default: all)")
    for name in ("test", "bench"):
        made[name].add_argument("rest", nargs=argparse.REMAINDER, help="passed on as it is")
    return top


def parse(arguments: list[str]) -> argparse.Namespace:
    """Parse; what `test` does not know goes to pytest, whatever it looks like."""
    if arguments[:1] == ["test"] and arguments[1:] and arguments[1] not in ("-h", "--help"):
        return argparse.Namespace(debug=False, command="test", rest=arguments[1:])
    return parser().parse_args(arguments)


def outside(arguments: list[str]) -> int:
    """build.py: make the environment, then go on inside it. Returns the exit code."""
    options = parse(arguments)
    layout = Layout.here()

    def work() -> int:
        needs = NEEDS[options.command]
        environment.ensure(needs.group, layout, all_npm=needs.all_npm)
        return environment.enter(layout, arguments)

    return _guarded(work, debug=options.debug)


def inside(arguments: list[str]) -> int:
    """`python -m sitebuild`: run the command. Returns the exit code."""
    options = parse(arguments)

    def work() -> int:
        module = importlib.import_module(f"{__package__}.commands")
        code: int = module.COMMANDS[options.command](options, Layout.here())
        return code

    return _guarded(work, debug=options.debug)


def _guarded(work: Callable[[], int], *, debug: bool) -> int:
    """Run; an error of ours is one sentence and exit code 1, Ctrl-C is 130."""
    try:
        return work()
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    except BuildError as error:
        if debug:
            traceback.print_exc()
        say(f"Error: {error}")
        return 1
    except OSError as error:
        if debug:
            traceback.print_exc()
        say(f"Error: {error.filename or 'a file'}: {error.strerror or error}.")
        return 1
