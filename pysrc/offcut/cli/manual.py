# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of `offcut --help`."""

USAGE = """\
offcut PICTURE [-o FILE]
       offcut PICTURE... FOLDER
       offcut FOLDER FOLDER [--jobs N] [--resume]
       offcut ZIP FOLDER
       offcut - < PICTURE > FILE
       offcut --list-models"""

DESCRIPTION = """\
Removes the background of pictures. A photograph goes in, a transparent PNG of the same size comes
out, made by the same pipeline and the same models as in the browser. No picture leaves this
machine, unless --scheduler names others.

It reads JPEG, PNG, WebP, TIFF, BMP, GIF and ICO (AVIF where Pillow has it), whatever the name says.
A picture that fails is told of in one line and never stops the others.
"""

MORE = """\
inputs and results:
  Without -o the result of NAME.jpg is NAME-cutout.png beside it, and that of standard input goes to
  standard output. -o names a file for one picture; a folder for several, for a pattern, a folder
  and a ZIP, made where it is missing. The last of several names is that folder too, without -o,
  where it is one that is there, or a new one: a name with a slash at its end, or without an ending.

  A folder is walked with all that is in it, but for hidden files, and its results stand in the same
  tree; so do those of a ZIP. A ZIP's member of more than 512 MiB is not read, nor one whose name
  leads out of it. A pattern in quotes (*, ?, [...], ** for any depth) keeps the tree below its
  fixed part. Two pictures that differ by their ending alone become a.jpg-cutout.png and
  a.png-cutout.png. A recipe that says how files are called and leaves {name} out gives its name to
  one picture; of several, each has its own added to that.

  What exists is not replaced without --overwrite, and a picture of the run never, unless -o names
  its file. A result takes its place in one step: no half file is ever left, whatever stops the run.

batches:
  While several pictures go to a folder, .offcut-journal.jsonl in it says what is done and what
  failed. Whatever ends the run, a kill or a power cut, the same command with --resume goes on: what
  was done with the same picture, recipe and model, and whose result is there, is passed over;
  what failed is tried again. A picture is the same when its size and time are, or its contents. A
  journal is removed when all is done, and stays where something failed; where there is one, a run
  without --resume does not start, unless --overwrite has it begin anew. Where there is none,
  --resume changes nothing. With both, results of other pictures, recipes or models are replaced.
  A picture alone has no journal, nor has a run that failed only where results were there before.

recipes:
  A recipe says what is done with a picture, in JSON or TOML; the browser uses the same. --plan and
  --backdrop change what it says.

    version = 1
    model = "balanced"
    [scene.backdrop]
    colour = "#ffffff"

  Where it says what the result is for, a marketplace or a document, that is checked against the
  rules: a line on standard error says which are broken. The picture is written all the same.

the reports:
  --json writes one object a line, in the order in which pictures end: source, target, ok, seconds;
  then width, height, mime, bytes, notes, checks (id, state: pass, warn or fail, and details), sheet
  (paper and photo in mm, and count; null where it is none), confidence and timings (milliseconds by
  stage), or error with code, details and sentence. width and height are those of the picture, of a
  sheet those of each print. source is "-" for standard input, target null where it was not known or
  is standard output. Bytes of a name that are not text stand as lone surrogates, as Python's
  os.fsencode reads. With --resume, lines are added to the file.

  --report writes a table when the run ends, whatever ends it: a row for each picture, those done
  before --resume too, and those that the run never came to. FILE.csv is for spreadsheets, FILE.json
  has the recipe as well. name and target are paths within the inputs and the results; state is
  done, failed or cancelled; then width, height, bytes, model and its sha256, milliseconds,
  confidence, warnings (notes, and the checks that failed), error and details.

  confidence, 0 to 1, is how far the net's own answer can be trusted, and not there where no net was
  asked: look at the lowest first.

jobs:
  --jobs N works at N pictures at a time in one process; the processors are divided among them. The
  weights are in memory once, each further picture needs room of its own (about 0.4 GB, more above
  12 megapixels).

clusters:
  --scheduler ADDRESS (tcp://HOST:PORT) has the workers of a Dask cluster do the work; it needs
  `pip install 'offcut[cluster]'`, here, on the scheduler and on the workers. Start these with
  `dask scheduler` and `dask worker ADDRESS --nthreads N`: a thread is a picture, and uses one
  processor. Pictures travel to the workers and results back; all files are read and written here.
  Weights are looked for on each worker, and sent where they are missing. --jobs N is how many
  pictures are away at a time (default: two for each thread). When a worker dies, its pictures are
  tried once more, each alone; one that ends a worker again is told as failed. Dask trusts everyone
  who reaches its ports: keep them to yourself, or set up its TLS.

models:
  The catalogue is that of --site, else that of the checkout which Offcut lies in: of its dist/
  where it was built, else of models/catalogue.toml. Weights are looked for in --models, in the
  cache, in the site; a checkout's build fetches and prepares what is in none of them. Every file
  is verified by its SHA-256 before use.

examples:
  offcut photo.jpg                              writes photo-cutout.png
  offcut photo.jpg -o cut.png --backdrop '#ffffff'
  offcut cup.jpg --recipe product-photo         writes cup-white.jpg, square, on white
  offcut photos cutouts --jobs 2                a folder with all that is in it
  offcut photos cutouts --jobs 2 --resume       the same, after it was broken off
  offcut shop.zip cutouts --report report.csv   an archive, and a table of what became of it
  offcut photos cutouts --scheduler tcp://10.0.0.1:8786
  offcut 'photos/**/*.jpg' cutouts              the JPEGs alone
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
