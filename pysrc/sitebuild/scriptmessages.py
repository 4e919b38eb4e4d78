# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds t("…") and tn("…", "…") in JavaScript: strings, comments and nested templates are told apart.

Messages must be string literals (joined with + if long); a call whose first argument is something else is
an error, for such a message could never be translated.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import BuildError

ARGUMENTS = {"t": 1, "tn": 2}
TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<number>\.?\d[\w.]*)
    |(?P<word>[A-Za-z_$\#][\w$]*)
    |(?P<sign>=>|\+\+|--|.)""",
    re.DOTALL | re.VERBOSE,
)
REGEX = re.compile(r"/(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
# After these a slash begins a regular expression, elsewhere it divides.
BEFORE_REGEX = set("(,=:[!&|?{};+-*%<>~^") | {"=>", "return", "typeof", "case", "in", "of", "void", ""}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


@dataclass(frozen=True)
class Found:
    """One message and the line it begins on; `ids` is a pair for a plural."""

    ids: str | tuple[str, str]
    line: int


@dataclass(frozen=True)
class Token:
    """One piece of a script that is neither space nor comment."""

    kind: str
    text: str
    line: int


def read_script(text: str, name: str) -> list[Found]:
    """All messages of a script, in order; raises `BuildError` naming file and line."""
    tokens = list(_tokens(text))
    found = []
    for index, token in enumerate(tokens):
        count = ARGUMENTS.get(token.text) if token.kind == "word" else None
        if count is None or index + 1 >= len(tokens) or tokens[index + 1].text != "(":
            continue
        before = tokens[index - 1].text if index else ""
        if before in (".", "function", "async") or _is_method(tokens, index + 1):
            continue
        ids = _literals(tokens, index + 2, count)
        if ids is None:
            raise BuildError(f"site/{name}:{token.line}: {token.text}() needs its message as a string literal.")
        found.append(Found(ids[0] if count == 1 else (ids[0], ids[1]), token.line))
    return found


def _is_method(tokens: list[Token], opening: int) -> bool:
    """Whether `name(…) {` stands here: the definition of a method, not a call."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].text == "(") - (tokens[index].text == ")")
        if not depth:
            return index + 1 < len(tokens) and tokens[index + 1] == Token("sign", "{", tokens[index + 1].line)
    return False


def _literals(tokens: list[Token], index: int, count: int) -> list[str] | None:
    ids: list[str] = []
    while len(ids) < count:
        if tokens[index].kind != "string":
            return None
        value = _value(tokens[index].text)
        while tokens[index + 1].text == "+" and tokens[index + 2].kind == "string":
            index += 2
            value += _value(tokens[index].text)
        ids.append(value)
        if tokens[index + 1].text not in (",", ")"):
            return None
        index += 2
    return ids


def _value(literal: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code = match.group(1)
        if code[0] in "ux" and len(code) > 1:
            return chr(int(code[1:].strip("{}"), 16))
        return ESCAPES.get(code, code)

    return re.sub(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", plain, literal[1:-1], flags=re.DOTALL)


def _tokens(text: str) -> Iterator[Token]:
    """Tokens of a script; the text parts of template literals are dropped, the code inside them is not."""
    at, line, last = 0, 1, ""
    depths: list[int] = []  # for each open `${`: how many braces are open inside it
    in_template = False
    while at < len(text):
        if in_template:
            end = _template_end(text, at)
            line += text.count("\n", at, end)
            if text[end : end + 2] == "${":
                depths.append(0)
                at = end + 2
            else:
                at = end + 1
            in_template, last = False, "("
            if text[end : end + 1] == "`":
                last = "`"
            continue
        if text[at] == "`":
            in_template, at = True, at + 1
            continue
        if text[at] == "/" and last in BEFORE_REGEX and (regex := REGEX.match(text, at)):
            at, last = regex.end(), "regex"
            continue
        match = TOKEN.match(text, at)
        assert match is not None
        kind, piece = str(match.lastgroup), match.group()
        at = match.end()
        if kind != "space":
            if depths and piece == "}" and not depths[-1]:
                depths.pop()
                in_template = True
                continue
            if depths:
                depths[-1] += (piece == "{") - (piece == "}")
            yield Token(kind, piece, line)
            last = piece
        line += piece.count("\n")


def _template_end(text: str, at: int) -> int:
    """Where the text part of a template literal ends: at its backtick or at `${`."""
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == "`" or text.startswith("${", at):
            return at
        else:
            at += 1
    return at
