# SPDX-License-Identifier: AGPL-3.0-or-later
import io
import json
import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from helpers import catalogue, noise, opened, plan, run, saved
from PIL import Image

from offcut import encode, errors, job
from offcut.backdrop import Original, Still
from offcut.colour import Colour
from offcut.easel import Easel
from offcut.edges import Edges
from offcut.frame import Canvas, Frame, HeadFit, Ratio
from offcut.job import Stage
from offcut.mattes import MatteCache, digest
from offcut.method import Method
from offcut.output import Output
from offcut.picture import read
from offcut.recipe import Recipe
from offcut.scene import Scene
from offcut.touches import Area, Brush

RGB = noise(40, 30)
DATA = saved(Image.fromarray(RGB), "PNG", dpi=(300, 300))


class Net:
    """A net that takes the right half of every picture for the subject."""

    def __init__(self, failure=None, level=1.0):
        self.calls = 0
        self.failure = failure
        self.level = level

    async def run(self, model, tensor):
        self.calls += 1
        if self.failure:
            raise self.failure
        output = np.zeros((1, 1, *tensor.shape[2:]), np.float32)
        output[..., tensor.shape[3] // 2 :] = self.level
        return output


PLAIN = Recipe(edges=Edges(follow=False))
"""The net's answer as it is: noise has no edges to follow."""


def do(recipe=PLAIN, *, data=DATA, name="cat.photo.png", engine=None, **options):
    options = {"catalogue": catalogue(), "engine": engine or Net()} | options
    return run(job.run(data, name, recipe, **options))


def test_a_picture_goes_in_and_a_cutout_of_full_size_comes_out():
    result = do()
    image = opened(result.data)
    rgba = np.asarray(image)
    assert (result.width, result.height) == image.size == (40, 30)
    assert result.mime == "image/png" and result.name == "cat.photo-cutout.png"
    assert (rgba[:, :16] == 0).all()
    assert (rgba[:, 24:, 3] == 255).all() and np.array_equal(rgba[:, 24:, :3], RGB[:, 24:])
    assert round(image.info["dpi"][0]) == 300
    assert list(result.timings) == [stage.value for stage in Stage]
    assert all(value >= 0 for value in result.timings.values())


def test_a_backdrop_makes_the_result_opaque():
    rgba = np.asarray(opened(do(replace(PLAIN, scene=Scene(Colour(1, 2, 3)))).data).convert("RGBA"))
    assert (rgba[..., 3] == 255).all() and (rgba[:, :16, :3] == (1, 2, 3)).all()


class Doubtful(Net):
    """A net that leaves the left half of its matte grey, less so the larger its input."""

    def __init__(self, *levels):
        super().__init__()
        self.levels = levels

    async def run(self, model, tensor):
        output = await super().run(model, tensor)
        output[..., : tensor.shape[3] // 2] = self.levels[self.calls - 1]
        return output


def plans(decisive):
    return catalogue(plan(sides=[8, 16], decisive=decisive))


def logo(ink=(200, 0, 0)):
    """A square on white."""
    rgb = np.full((30, 40, 3), 255, np.uint8)
    rgb[8:22, 10:30] = ink
    return saved(Image.fromarray(rgb), "PNG")


def test_a_graphic_is_cut_by_colour_and_no_net_is_asked():
    net = Net()
    told = []
    result = do(data=logo(), engine=net, progress=lambda stage, *_: told.append(stage.value))
    rgba = np.asarray(opened(result.data))
    assert net.calls == 0 and told == ["read", "refine", "compose", "encode"]
    assert result.notes == (job.BY_COLOUR,) and result.model == ""
    assert (rgba[8:22, 10:30] == (200, 0, 0, 255)).all() and rgba[..., 3].sum() == 14 * 20 * 255


def test_a_graphic_may_be_called_a_photograph_and_a_photograph_a_graphic():
    net = Net()
    assert do(replace(PLAIN, method=Method("net")), data=logo(), engine=net).notes == ()
    assert net.calls == 1
    assert do(replace(PLAIN, method=Method("colour")), engine=net).notes == (job.BY_COLOUR,)
    assert net.calls == 1


def test_nothing_is_found_where_all_is_the_grounds_colour():
    with pytest.raises(errors.MatteNothingFound):
        do(replace(PLAIN, method=Method("colour")), data=saved(Image.new("RGB", (40, 30), "red"), "PNG"))


ALL = Area("erase", (-5.0, -5.0, 99.0, -5.0, 99.0, 99.0, -5.0, 99.0))


def test_by_hand_no_net_is_asked_and_all_may_go():
    net = Net()
    by_hand = replace(PLAIN, method=Method("hand"))
    result = do(by_hand, engine=net)
    assert (np.asarray(opened(result.data)) == np.dstack([RGB, np.full((30, 40), 255, np.uint8)])).all()
    assert net.calls == 0 and result.notes == () and result.model == ""
    assert not np.asarray(opened(do(replace(by_hand, touches=(ALL,)), engine=net).data)).any()


def test_touches_come_after_edges_and_a_net_is_not_asked_again_for_them():
    net, mattes = Net(), MatteCache()
    touched = replace(PLAIN, touches=(ALL, Brush("restore", 10, 1, (20.0, 15.0, 1.0))))
    do(engine=net, mattes=mattes)
    rgba = np.asarray(
        opened(do(replace(touched, edges=Edges(follow=False, feather=3)), engine=net, mattes=mattes).data)
    )
    assert net.calls == 1
    assert (rgba[15, 20] == (*RGB[15, 20], 255)).all() and not rgba[15, 35].any()


def test_a_picture_on_an_easel_is_not_read_again():
    easel = Easel(run(read(DATA, "cat.png")))
    held = {digest(DATA): easel}

    async def nobody(data, mime):
        raise AssertionError

    options = {"easels": held.get, "decode": nobody}
    assert opened(do(**options).data).size == (40, 30)
    touched = replace(PLAIN, touches=(ALL,))
    assert not np.asarray(opened(do(touched, **options).data)).any()


def test_an_easel_that_holds_a_picture_smaller_is_no_good_for_the_file():
    easel = Easel(run(read(DATA, "cat.png")), 100)
    assert opened(do(easels=lambda digest: easel).data).size == (40, 30)


def test_a_decisive_answer_is_the_last():
    net = Doubtful(0.01, 0.0)
    do(engine=net, catalogue=plans(0.02))
    assert net.calls == 1


def test_a_doubtful_answer_is_asked_again_and_the_better_one_kept():
    for levels, kept in [((0.2, 0.1), 0.1), ((0.1, 0.2), 0.1)]:
        net = Doubtful(*levels)
        alpha = np.asarray(opened(do(engine=net, catalogue=plans(0.02)).data))[..., 3]
        assert net.calls == 2
        assert abs(int(alpha[15, 5]) - round(kept * 255)) <= 1


def test_a_result_is_trusted_as_far_as_the_answer_that_was_kept():
    sure, doubtful = do().confidence, do(engine=Doubtful(0.3)).confidence
    assert 0 < doubtful < sure <= 1
    twice = do(engine=Doubtful(0.4, 0.3), catalogue=plans(0.02)).confidence
    assert twice == pytest.approx(doubtful, abs=1e-6) and twice > do(engine=Doubtful(0.4)).confidence


def test_what_is_known_already_or_touched_is_trusted_as_before():
    mattes = MatteCache()
    first = do(mattes=mattes).confidence
    assert do(replace(PLAIN, touches=(ALL,)), mattes=mattes).confidence == first


def test_where_no_net_was_asked_there_is_nothing_to_trust():
    assert do(data=logo()).confidence is None
    assert do(replace(PLAIN, method=Method("hand"))).confidence is None


def test_a_picture_that_seems_empty_is_looked_at_again():
    net = Net(level=0.2)
    with pytest.raises(errors.MatteNothingFound):
        do(engine=net, catalogue=plans(0.5))
    assert net.calls == 2


def test_a_second_look_is_announced_and_timed():
    told = []
    result = do(engine=Doubtful(0.2, 0.1), catalogue=plans(0), progress=lambda stage, *_: told.append(stage.value))
    assert told == ["read", "pack", "infer", "pack", "infer", "refine", "compose", "encode"]
    assert list(result.timings) == [stage.value for stage in Stage]


def test_stages_are_announced_in_order():
    told = []
    do(progress=lambda stage, done, total: told.append((stage, done, total)))
    assert told == [(stage, index, 6) for index, stage in enumerate(Stage)]
    assert [str(stage) for stage in Stage] == ["read", "pack", "infer", "refine", "compose", "encode"]


@pytest.mark.parametrize("last", range(6))
def test_a_cancel_is_honoured_before_every_stage(last):
    told = []
    with pytest.raises(errors.JobCancelled):
        do(progress=lambda stage, *_: told.append(stage), cancelled=lambda: len(told) == last)
    assert told == list(Stage)[:last]


def test_the_event_loop_gets_a_turn_before_every_stage():
    coroutine = job.run(DATA, "a", Recipe(), catalogue=catalogue(), engine=Net())
    turns = 0
    with pytest.raises(StopIteration):
        while True:
            coroutine.send(None)
            turns += 1
    assert turns == len(Stage)


def test_a_matte_that_is_known_is_not_inferred_again():
    net, mattes, told = Net(), MatteCache(), []
    first = do(engine=net, mattes=mattes)
    second = do(engine=net, mattes=mattes, progress=lambda stage, *_: told.append(stage.value))
    assert net.calls == 1 and first.data == second.data
    assert told == ["read", "refine", "compose", "encode"]
    do(engine=net, mattes=mattes, data=saved(Image.fromarray(noise(40, 30, seed=9)), "PNG"))
    assert net.calls == 2


def test_a_picture_without_a_subject_says_so():
    with pytest.raises(errors.MatteNothingFound):
        do(engine=Net(level=0.2))


def test_an_unknown_model_stops_the_job_before_anything_is_read():
    told = []
    with pytest.raises(errors.ModelUnknown):
        do(Recipe(model="huge"), progress=lambda *step: told.append(step))
    assert told == []


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (errors.EngineLost(), "engine.lost"),
        (errors.EngineFailed(reason="no"), "engine.failed"),
        (errors.RemoteError("weights.offline", {"part": 1}), "weights.offline"),
        (MemoryError(), "job.out-of-memory"),
        (KeyError("x"), "internal"),
    ],
)
def test_a_failure_can_be_told_as_plain_data(failure, code):
    with pytest.raises(type(failure)) as caught:
        do(engine=Net(failure))
    told = errors.describe(caught.value)
    assert told["code"] == code and json.loads(json.dumps(told)) == told


def test_a_failed_job_leaves_no_matte_behind():
    mattes, net = MatteCache(), Net()
    with pytest.raises(errors.EngineLost):
        do(engine=Net(errors.EngineLost()), mattes=mattes)
    do(engine=net, mattes=mattes)
    assert net.calls == 1


def test_the_browsers_codecs_reach_their_stages():
    async def decode(data, mime):
        return np.dstack([RGB, np.full((30, 40), 255, np.uint8)])

    class Browser(encode.Pillow):
        async def encode(self, rgba, mime, quality):
            return ("blob", rgba.shape, mime, quality)

        def spliced(self, blob, start, end, data):
            return (*blob, start, end, data)

        def size(self, blob):
            return 1

    made = do(decode=decode, codec=Browser()).data
    assert made == ("blob", (30, 40, 4), "image/png", None, 33, 33, encode.phys_chunk((299.9994, 299.9994)))


def test_a_result_says_where_the_original_lies_in_it():
    result = do()
    assert result.original == (40, 30) and result.matrix == (1, 0, 0, 0, 1, 0)
    assert result.head is None and result.seen is None and result.metadata.kinds == ()
    turned = do(replace(PLAIN, frame=Frame(turn=90, canvas=Canvas(60, 80, dpi=150))))
    assert (turned.width, turned.height, turned.original) == (60, 80, (40, 30))
    assert turned.matrix == (0, -2, 60, 2, 0, 0)
    assert round(opened(turned.data).info["dpi"][0]) == 150


def test_a_result_that_is_resized_has_no_resolution_but_its_canvass():
    assert "dpi" not in opened(do(replace(PLAIN, frame=Frame(zoom=0.5))).data).info
    assert round(opened(do(replace(PLAIN, frame=Frame(canvas=Ratio(1, 1)))).data).info["dpi"][0]) == 300


@pytest.mark.parametrize(
    ("output", "format", "mode", "mime", "name"),
    [
        (Output("png"), "PNG", "RGBA", "image/png", "cat.photo-cutout.png"),
        (Output("jpeg"), "JPEG", "RGB", "image/jpeg", "cat.photo-cutout.jpg"),
        (Output("webp"), "WEBP", "RGBA", "image/webp", "cat.photo-cutout.webp"),
        (Output("mask", name="{name} mask"), "PNG", "L", "image/png", "cat.photo mask.png"),
    ],
)
def test_a_result_is_of_the_format_that_is_asked(output, format, mode, mime, name):
    result = do(replace(PLAIN, output=output))
    image = opened(result.data)
    assert (image.format, image.mode, image.size) == (format, mode, (40, 30))
    assert (result.mime, result.name) == (mime, name)
    if output.format == "mask":
        assert np.array_equal(np.asarray(image), np.asarray(opened(do().data))[..., 3])
    assert result.seen is None


@pytest.mark.parametrize("frame", [Frame(), Frame("cover", Canvas(60, 60), turn=20)])
def test_a_mask_is_the_subjects_matte_whatever_is_shown_behind_it(frame):
    def mask(scene):
        return np.asarray(opened(do(replace(PLAIN, scene=scene, frame=frame, output=Output("mask"))).data))

    bare = mask(Scene())
    assert bare.min() == 0 and bare.max() == 255
    for scene in (Scene(Original()), Scene(Original(grey=0.5)), Scene(Colour(1, 2, 3))):
        assert np.array_equal(mask(scene), bare)


def test_layers_of_an_untouched_picture_hold_its_subject_and_its_mask_too():
    recipe = replace(PLAIN, scene=Scene(Original()), output=Output("ora"))
    with zipfile.ZipFile(io.BytesIO(do(recipe).data)) as file:
        layers = re.findall(r'name="(\w+)" src="([^"]+)".*?visibility="(\w+)"', file.read("stack.xml").decode())
        names = [(name, visible) for name, _, visible in layers]
        assert names == [("mask", "hidden"), ("subject", "hidden"), ("original", "visible")]
        pixels = {name: np.asarray(opened(file.read(source))) for name, source, _ in layers}
        merged = np.asarray(opened(file.read("mergedimage.png")))
    cutout = np.asarray(opened(do().data))
    assert np.array_equal(merged[..., :3], RGB) and np.array_equal(pixels["original"][..., :3], RGB)
    assert np.array_equal(pixels["mask"][..., 0], cutout[..., 3])
    assert np.array_equal(pixels["subject"], cutout[:, -pixels["subject"].shape[1] :])


def test_a_picture_longer_than_any_canvas_that_is_asked_for_is_cut_all_the_same():
    data = saved(Image.fromarray(noise(20_001, 2)), "PNG")
    for recipe in (PLAIN, replace(PLAIN, method=Method("hand"), frame=Frame(turn=180))):
        assert opened(do(recipe, data=data).data).size == (20_001, 2)
    with pytest.raises(errors.FrameTooLarge) as caught:
        do(replace(PLAIN, frame=Frame(canvas=Canvas(20_001, 2))), data=data)
    assert caught.value.details["limit_side"] == 20_000


@pytest.mark.parametrize(("turn", "told"), [(0, (300, 100)), (90, (100, 300)), (180, (300, 100)), (-90, (100, 300))])
def test_a_picture_of_unequal_resolution_takes_it_along_when_it_is_turned(turn, told):
    data = saved(Image.fromarray(RGB), "PNG", dpi=(300, 100))
    dpi = opened(do(replace(PLAIN, frame=Frame(turn=turn)), data=data).data).info["dpi"]
    assert [round(each) for each in dpi] == list(told)


def test_a_result_tells_of_the_head_where_that_is_framed():
    fit = HeadFit(0.5, 0.25, crown=5, chin=25, x=20)
    head = do(replace(PLAIN, frame=Frame("head", Canvas(100, 80), head=fit))).head
    assert (head.crown, head.chin, head.x, head.known) == (5, 25, 20, True)
    assert (head.top, head.bottom, head.middle, head.scale) == (20, 60, 50, 2)


@pytest.mark.parametrize(("metadata", "make"), [("strip", None), ("keep", "Camera")])
def test_what_the_original_says_of_its_camera_is_kept_where_that_is_asked(metadata, make):
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    data = saved(Image.fromarray(RGB), "PNG", exif=exif)
    result = do(replace(PLAIN, output=Output(metadata=metadata)), data=data)
    assert opened(result.data).getexif().get(0x010F) == make
    assert result.metadata.camera == "Camera"


def test_pictures_for_the_background_come_from_those_at_hand():
    recipe = replace(PLAIN, scene=Scene(Still("c" * 64)))
    behind = run(read(saved(Image.new("RGB", (4, 3), (1, 2, 3)), "PNG"), "behind"))
    rgba = np.asarray(opened(do(recipe, stills={"c" * 64: behind}.get).data).convert("RGBA"))
    assert (rgba[:, :16] == (1, 2, 3, 255)).all()
    with pytest.raises(errors.BackdropMissing):
        do(recipe)


def test_notes_of_the_picture_reach_the_result():
    assert do(data=saved(Image.fromarray(noise(40, 30, 4)), "PNG")).notes == ("already-transparent",)


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("cat.jpg", "cat-cutout.png"),
        ("my.cat.jpeg", "my.cat-cutout.png"),
        ("folder/cat.jpg", "cat-cutout.png"),
        ("C:\\pictures\\cat.jpg", "cat-cutout.png"),
        ("cat", "cat-cutout.png"),
        (".hidden", ".hidden-cutout.png"),
        ("", "picture-cutout.png"),
        ("/", "picture-cutout.png"),
        ("a\nb\x00.png", "ab-cutout.png"),
        ("图 片.heic", "图 片-cutout.png"),
    ],
)
def test_a_name_is_suggested(name, suggested):
    assert do(name=name).name == suggested
