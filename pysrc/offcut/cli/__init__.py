# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line: files in, files out, the same pipeline. CPython only; nothing in the browser imports it.

main.py       what is asked, and the exit code
running.py    what happens in which order
arguments.py  what was asked for
manual.py     the words of --help
task.py       one picture to be made
inputs.py     which pictures, and where the result of each goes
sources.py    reading them
archives.py   those in a ZIP
recipes.py    what is to be done with them
cache.py      where downloads and prepared graphs are kept
library.py    the catalogue, and the weights of a model
shelves.py    the places that may hold them
batch.py      several pictures at a time, here
cluster.py    on many machines: the client's side; the one file beside crew.py that needs Dask
crew.py       the workers' side
delivery.py   from the source, and to the target
journal.py    what is done, for a run that goes on
files.py      writing whole files
outcomes.py   what became of a picture
books.py      what became of all, as a table
report.py     what is said about each picture
meter.py      the progress bar
sentences.py  an English sentence for each code of offcut.errors
"""
