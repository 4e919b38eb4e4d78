# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which backend runs a net, and what happens when one fails: the picture is finished by the next."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from nets import bright, hungry
from sitebuild import browser as chromium
from sitebuild import headers
from sitebuild.layout import Layout
from sitebuild.serve import Server

from .conftest import pixels, ready_page
from .madesite import MadeSite, picture
from .workbench import Workbench

GPU_FLAGS = ("--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan")
# What a test can then do to the worker's graphics card.
KEEP_DEVICE = """
const request = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...wanted) {
  globalThis.card = await request.apply(this, wanted);
  return globalThis.card;
};
"""
LOSE = """() => {
  const submit = GPUQueue.prototype.submit;
  GPUQueue.prototype.submit = function (...work) {
    submit.apply(this, work);
    globalThis.card.destroy();
  };
}"""
SPOIL = """(value) => {
  const range = GPUBuffer.prototype.getMappedRange;
  GPUBuffer.prototype.getMappedRange = function (...which) {
    const bytes = range.apply(this, which);
    if (this.usage & GPUBufferUsage.MAP_READ) new Float32Array(bytes).fill(value);
    return bytes;
  };
}"""
BOTH = ("webgpu", "wasm")
Fresh = Callable[[], Path]


@pytest.fixture(scope="module")
def nets(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with tiny nets."""
    made = MadeSite(site, tmp_path_factory.mktemp("made") / "dist")
    made.model("plain", bright(), (32, 640), backends=BOTH)
    made.plan("quick", "plain", (32,))
    made.plan("thorough", "plain", (32, 640), decisive=0)
    made.model("wronged", bright(16), plan="wronged-plan", backends=BOTH)
    made.model("half", bright(19), plan="half-plan", backends=BOTH, precision="fp16")
    made.model("hungry", hungry(), (48, 16), plan="hungry-plan")
    made.model("flat", bright(18, input=(3, "h", "w")), plan="flat-plan")
    made.model("misnamed", bright(17), plan="misnamed-plan", output="somewhere")
    return made.write("quick")


@pytest.fixture
def fresh(tmp_path: Path) -> Fresh:
    """Gives a picture that was not there before."""
    numbers = count(int.from_bytes(os.urandom(4)))
    return lambda: picture(tmp_path / "square.png", next(numbers))


def staff(page: Page) -> dict[str, Any]:
    """What the page knows of its engine."""
    found: dict[str, Any] = page.evaluate(
        """() => {
          const {backend, engine, plan, wish} = document.querySelector("offcut-workbench").staff;
          return {...backend, state: engine.state, plan, wish};
        }"""
    )
    return found


def use(page: Page, plan: str, wish: str = "auto") -> None:
    """Choose a plan and what to compute with, as the panel does."""
    page.evaluate(
        """([plan, wish]) => {
          const {staff} = document.querySelector("offcut-workbench");
          staff.choose(plan);
          staff.wish = wish;
        }""",
        [plan, wish],
    )


def engine_line(workbench: Workbench) -> str:
    return workbench.page.locator(".facts").first.inner_text()


def subject(png: bytes) -> tuple[float, float]:
    """Mean alpha inside and outside of the square."""
    alpha = pixels(png)[..., 3].astype(float)
    inside = np.zeros(alpha.shape, bool)
    inside[18:46, 18:46] = True
    outside = np.ones(alpha.shape, bool)
    outside[12:52, 12:52] = False
    return alpha[inside].mean(), alpha[outside].mean()


@pytest.fixture(scope="module")
def prelude() -> list[str]:
    """What runs in each new inference worker before its script."""
    return [KEEP_DEVICE]


@pytest.fixture(scope="module")
def gpu_page(browser: Browser, nets: Path, prelude: list[str]) -> Iterator[Page]:
    """A browser whose WebGPU is played by the processor."""
    path = os.environ.get("OFFCUT_CHROMIUM") or chromium.system()

    def answer(route: Route) -> None:
        body = "".join(prelude) + route.fetch().text()
        route.fulfill(body=body, content_type="text/javascript", headers=headers.security())

    with (
        Server(nets) as server,
        browser.browser_type.launch(executable_path=path, args=[*chromium.FLAGS, *GPU_FLAGS]) as launched,
        launched.new_context(accept_downloads=True, service_workers="block") as context,
    ):
        page = context.new_page()
        page.route("**/workers/inference.js", answer)
        Workbench(page, server.url).open().wait_engine()
        yield page


@pytest.fixture
def gpu(gpu_page: Page) -> Iterator[Workbench]:
    """Its workbench, empty, with nothing known of the card."""
    gpu_page.evaluate("() => localStorage.clear()")
    workbench = Workbench(gpu_page, gpu_page.url)
    yield workbench
    workbench.clear()


@pytest.fixture(scope="module")
def plain_page(browser: Browser, nets: Path) -> Iterator[Page]:
    """A browser without WebGPU."""
    with ready_page(browser, nets, service_workers="block") as page:
        yield page


@pytest.fixture
def plain(plain_page: Page) -> Iterator[Workbench]:
    """Its workbench, empty."""
    workbench = Workbench(plain_page, plain_page.url)
    yield workbench
    workbench.clear()


def test_a_card_that_software_plays_is_not_used_unasked(gpu: Workbench, fresh: Fresh) -> None:
    use(gpu.page, "quick")
    gpu.choose(fresh()).wait("done")
    assert staff(gpu.page)["backend"] == "wasm"
    assert staff(gpu.page)["why"] == "software"
    assert "Net plain" in engine_line(gpu)
    assert gpu.notes == ""


def test_on_request_the_card_answers_as_the_processor_does_and_was_tested_first(gpu: Workbench, fresh: Fresh) -> None:
    use(gpu.page, "quick", "gpu")
    gpu.choose(fresh()).wait("done")
    assert "Net plain, graphics card" in engine_line(gpu)
    inside, outside = subject(gpu.download())
    assert inside > 200
    assert outside < 20
    kept = gpu.page.evaluate("() => JSON.parse(localStorage.getItem('offcut.gpu-tests'))")
    assert [passed for _, passed in kept] == [True]


@pytest.mark.parametrize(("harm", "why", "sentence"), [(LOSE, "lost", "was lost"), (SPOIL, "wrong-answer", "wrong")])
def test_a_card_that_fails_in_the_midst_of_a_picture_leaves_it_to_the_processor(
    gpu: Workbench, fresh: Fresh, harm: str, why: str, sentence: str
) -> None:
    use(gpu.page, "quick", "gpu")
    gpu.choose(fresh()).wait("done")
    assert staff(gpu.page)["backend"] == "webgpu"
    assert staff(gpu.page)["state"] == "ready"
    # One that was ended stays in the driver's list until the browser has said so.
    engines = [worker for worker in gpu.page.workers if worker.url.endswith("workers/inference.js")]
    engines[-1].evaluate(harm, float("nan"))
    gpu.choose(fresh())
    expect(gpu.page.locator(".film-item[data-state=done]")).to_have_count(2, timeout=60_000)
    assert staff(gpu.page)["backend"] == "wasm"
    assert staff(gpu.page)["why"] == why
    assert "graphics card" not in engine_line(gpu)
    assert sentence in gpu.notes
    assert subject(gpu.download())[0] > 200


def test_a_card_that_fails_its_test_is_left_for_good(gpu: Workbench, fresh: Fresh, prelude: list[str]) -> None:
    prelude.append(f"({SPOIL})(0.25);")
    use(gpu.page, "wronged-plan", "gpu")
    gpu.choose(fresh()).wait("done")
    prelude.pop()
    assert "The graphics card gave a wrong answer in a test, so the processor does the work." in gpu.notes
    kept = gpu.page.evaluate("() => JSON.parse(localStorage.getItem('offcut.gpu-tests'))")
    assert [passed for _, passed in kept] == [False]
    asked: list[str] = []
    gpu.page.on("request", lambda request: asked.append(request.url))
    use(gpu.page, "quick")
    use(gpu.page, "wronged-plan", "gpu")
    gpu.choose(fresh())
    expect(gpu.page.locator(".film-item[data-state=done]")).to_have_count(2, timeout=60_000)
    assert staff(gpu.page)["why"] == "wrong-answer"
    assert not [url for url in asked if "jspi" in url]


def test_a_net_of_16_bit_floats_runs_on_the_processor_where_the_card_has_none(gpu: Workbench, fresh: Fresh) -> None:
    use(gpu.page, "half-plan", "gpu")
    gpu.choose(fresh()).wait("done")
    assert staff(gpu.page)["why"] == "no-half"
    assert "16-bit" in gpu.notes


def test_without_a_card_the_processor_does_the_work_and_the_gpu_build_is_not_fetched(
    plain: Workbench, fresh: Fresh
) -> None:
    asked: list[str] = []
    plain.page.on("request", lambda request: asked.append(request.url))
    use(plain.page, "half-plan", "gpu")
    plain.choose(fresh()).wait("done")
    assert staff(plain.page)["why"] == "no-adapter"
    assert "no graphics card" in plain.notes
    assert asked
    assert not [url for url in asked if "jspi" in url]


@pytest.mark.parametrize("net", ["flat", "misnamed"])
def test_a_net_that_is_not_what_the_catalogue_says_fails_with_a_sentence(
    plain: Workbench, fresh: Fresh, net: str
) -> None:
    use(plain.page, f"{net}-plan")
    plain.choose(fresh()).wait("failed")
    assert "do not fit together" in plain.trouble
    use(plain.page, "quick")
    plain.choose(fresh())
    expect(plain.page.locator(".film-item[data-state=done]")).to_have_count(1, timeout=60_000)


def test_when_memory_runs_out_a_smaller_look_is_taken(plain: Workbench, fresh: Fresh) -> None:
    use(plain.page, "hungry-plan")
    plain.choose(fresh()).wait("done")
    assert "Memory ran short" in plain.notes
    assert subject(plain.download())[0] > 200
    # The next picture does not try in vain.
    plain.choose(fresh())
    expect(plain.page.locator(".film-item[data-state=done]")).to_have_count(2, timeout=60_000)
    assert "Memory ran short" not in plain.notes


def test_a_small_device_takes_the_small_look_and_its_engine_rests(browser: Browser, nets: Path, fresh: Fresh) -> None:
    with Server(nets) as server, browser.new_context(accept_downloads=True, service_workers="block") as context:
        page = context.new_page()
        page.add_init_script("Object.defineProperty(Navigator.prototype, 'deviceMemory', {get: () => 2})")
        page.clock.install()
        workbench = Workbench(page, server.url).open()
        workbench.wait_engine()
        use(page, "thorough")
        workbench.choose(fresh()).wait("done")
        assert "closer look at it was left out" in workbench.notes
        page.clock.fast_forward(61_000)
        assert staff(page)["state"] == "idle"
        workbench.press("Remove from the list")
        expect(page.locator(".drop offcut-engine-status")).to_contain_text("The engine rests")
        workbench.choose(fresh()).wait("done")


POLICY: list[tuple[str, dict[str, Any], list[Any]]] = [
    ("four cores, isolated", {"logical": 4}, [4, 0]),
    ("sixteen cores", {"logical": 16}, [8, 0]),
    ("not isolated", {"isolated": False}, [1, 0]),
    ("little memory", {"memory": 4}, [2, 512]),
    ("a phone", {"mobile": True}, [2, 512]),
    ("iOS", {"ios": True, "memory": None}, [1, 512]),
    ("memory unknown", {"memory": None}, [4, 0]),
]
LADDER: list[tuple[str, dict[str, Any], list[str], str]] = [
    ("a card", {}, ["webgpu 4", "wasm 4", "wasm 1"], ""),
    ("no card", {"adapter": None}, ["wasm 4", "wasm 1"], "no-adapter"),
    ("no WebGPU", {"webgpu": False}, ["wasm 4", "wasm 1"], "no-adapter"),
    ("software", {"software": True}, ["wasm 4", "wasm 1"], "software"),
    ("software, asked for", {"software": True, "wish": "gpu"}, ["webgpu 4", "wasm 4", "wasm 1"], ""),
    ("the processor asked for", {"wish": "processor"}, ["wasm 4", "wasm 1"], "wish"),
    ("fp16 without", {"precision": "fp16", "half": False}, ["wasm 4", "wasm 1"], "no-half"),
    ("fp16 with", {"precision": "fp16"}, ["webgpu 4", "wasm 4", "wasm 1"], ""),
    ("a failed test", {"refused": True, "wish": "gpu"}, ["wasm 4", "wasm 1"], "wrong-answer"),
    ("a net for the processor", {"backends": ["wasm"], "wish": "gpu"}, ["wasm 4", "wasm 1"], "model"),
    ("a net that prefers it", {"backends": ["wasm", "webgpu"]}, ["wasm 4", "wasm 1"], "model"),
    ("one thread", {"isolated": False}, ["webgpu 1", "wasm 1"], ""),
]


@pytest.fixture(scope="module")
def policy_page(browser: Browser, layout: Layout) -> Iterator[Page]:
    """A page beside the sources: site/app/device.js decides and does nothing else."""
    with Server(layout.site) as server, browser.new_context() as context:
        page = context.new_page()
        page.goto(server.url + "package.json")
        yield page


DECIDE = """async ({adapter = {}, wish = "auto", refused = false, backends, precision, software, half, ...told}) => {
  const policy = await import("/app/device.js");
  const device = {isolated: true, logical: 4, memory: 8, mobile: false, ios: false, webgpu: true, ...told};
  if (device.memory === null) delete device.memory;
  const model = {backends: backends ?? ["webgpu", "wasm"], precision: precision ?? "fp32"};
  const card = adapter && {name: "card", software: software ?? false, half: half ?? true};
  const {rungs, why} = policy.ladder(model, wish, device, card, refused);
  return {
    limits: [policy.threadCount(device), policy.largestSide(device)],
    rungs: rungs.map(({backend, threads}) => `${backend} ${threads}`),
    why,
  };
}"""


@pytest.mark.parametrize(("name", "told", "limits"), POLICY, ids=[row[0] for row in POLICY])
def test_threads_and_sides_follow_the_device(
    policy_page: Page, name: str, told: dict[str, Any], limits: list[Any]
) -> None:
    assert policy_page.evaluate(DECIDE, told)["limits"] == limits


@pytest.mark.parametrize(("name", "told", "rungs", "why"), LADDER, ids=[row[0] for row in LADDER])
def test_backends_are_tried_in_this_order(
    policy_page: Page, name: str, told: dict[str, Any], rungs: list[str], why: str
) -> None:
    found = policy_page.evaluate(DECIDE, told)
    assert (found["rungs"], found["why"]) == (rungs, why)
