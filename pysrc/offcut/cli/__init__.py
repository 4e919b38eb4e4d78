# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line: files in, files out, the same pipeline. CPython only; nothing in the browser imports it.

main.py       what happens in which order, and the exit code
arguments.py  what was asked for
manual.py     the words of --help
inputs.py     which pictures, and where each result goes
recipes.py    what is to be done with them
cache.py      where downloads and prepared graphs are kept
library.py    the catalogue, and the weights of a model
shelves.py    the places that may hold them
batch.py      several pictures at a time
files.py      reading whole files, writing whole files
report.py     what is said about each picture
meter.py      the progress bar
sentences.py  an English sentence for each code of offcut.errors
"""
