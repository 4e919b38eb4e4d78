# SPDX-License-Identifier: AGPL-3.0-or-later
"""Codes told in English: what happened, what it means, what to do. The browser's words are site/app/sentences.js."""

from collections.abc import Mapping

FAULTS = {
    "picture.empty": "the file is empty, so there is nothing to cut; copy it again from where it came from",
    "picture.unreadable": "this is no picture that Offcut can read, being damaged or something else under a picture's "
    "name, so nothing was cut; try another copy of it",
    "picture.truncated": "the file ends before its picture does, so part of it is missing; copy or download it again "
    "in full",
    "picture.format-unsupported": "{format} files cannot be read here, so nothing was cut; save it as PNG, JPEG, WebP "
    "or TIFF",
    "picture.too-large": "the picture has {width} x {height} pixels, more than the {limit_megapixels} megapixels that "
    "are read, so it was not decoded; make it smaller",
    "picture.depth-unsupported": "its samples have 12 bits, 32 bits or floating points, where 8 and 16 bits are read, "
    "so nothing was cut; save it as 16-bit PNG or TIFF",
    "matte.nothing-found": "no clear subject was found, so nothing was cut; try a closer crop of it, or another --plan",
    "matte.not-finite": "the net answered with numbers that are not valid, so nothing was cut; try again, and report "
    "it if it stays so",
    "catalogue.missing": "there is no catalogue of models (looked in {places}), so there is nothing to cut with; name "
    "a built site with --site DIR, or run Offcut from its checkout",
    "catalogue.invalid": "the catalogue of models is not valid ({field}: {reason}), so nothing was started; build the "
    "site again with `python build.py build`",
    "model.unknown": "there is no plan or model called {model}, so nothing was started; --list-models shows those "
    "that there are",
    "model.contract": "the net {model} should have {expected} but has {got}, so it was not used; build the site again "
    "with `python build.py build`",
    "weights.missing": "the weights {file} were not found (looked in {places}{reason}), so nothing was cut; get them "
    "with `python build.py build --models {model}`",
    "weights.hash-mismatch": "the weights {file} are not those that the catalogue names (their sha256 is {found}), so "
    "they were refused; delete the file and get it again with `python build.py build --models {model}`",
    "engine.missing": "onnxruntime is not installed for this Python, so there is nothing to cut with; get it with "
    "`pip install onnxruntime`",
    "engine.failed": "onnxruntime broke off ({reason}), so nothing was cut; most often memory is short: close other "
    "programs, or try --jobs 1",
    "engine.lost": "the engine ended before its answer came, so nothing was cut; most often memory is short: close "
    "other programs, or try --jobs 1",
    "recipe.invalid": "{field} {reason}, so nothing was started; correct it in the recipe",
    "frame.too-large": "the canvas of this recipe has {width} x {height} pixels, more than the {limit} that one may "
    "have, so nothing was written; ask for a smaller one",
    "backdrop.missing": "the recipe names a picture for the background that is not at hand ({image}), so nothing was "
    "written; name the picture itself with --backdrop",
    "output.impossible": "the file cannot be made as small as {wanted} bytes: at the lowest quality it has {reached}; "
    "allow more, or ask for fewer pixels",
    "output.sheet-too-small": "a print of {width} x {height} mm does not fit the paper, so nothing was written; take "
    "larger paper or a smaller print",
    "project.unreadable": "this is no Offcut project, or a damaged one ({reason}), so nothing was read; take another "
    "copy of it",
    "project.newer": "the project was written by a newer Offcut (version {version}), so it was not opened; update "
    "Offcut",
    "project.tampered": "the {part} in the project is not what was saved, so nothing of it was used; take another copy "
    "of it",
    "job.cancelled": "it was stopped before the end, so nothing was written; run the same command again",
    "job.out-of-memory": "there was not enough memory for this picture, so nothing was written; close other programs, "
    "try --jobs 1, or make it smaller",
    "file.missing": "nothing of this name is there, so nothing was read; check how it is written",
    "file.no-pictures": "there is no picture in it, so nothing was read; name another folder or archive",
    "file.unreadable": "it could not be read ({reason}), so nothing was cut; check its permissions and the disk",
    "file.exists": "{target} is there already and was left as it is; remove it, name another place with -o, or say "
    "--overwrite",
    "file.clash": "{target} would be written for {other} too, so this one was left out; run it by itself with "
    "another -o",
    "file.itself": "its result would take the place of {target}, one of the pictures, so it was left out; name another "
    "folder with -o, or call results otherwise in the recipe",
    "file.unwritable": "{target} could not be written ({reason}), so the result is lost; check the disk and its "
    "permissions, or name another place",
    "internal": "something went wrong inside Offcut ({type}: {message}), so nothing was written; please report it",
}

NOTES = {
    "by-colour": "a graphic, cut by colour",
    "animated": "animated, its first frame was used",
    "several-pages": "several pages, the first was used",
    "sixteen-bit": "16 bits per channel became 8",
    "wide-gamut": "colours converted to sRGB",
    "no-colour-conversion": "its colour profile could not be applied",
    "already-transparent": "what was transparent stays so",
}


LIMITS = {"limit_side": "on a side", "limit_megapixels": "megapixels"}
"""Of the limits of an error the first that its details name is the one that is broken."""


def sentence(code: str, details: Mapping[str, object]) -> str:
    """The sentence about an error as `offcut.errors.describe` gives it, without capital and full stop.

    It is one line, whatever the details hold. A code from elsewhere is named as it stands.
    """
    text = FAULTS.get(code)
    if text is None:
        return f"it failed with the code {code}, so nothing was written; please report it"
    values = {key: printable(str(value)) for key, value in details.items()}
    for limit, words in LIMITS.items():
        if limit in values:
            values.setdefault("limit", f"{values[limit]} {words}")
    return text.format_map(values)


def printable(text: str) -> str:
    """`text` with what would move a terminal's cursor, or cannot be encoded at all, written as an escape."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "surrogatepass").decode() for sign in text
    )
