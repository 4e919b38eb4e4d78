# SPDX-License-Identifier: AGPL-3.0-or-later
"""The unit rules once more, inside Pyodide, in the browser, under the site's own policy.

A worker of the built site boots as it does for a visitor; pytest is then installed from its wheel, tests/unit is
unpacked into Pyodide's file system, and pytest runs it there. Every test of tests/unit is a test here.
"""

import base64
import importlib.metadata
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from e2e.workbench import Workbench
from sitebuild.serve import Server

UNIT = Path(__file__).parents[1] / "unit"
# What pytest itself is made of; all of it is plain Python, and installed beside this very test.
PYTEST = ("pytest", "pluggy", "iniconfig", "pygments", "packaging")

RUN = """
import base64, io, json, sys, zipfile
sys.path.insert(0, "/home/suite/tests")
zipfile.ZipFile(io.BytesIO(base64.b64decode(bundle))).extractall("/home/suite/tests")
import pytest

class Report:
    outcomes = {}
    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.nodeid] = (report.outcome, str(report.longrepr or "")[-2000:])
    def pytest_collectreport(self, report):
        if report.failed:
            self.outcomes[report.nodeid] = ("failed", str(report.longrepr)[-2000:])

report = Report()
home = "/home/suite/tests"
options = ["-q", "-p", "no:cacheprovider", f"--confcutdir={home}/unit", f"--rootdir={home}"]
pytest.main([f"{home}/unit", *options], plugins=[report])
json.dumps(report.outcomes)
"""


def bundle() -> str:
    """tests/unit and pytest's own packages as a zip, in base64."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(UNIT.glob("*.py")):
            archive.write(path, f"unit/{path.name}")
        for name in PYTEST:
            for file in importlib.metadata.files(name) or []:
                if ".." not in file.parts and file.suffix != ".pyc":
                    archive.write(str(file.locate()), str(file))
    return base64.b64encode(packed.getvalue()).decode()


@pytest.fixture(scope="module")
def outcomes(browser: Browser, site: Path) -> dict[str, list[Any]]:
    """Outcome and last words of every unit test, by its id."""
    pyodide = next(path.name for path in (site / "vendor").iterdir() if path.name.startswith("pyodide-"))
    [wheel] = site.glob("vendor/offcut-*/*.whl")
    with Server(site) as server, browser.new_context() as context:
        page = context.new_page()
        # A worker of the site's own is where the tests run: its policy is the one that visitors get.
        Workbench(page, server.url).open().wait_engine()
        worker = next(worker for worker in page.workers if worker.url.endswith("workers/python.js"))
        answer = worker.evaluate(
            """async ({base, wheel, bundle, run}) => {
              const {loadPyodide} = await import(`${base}pyodide.mjs`);
              const pyodide = await loadPyodide({indexURL: base, packages: ["numpy", "pillow", "micropip"]});
              await pyodide.pyimport("micropip").install.callKwargs(wheel, {deps: false});
              pyodide.globals.set("bundle", bundle);
              return await pyodide.runPythonAsync(run);
            }""",
            {
                "base": f"{server.url}vendor/{pyodide}/",
                "wheel": server.url + wheel.relative_to(site).as_posix(),
                "bundle": bundle(),
                "run": RUN,
            },
        )
    found: dict[str, list[Any]] = json.loads(answer)
    return found


def test_every_unit_rule_holds_inside_pyodide(outcomes: dict[str, list[Any]]) -> None:
    failed = [f"{name}\n{words}" for name, (outcome, words) in outcomes.items() if outcome == "failed"]
    assert not failed, "\n\n".join(failed)


def test_next_to_nothing_is_passed_over_inside_pyodide(outcomes: dict[str, list[Any]]) -> None:
    passed = [name for name, (outcome, _) in outcomes.items() if outcome == "passed"]
    skipped = [f"{name}: {words}" for name, (outcome, words) in outcomes.items() if outcome == "skipped"]
    files = {name.split("::")[0] for name in passed}
    assert len(passed) > 250
    assert len(files) >= len(list(UNIT.glob("test_*.py"))) - 2, f"silent files; skipped: {skipped}"
    # onnxruntime and littlecms are not part of Pyodide; real awkward files are checked in journeys of their own.
    assert len(skipped) <= 6, skipped
