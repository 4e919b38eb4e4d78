# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of `build.py --help` and of each command's `--help`."""

from dataclasses import dataclass

MODELS = """\
models:
  --models LIST takes ids of models/catalogue.toml with commas between, and two words: `default`, the
  models of all plans that people choose between, and `all`. It is not remembered: name the same
  list in every build. A plan whose model is not named is left out of the site; the plan that is
  used when nobody chose cannot be, so its model must be named. Some models are not for commercial
  use; the licences page of the built site says which.

  Each model is fetched from its publisher, checked by its hash, prepared and served from the site's
  own weights/. One that cannot be had ends the build with its name, the reason and where to put
  the file by hand. With --keep-going it is left out and named again at the end: the exit code is 0
  when no plan needs it, and 1 when a plan is missing from the site with it. Without the model of the
  plan that is used when nobody chose, no site is written.
"""

EXIT_CODES = """\
exit codes:
  0    done
  1    it failed: the last line says what and what to do
  2    the command line was not understood
  130  stopped with Ctrl-C
"""

ENVIRONMENT = """\
environment:
  OFFCUT_CACHE     where downloads are kept (default: ~/.cache/offcut)
  OFFCUT_CHROMIUM  the Chromium that test and bench drive
"""

TOP = """\
Offcut removes image backgrounds inside the browser. This command builds the site, serves it,
tests it, checks it and measures it.

It needs Python 3.11 or newer and nothing else: the first run makes .venv, installs the locked
Python and npm packages (Node of the system when 20 or newer, else from PyPI) and downloads the
rest: 5 MB of Pyodide's packages and 136 MB of model weights, which it prepares and compares with the
originals in about a minute. Later runs find all of it in place and take seconds.
"""

TOP_MORE = f"""\
examples:
  python3 build.py serve          build the site and open http://127.0.0.1:8000/
  python3 build.py build          write the site to dist/ for any static host
  python3 build.py test           run all tests
  python3 build.py build --help   the manual page of one command

{ENVIRONMENT}
{EXIT_CODES}"""


@dataclass(frozen=True)
class Page:
    """The manual page of one command."""

    summary: str
    description: str
    more: str


PAGES = {
    "serve": Page(
        "build the site and serve it",
        """\
Builds the site, then serves it until Ctrl-C. It sends the security headers that a good host sends
(Content-Security-Policy, COOP, COEP, CORP, …), long caching for what never changes, gzip and Range.

It needs what `build` needs. It writes dist/ and listens on 127.0.0.1 unless told otherwise.
Browsers give service workers and threads to http://localhost and https only: to try it from a
phone, put it behind https.
""",
        f"""\
examples:
  python3 build.py serve
  python3 build.py serve --port 9000 --no-build
  python3 build.py serve --no-headers      as on a host that sends no headers
  python3 build.py serve --prefix /sub/    as if the site lay in a folder
  python3 build.py serve --models default,u2netp

{MODELS}
{EXIT_CODES}""",
    ),
    "build": Page(
        "write the site to dist/",
        """\
Builds everything into dist/: plain files for any static host, no server code, every path relative,
so that it works in a sub-folder too. Downloads and prepared weights
are kept, the rest is made anew in seconds. dist/ is exchanged at the end in one step: a failed
build leaves the last one as it was.

Sources, each file checked against a known SHA-256 or SHA-512:
  Pyodide core, onnxruntime-web, font   npm, site/package-lock.json
  numpy, Pillow, micropip, packaging    the cache, else Pyodide's release on jsDelivr, else the byte-
                                        identical copies inside the PyPI wheel of open-webui (only
                                        these members are read)
  model weights                         npm, rembg's releases on GitHub, Hugging Face: the addresses in
                                        models/catalogue.toml

A cut download is taken up where it broke when the command is run again.
""",
        f"""\
examples:
  python3 build.py build
  python3 build.py build --base-dir /srv/www/offcut
  python3 build.py build --pseudo          adds the made-up language qps under qps/
  python3 build.py build --models isnet-int8
                                           a smaller site: no plan but those that need isnet-int8
  python3 build.py build --models all --keep-going
                                           every model whose publisher can be reached

{MODELS}
files:
  dist/            the site
  ~/.cache/offcut  downloads and prepared weights

{ENVIRONMENT}
{EXIT_CODES}""",
    ),
    "test": Page(
        "run the tests",
        """\
Builds the site, makes sure that there is a browser (OFFCUT_CHROMIUM, else the system's Chromium or
Chrome, else Playwright's, else Debian's package where this runs as root), then runs pytest with all
arguments that follow. Without arguments every test runs.
""",
        f"""\
examples:
  python3 build.py test
  python3 build.py test tests/unit
  python3 build.py test -k cancel -x

{ENVIRONMENT}
{EXIT_CODES}""",
    ),
    "check": Page(
        "lint, types, licences, no foreign origin in the output",
        """\
Runs ruff, mypy --strict, biome, tsc --checkJs --strict, compares the licence table
site/dependencies.toml with the real dependencies, builds the site and looks for any address of
another origin that its pages, scripts or styles would load, and for links to other sites that neither
that table nor models/catalogue.toml names. Each check is named with its result.
""",
        f"""\
examples:
  python3 build.py check

{EXIT_CODES}""",
    ),
    "bench": Page(
        "measure, and compare with the peer",
        """\
Builds the site and runs the benchmarks of tests/bench, each one file; prints their tables. With a
name, only that one; what follows the name is passed on to it.
""",
        f"""\
examples:
  python3 build.py bench
  python3 build.py bench speed --help

{ENVIRONMENT}
{EXIT_CODES}""",
    ),
    "messages": Page(
        "bring the message catalogues up to date",
        """\
Reads every message out of the templates, scripts and models/catalogue.toml into
site/locales/messages.pot, then updates
site/locales/<language>/LC_MESSAGES/messages.po of each language: new messages come in untranslated,
vanished ones are kept as obsolete. English is the source and has no file. A new language is a new
folder with an empty LC_MESSAGES; run this and translate the file. The site is built in it once its
folder stands in BUILT of pysrc/sitebuild/messages.py, which is for whole translations.
""",
        f"""\
examples:
  python3 build.py messages

{EXIT_CODES}""",
    ),
}
