# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import replace

import numpy as np
import pytest
from helpers import catalogue, noise, opened, run, saved
from PIL import Image

from offcut import errors, job, saving
from offcut.backdrop import Still
from offcut.easel import Easel
from offcut.edges import Edges
from offcut.look import SMALL_DEVICE, Look
from offcut.matte import Matte
from offcut.mattes import MatteCache, digest
from offcut.method import Method
from offcut.picture import read
from offcut.project import opened as unpacked
from offcut.recipe import Recipe
from offcut.scene import Scene

DATA = saved(Image.fromarray(noise(40, 30)), "PNG")
PLAIN = Recipe(edges=Edges(follow=False))


class Net:
    """A net that takes so much of every picture, from the right, for the subject; or fails."""

    def __init__(self, share=0.5, failure=None):
        self.calls = 0
        self.share = share
        self.failure = failure

    async def run(self, model, tensor):
        self.calls += 1
        if self.failure:
            raise self.failure
        output = np.zeros((1, 1, *tensor.shape[2:]), np.float32)
        output[..., round(tensor.shape[3] * (1 - self.share)) :] = 1
        return output


def made(net, mattes, recipe=PLAIN, data=DATA):
    work = job.run(data, "cat.png", recipe, catalogue=catalogue(), engine=net, mattes=mattes)
    return np.asarray(opened(run(work).data))


def pack(mattes, recipe=PLAIN, data=DATA, assets=None, **options):
    work = saving.saved(data, "cat.png", recipe, assets or {}, catalogue=catalogue(), mattes=mattes, **options)
    return run(work)


def test_a_project_opens_elsewhere_to_the_same_pixels_though_the_net_there_says_something_else():
    here, there = MatteCache(), MatteCache()
    pixels = made(Net(0.75), here)
    project = saving.restored(pack(here), there)
    assert np.array_equal(made(Net(0.25, AssertionError()), there, project.recipe, project.data), pixels)


def test_the_same_picture_on_its_own_gets_what_the_net_says_of_it():
    here, there, net = MatteCache(), MatteCache(), Net(0.25)
    pixels = made(Net(0.75), here)
    project = saving.restored(pack(here), there)
    assert not np.array_equal(made(net, there), pixels) and net.calls == 1
    assert np.array_equal(made(net, there, project.recipe), pixels) and net.calls == 1


def test_a_project_that_was_opened_is_saved_with_the_answer_that_it_came_with():
    here, there = MatteCache(), MatteCache()
    made(Net(0.75), here)
    first = pack(here)
    project = saving.restored(first, there)
    made(Net(0.25), there)
    assert pack(there, project.recipe) == first
    assert unpacked(first).recipe == replace(PLAIN, model="once")


def test_an_answer_that_has_been_forgotten_is_asked_for_again():
    net, mattes = Net(), MatteCache(1)
    made(net, mattes)
    whole = pack(mattes)
    made(net, mattes, data=saved(Image.fromarray(noise(40, 30, seed=9)), "PNG"))
    assert unpacked(pack(mattes)).matte is None
    assert pack(mattes, engine=net) == whole and net.calls == 3
    assert pack(mattes, engine=net) == whole and net.calls == 3


def test_a_picture_on_an_easel_need_not_be_read_to_ask_again():
    async def nobody(data, mime):
        raise AssertionError

    easel = Easel(run(read(DATA, "cat.png")))
    whole = pack(MatteCache(), engine=Net(), decode=nobody, easels={digest(DATA): easel}.get)
    assert unpacked(whole).matte is not None
    small = Easel(run(read(DATA, "cat.png")), 100)
    assert pack(MatteCache(), engine=Net(), easels=lambda digest: small) == whole


@pytest.mark.parametrize("failure", [errors.EngineLost(), errors.RemoteError("weights.offline", {}), MemoryError()])
def test_where_the_net_does_not_answer_the_project_is_saved_all_the_same(failure):
    project = unpacked(pack(MatteCache(), engine=Net(failure=failure)))
    assert project.matte is None and project.data == DATA
    assert unpacked(pack(MatteCache(), data=b"no picture", engine=Net())).matte is None


def logo():
    rgb = np.full((30, 40, 3), 255, np.uint8)
    rgb[8:22, 10:30] = (200, 0, 0)
    return saved(Image.fromarray(rgb), "PNG")


@pytest.mark.parametrize(("by", "data"), [("hand", DATA), ("auto", logo()), ("colour", logo())])
def test_no_net_is_asked_where_the_recipe_goes_by_none(by, data):
    net = Net()
    project = unpacked(pack(MatteCache(), replace(PLAIN, method=Method(by)), data, engine=net))
    assert net.calls == 0 and project.matte is None and project.recipe.answer is None


def test_what_the_recipe_names_is_in_the_project():
    image = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    recipe = replace(PLAIN, scene=Scene(Still(image)))
    project = saving.restored(pack(MatteCache(), recipe, assets={image: b"foo"}), MatteCache())
    assert dict(project.assets) == {image: b"foo"} and project.recipe.scene == recipe.scene


def test_notes_about_the_answer_come_along():
    here, there = MatteCache(), MatteCache()
    here.put(digest(DATA), "once", Look(Matte(np.tri(8, dtype=np.float32)), (SMALL_DEVICE,)))
    project = saving.restored(pack(here), there)
    work = job.run(DATA, "cat.png", project.recipe, catalogue=catalogue(), engine=Net(), mattes=there)
    assert run(work).notes == (SMALL_DEVICE,)


def test_an_unknown_plan_is_told():
    with pytest.raises(errors.ModelUnknown):
        pack(MatteCache(), Recipe(model="huge"))
