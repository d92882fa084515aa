r"""Keeps LaTeX in JSON whole: a model writes `"\frac{1}{2}"`, which JSON reads as a form feed and `rac{1}{2}`.

`\b \f \n \r \t` are escapes of JSON and beginnings of LaTeX commands. Which of them is meant is told by the whole word
behind the backslash and, where the rest of that word may be a word of its own (`\nu`: a new line and `u`), by the
mathematics around it. JSON without LaTeX is read as it stands.
"""

from __future__ import annotations

import re

_SURE_COMMANDS = """
backsim backslash bar barwedge because begin beta beth between big bigcap bigcirc bigcup bigg biggl biggr
bigl bigm bigodot bigoplus bigotimes bigr bigsqcup bigstar bigtriangledown bigtriangleup biguplus bigvee
bigwedge binom blacklozenge blacksquare blacktriangle bmatrix bmod boldsymbol bot bowtie boxed boxminus
boxplus boxtimes bra braket breve bullet bumpeq Bbb fallingdotseq fbox fcolorbox fint flat flalign footnote
footnotesize forall frac frak framebox frown nLeftarrow nRightarrow nVdash nabla natural ncong nearrow neq
newcommand newline ngeq ngtr nleftarrow nleq nolimits nonumber normalsize notag notin nrightarrow nsubseteq
nsupseteq ntriangleleft ntriangleright nvdash nwarrow raisebox rangle rbrace rbrack rceil ref rfloor rgroup rho
right rightarrow rightarrowtail rightharpoondown rightharpoonup rightleftarrows rightleftharpoons
rightrightarrows rightsquigarrow rmoustache root rtimes rvert rVert tanh tbinom text textbf textcolor textit
textnormal textrm textsc textsf textstyle textsuperscript texttt textup tfrac therefore theta thickapprox
thicksim thinspace tilde times triangle triangledown triangleleft trianglelefteq triangleq triangleright
trianglerighteq twoheadleftarrow twoheadrightarrow
"""
_DOUBTFUL_COMMANDS = """
bf bm ne neg nexists ni nless nmid norm not nparallel nprec nsim nsucc nu num rm tag tan tau to top tr tt
"""
_SURE = frozenset(_SURE_COMMANDS.split())
"""Commands whose rest is no word: behind a line break or a tab nobody writes `eta`, `imes` or `abla`."""

_DOUBTFUL = frozenset(_DOUBTFUL_COMMANDS.split())
"""Commands whose rest may be a word: `\\tan` is a tab and `an`, `\\ne` a new line and the Italian `e`."""

_ESCAPE = re.compile(r"\\(?:(?P<word>[bfnrt][A-Za-z]+)|.)", re.DOTALL)
_MAYBE = re.compile(r"\\[bfnrt][A-Za-z]")
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)', re.DOTALL)
_COMMAND = re.compile(r"\\{1,2}(?:[ac-eg-mo-qsv-zA-Z][A-Za-z]*|\(|\[)")
"""A backslash that JSON has no use for: its string is about mathematics."""
_BEFORE = frozenset("}{^_(=+-*/<>|,&") | frozenset("0123456789")
_BEHIND = frozenset("{}_^\\$=<>+-/|&,)")


def keep_latex(text: str) -> str:
    """A JSON text in whose strings LaTeX commands are escaped as JSON wants it; without any it comes back as it is."""
    if not _MAYBE.search(text):
        return text
    return _STRING.sub(lambda string: keep_latex_in_string(string.group()), text)


def keep_latex_in_string(text: str) -> str:
    """The inside of one JSON string, escapes and all, in which LaTeX commands are escaped as JSON wants it."""
    if not _MAYBE.search(text):
        return text
    marks = [at.start() for at in re.finditer(r"\$", text)]
    speaks_math = bool(_COMMAND.search(text)) or any(
        found["word"] in _SURE for found in _ESCAPE.finditer(text) if found["word"]
    )
    dollars = 0

    def mend(escape: re.Match[str]) -> str:
        nonlocal dollars
        word = escape["word"]
        while dollars < len(marks) and marks[dollars] < escape.start():
            dollars += 1
        if word in _SURE:
            return "\\" + escape.group()
        if word in _DOUBTFUL and (
            (dollars % 2 == 1 and dollars < len(marks)) or (speaks_math and _stands_in_formula(text, escape))
        ):
            return "\\" + escape.group()
        return escape.group()

    return _ESCAPE.sub(mend, text)


def _stands_in_formula(text: str, escape: re.Match[str]) -> bool:
    """Whether signs of a formula stand right before or behind a command: `2\\tau`, `x \\to 0`, `\\nu_0`."""
    before = text[max(0, escape.start() - 3) : escape.start()]
    behind = text[escape.end() : escape.end() + 2]
    if before.rstrip(" ")[-1:] in {*".!?:;", ""}:
        return False
    if before.rstrip(" ")[-1:] in _BEFORE or behind.lstrip(" ")[:1] in _BEHIND:
        return True
    # One letter alone is a variable: x \to y, a \ne b.
    return bool(re.search(r"(?:^|[^A-Za-z])[A-Za-z]\s?$", before)) and bool(
        re.match(r"\s?[A-Za-z0-9](?![A-Za-z])", text[escape.end() : escape.end() + 3])
    )
