"""The page: one HTML file that needs nothing else, runs no script, and may be opened by anybody anywhere.

What models wrote stands in it as text. The content security policy allows pictures that stand in the page and the one
style sheet, by its digest, and nothing more: were there a hole in the escaping, nothing could come of it.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from dataflow.report.html import Html, join, tag
from dataflow.report.sections import head
from dataflow.report.sections.gallery import gallery
from dataflow.report.sections.language import language
from dataflow.report.sections.making import making
from dataflow.report.sections.media import media
from dataflow.report.sections.quality import quality
from dataflow.report.sections.set_aside import set_aside
from dataflow.report.sections.structure import structure

if TYPE_CHECKING:
    from dataflow.report.gathered import Gathered

STYLE = Path(__file__).with_name("style.css")


def page(gathered: Gathered) -> str:
    """The whole page."""
    style = STYLE.read_text()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    made = (set_aside, language, quality, media, gallery, making, structure)
    sections = [section for make in made if (section := make(gathered)) is not None]
    name = gathered.source.name
    document = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("meta", name="referrer", content="no-referrer"),
            tag("title", f"{name}: dataset report"),
            tag("style", Html(style)),
        ),
        tag(
            "body",
            head.header(gathered),
            tag("nav", [tag("a", title, href=f"#{anchor}") for anchor, title, _ in sections], aria_label="Sections"),
            tag("main", head.summary(gathered), [_section(*section) for section in sections]),
            head.footer(gathered),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{document}\n"


def _section(anchor: str, title: str, body: list[Html]) -> Html:
    return tag("section", tag("h2", title), join(body), id=anchor)
