# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of `offcut --help`."""

USAGE = """\
offcut PICTURE [-o FILE]
       offcut PICTURE... -o FOLDER/
       offcut FOLDER -o FOLDER
       offcut - < PICTURE > FILE
       offcut --list-models"""

DESCRIPTION = """\
Removes the background of pictures. A photograph goes in, a transparent PNG of the same size comes
out, made by the same pipeline and the same models as in the browser. No picture leaves this
machine.

It reads JPEG, PNG, WebP, TIFF, BMP, GIF and ICO (AVIF where Pillow has it), whatever the name says.
A picture that fails is told of in one line and never stops the others.
"""

MORE = """\
inputs and results:
  Without -o the result of NAME.jpg is NAME-cutout.png beside it, and that of standard input goes to
  standard output. -o names a file for one picture; a folder for several, for a pattern and for a
  folder, made where it is missing. A folder is walked with all that is in it, but for hidden files,
  and its results stand in the same tree. A pattern in quotes (*, ?, [...], ** for any depth) keeps
  the tree below its fixed part. Two pictures that differ by their ending alone become
  a.jpg-cutout.png and a.png-cutout.png. A recipe that says how files are called and leaves {name}
  out gives its name to one picture; of several, each has its own added to that.

  What exists is not replaced without --overwrite, and a picture of the run never, unless -o names
  its file. A result takes its place in one step: no half file is ever left, whatever stops the run.

recipes:
  A recipe says what is done with a picture, in JSON or TOML; the browser uses the same. --plan and
  --backdrop change what it says.

    version = 1
    model = "balanced"
    [scene.backdrop]
    colour = "#ffffff"

  Where it says what the result is for, a marketplace or a document, that is checked against the
  rules: a line on standard error says which are broken. The picture is written all the same.

the report (--json):
  One object a line, in the order in which pictures end: source, target, ok, seconds; then width,
  height, mime, bytes, notes, checks (id, state: pass, warn or fail, and details), sheet (paper and
  photo in mm, and count; null where it is none) and timings (milliseconds by stage), or error with
  code, details and sentence. width and height are those of the picture, of a sheet those of each
  print. source is "-" for standard input, target null where it was not known or is standard output.
  Bytes of a name that are not text stand as lone surrogates, as Python's os.fsencode reads.

jobs:
  --jobs N works at N pictures at a time in one process; the processors are divided among them. The
  weights are in memory once, each further picture needs room of its own (about 0.4 GB, more above
  12 megapixels).

models:
  The catalogue is that of --site, else that of the checkout which Offcut lies in: of its dist/
  where it was built, else of models/catalogue.toml. Weights are looked for in --models, in the
  cache, in the site; a checkout's build fetches and prepares what is in none of them. Every file
  is verified by its SHA-256 before use.

examples:
  offcut photo.jpg                              writes photo-cutout.png
  offcut photo.jpg -o cut.png --backdrop '#ffffff'
  offcut cup.jpg --recipe product-photo         writes cup-white.jpg, square, on white
  offcut photos -o cutouts --jobs 2             a folder with all that is in it
  offcut 'photos/**/*.jpg' -o cutouts           the JPEGs alone
  offcut --plan fast *.jpg -o cutouts/ --json report.jsonl
  curl -s https://example.org/cat.jpg | offcut - > cat.png

environment:
  OFFCUT_CACHE  where prepared weights are kept (default: ~/.cache/offcut)
  OFFCUT_SITE   the built site to take from when --site is not given

exit codes:
  0    every picture is done
  1    some are not: each has its line on standard error
  2    the command line, or the recipe, was not understood; nothing was started
  130  stopped with Ctrl-C (143 by SIGTERM); what was finished is kept
"""
