"""The shapes in which models print an article with question-answer pairs, as texts with what is in them."""

from __future__ import annotations

import json

from dataflow.parsing.pair import QAPair
from tests.parsing.qa_renderers import PAIRS, RENDERERS, each
from tests.parsing.qa_shapes import CHINESE, TEXTS

PLAIN = (
    "Nightmare Alley is a 2021 American neo-noir psychological thriller film directed by Guillermo del Toro, a Mexican "
    "filmmaker.\n\nIt is based on the 1946 novel by William Lindsay Gresham. The film stars Bradley Cooper."
)
SECTIONED = (
    "# Nightmare Alley (2021 film)\n\n**Nightmare Alley** is a 2021 American film.\n\n## Plot\n\nA drifter joins a "
    "carnival.\n\n"
    "## Cast\n\n- Bradley Cooper as Stan\n- Cate Blanchett as Lilith\n\n## Release\n\n1. It premiered in New "
    "York.\n2. It opened in December."
)
TRICKY = (
    "Nightmare Alley is a film. Questions and answers were exchanged at a Q&A session after the premiere, and QA "
    "staff of the "
    "studio attended.\n\nQuestion Time invited the director. What makes the film stand out? Critics point to its "
    "photography. "
    "Question marks over its length remained: is it too long?\n\n## Questions of authorship\n\nThe answer: nobody "
    "knows. Answer Me! "
    "called it a triumph. A 2022 poll put it first.\n\nQ Magazine wrote about the score. But who is the real monster?"
)
INTERVIEW = (
    "The director gave an interview:\n\nQ: Why black and white?\nA: It felt right.\n\n## Legacy\n\nThe film is "
    "studied in film schools "
    "to this day, and a restored print was shown in Venice."
)
QUIZ = (
    "QA (quality assurance) is a way of preventing mistakes. Q&A, short for questions and answers, is another thing "
    "entirely."
)
WIKI_CN = "《玉面情魔》是2021年上映的美国心理惊悚片，由吉列尔莫·德尔·托罗执导。影片改编自1946年的同名小说。"

NUMBERED = RENDERERS["Q1: / A1:"](PAIRS)
UNMARKED = RENDERERS["numbered question, answer below"](PAIRS)
JSON_PAIRS = RENDERERS["JSON list, indented"](PAIRS)
DICTS = json.loads(JSON_PAIRS)

Case = tuple[str, str, list[QAPair]]
Shapes = dict[str, Case]


def _frames() -> Shapes:
    """Ways to set article and pairs apart, around the same article and pairs."""
    frames = {
        "blank line": "{article}\n\n{pairs}",
        "single line break": "{article}\n{pairs}",
        "rule between": "{article}\n\n---\n\n{pairs}",
        "headings ##": "## Article\n\n{article}\n\n## Questions and Answers\n\n{pairs}",
        "headings in bold": "**Article**\n\n{article}\n\n**Question-Answer Pairs**\n\n{pairs}",
        "headings in bold with colons": "**Wikipedia Article:**\n\n{article}\n\n**QA Pairs:**\n\n{pairs}",
        "heading Wikipedia-style Article": (
            "### Wikipedia-style Article\n\n{article}\n\n### Question Answer Pairs\n\n{pairs}"
        ),
        "numbered headings": "### 1. Wikipedia Article\n\n{article}\n\n### 2. Question-Answer Pairs\n\n{pairs}",
        "parts": "Part 1: Article\n\n{article}\n\nPart 2: Questions and Answers\n\n{pairs}",
        "plain headings with colons": "Article:\n{article}\n\nQuestions and Answers:\n{pairs}",
        "article behind its label": "Article: {article}\n\nQ&A:\n{pairs}",
        "bold label in the line": "**Article:** {article}\n\n**Q&A:**\n{pairs}",
        "capital headings": "ARTICLE\n\n{article}\n\nQUESTIONS AND ANSWERS\n\n{pairs}",
        "Context and Questions": "Context: {article}\n\nQuestions:\n\n{pairs}",
        "heading Q&A": "{article}\n\n### Q&A\n\n{pairs}",
        "heading Q & A, bold": "{article}\n\n**Q & A**\n\n{pairs}",
        "heading QA": "{article}\n\n# QA\n\n{pairs}",
        "heading Questions": "{article}\n\n#### Questions\n\n{pairs}",
        "heading FAQ": "{article}\n\n## Frequently Asked Questions\n\n{pairs}",
        "heading in square brackets": "[Article]\n{article}\n\n[Questions and Answers]\n{pairs}",
        "heading with a count": "{article}\n\n**Questions and Answers (3):**\n\n{pairs}",
        "heading that names the article": "{article}\n\n### Questions and Answers about the Article\n\n{pairs}",
        "chatter before": "Sure! Here is a Wikipedia-style article related to the image:\n\n{article}\n\n{pairs}",
        "chatter between": "{article}\n\nHere are some question-answer pairs based on the article:\n\n{pairs}",
        "chatter everywhere": (
            "Certainly! Below is the article.\n\n---\n\n## Article\n\n{article}\n\n---\n\nBased on the article "
            "above, here are 3 "
            "question-answer pairs:\n\n{pairs}\n\nI hope this helps! Let me know if you need anything else."
        ),
        "underlined headings": (
            "Article\n=======\n\n{article}\n\nQuestions and Answers\n=====================\n\n{pairs}"
        ),
        "headings between equals signs": "== Article ==\n\n{article}\n\n== Questions and Answers ==\n\n{pairs}",
        "article in a fence": "```markdown\n{article}\n```\n\n{pairs}",
        "article in a tag": "<article>\n{article}\n</article>\n\n{pairs}",
        "article and pairs in tags": "<article>\n{article}\n</article>\n<qa_pairs>\n{pairs}\n</qa_pairs>",
        "context in a tag": "<context>{article}</context>\n\n**Questions**\n\n{pairs}",
        "end of the article marked": "{article}\n\n[End of article]\n\n{pairs}",
        "reasoning before": "<think>I write an article.\nQ: a?\nA: b\n</think>\n\n{article}\n\n{pairs}",
        "reasoning without its opening tag": (
            "I write an article, then Q: and A: lines.\n</think>\n{article}\n\n{pairs}"
        ),
        "start and end of the article marked": "[ARTICLE START]\n{article}\n[ARTICLE END]\n\n{pairs}",
        "headings with pictographs": "📝 **Article**\n\n{article}\n\n❓ **Questions & Answers**\n\n{pairs}",
        "pairs first": "**Questions and Answers**\n\n{pairs}\n\n**Article**\n\n{article}",
        "pairs first, heading ##": "{pairs}\n\n## Wikipedia Article\n\n{article}",
        "pairs first, no heading": "{pairs}\n\n{article}",
        "pairs first, rule": "{pairs}\n\n---\n\n{article}",
        "French headings": "## Article\n\n{article}\n\n## Questions et réponses\n\n{pairs}",
        "German headings": "## Artikel\n\n{article}\n\n## Fragen und Antworten\n\n{pairs}",
        "Spanish headings": "## Artículo\n\n{article}\n\n## Preguntas y respuestas\n\n{pairs}",
    }
    return {
        name: (frame.replace("{article}", PLAIN).replace("{pairs}", NUMBERED), PLAIN, PAIRS)
        for name, frame in frames.items()
    }


def _inner_shapes() -> Shapes:
    """Every shape of pairs behind an article under a heading, and the main ones without."""
    shapes: Shapes = {}
    for name, render in RENDERERS.items():
        shapes[f"heading, then {name}"] = (
            f"## Article\n\n{PLAIN}\n\n## Questions and Answers\n\n{render(PAIRS)}",
            PLAIN,
            PAIRS,
        )
    for name in (
        "Q: / A:",
        "numbered question, marked answer",
        "bold question, answer below",
        "Markdown table",
        "YAML",
        "headings",
        "numbered question, answer below",
        "one line, bar",
        "tags <q> <a>",
        "JSON in a fence",
        "CSV",
        "plain lines",
    ):
        render = RENDERERS.get(name)
        text, pairs = (render(PAIRS), PAIRS) if render else TEXTS[name]
        shapes[f"no heading, {name}"] = (f"{PLAIN}\n\n{text}", PLAIN, pairs)
    return shapes


def _articles() -> Shapes:
    """Articles that could be taken for pairs or chatter themselves."""
    indented = PLAIN.replace("\n", "\n  ")
    yaml = each("  - question: {q}\n    answer: {a}", "\n")(PAIRS)
    return {
        "YAML block": (f"context: |\n  {indented}\nqas:\n{yaml}", PLAIN, PAIRS),
        "sections, lists and title": (f"{SECTIONED}\n\n{NUMBERED}", SECTIONED, PAIRS),
        "sections under headings": (f"## Article\n\n{SECTIONED}\n\n## Q&A\n\n{NUMBERED}", SECTIONED, PAIRS),
        "sections, unmarked pairs": (f"{SECTIONED}\n\n## Questions and Answers\n\n{UNMARKED}", SECTIONED, PAIRS),
        "speaks of questions": (f"{TRICKY}\n\n{NUMBERED}", TRICKY, PAIRS),
        "speaks of questions, heading": (f"{TRICKY}\n\n### Questions and Answers\n\n{NUMBERED}", TRICKY, PAIRS),
        "speaks of questions, unmarked": (f"{TRICKY}\n\n**Q&A**\n\n{UNMARKED}", TRICKY, PAIRS),
        "speaks of questions, JSON": (f"{TRICKY}\n\n```json\n{JSON_PAIRS}\n```", TRICKY, PAIRS),
        "about QA itself": (f"{QUIZ}\n\n{NUMBERED}", QUIZ, PAIRS),
        "holds an interview": (f"{INTERVIEW}\n\n## Questions and Answers\n\n{NUMBERED}", INTERVIEW, PAIRS),
        "title label": (
            f"Title: Nightmare Alley\n\n{PLAIN}\n\n{NUMBERED}",
            f"Title: Nightmare Alley\n\n{PLAIN}",
            PAIRS,
        ),
        "title behind the label": (
            f"## Article: Nightmare Alley\n\n{PLAIN}\n\n{NUMBERED}",
            f"Nightmare Alley\n\n{PLAIN}",
            PAIRS,
        ),
        "title, then the label": (
            f"Title: Nightmare Alley\n\nArticle:\n{PLAIN}\n\n{NUMBERED}",
            f"Title: Nightmare Alley\n\n{PLAIN}",
            PAIRS,
        ),
        "remark about the article after": (
            f"{PLAIN}\n\n{NUMBERED}\n\nThis article and the questions cover the film's basics.",
            PLAIN,
            PAIRS,
        ),
        "frame around pairs": (f"<wiki>{PLAIN}</wiki>\n<qa>{NUMBERED}</qa>", PLAIN, PAIRS),
        "citations": (f"{PLAIN}[1][2]\n\n{NUMBERED}", f"{PLAIN}[1][2]", PAIRS),
        "one sentence": (f"Alley cats are cats.\n\n{NUMBERED}", "Alley cats are cats.", PAIRS),
        "Chinese": (f"{WIKI_CN}\n\n" + each("问：{q}\n答：{a}")(CHINESE), WIKI_CN, CHINESE),
        "Chinese headings": (
            f"**文章：**\n\n{WIKI_CN}\n\n**问答对：**\n\n" + each("问题{i}：{q}\n答案{i}：{a}")(CHINESE),
            WIKI_CN,
            CHINESE,
        ),
        "choices": (f"{PLAIN}\n\n{TEXTS['choices, (A)'][0]}", PLAIN, TEXTS["choices, (A)"][1]),
        "labels before pairs": (f"{PLAIN}\n\n{TEXTS['label line before'][0]}", PLAIN, TEXTS["label line before"][1]),
        "sections between pairs": (f"{PLAIN}\n\n{TEXTS['sections between pairs'][0]}", PLAIN, PAIRS),
        "CRLF": (f"{PLAIN}\n\n{NUMBERED}".replace("\n", "\r\n"), PLAIN, PAIRS),
        "truncated": (f"{PLAIN}\n\n{NUMBERED}\n\nQ4: Who pl", PLAIN, PAIRS),
    }


def _json() -> Shapes:
    paragraphs = PLAIN.split("\n\n")
    objects: dict[str, object] = {
        "context, qas": {"context": PLAIN, "qas": DICTS},
        "article, qa_pairs": {"article": PLAIN, "qa_pairs": DICTS},
        "pairs first": {"questions": DICTS, "article": PLAIN},
        "title and paragraphs": {"title": "Alley", "paragraphs": PLAIN.split("\n\n"), "questions": DICTS},
        "title and content": {"title": "Nightmare Alley", "content": PLAIN, "question_answer_pairs": DICTS},
        "article as object": {"article": {"title": "Nightmare Alley", "text": PLAIN}, "qa": DICTS},
        "wikipedia_article": {"wikipedia_article": PLAIN, "QA": DICTS},
        "article as paragraphs": {"article": paragraphs, "qas": DICTS},
        "article as sections": {"article": {"Introduction": paragraphs[0], "Background": paragraphs[1]}, "qas": DICTS},
        "wrapped": {"output": {"context": PLAIN, "qas": DICTS}},
        "a list of one": [{"context": PLAIN, "qas": DICTS}],
        "two objects": [{"article": PLAIN}, {"qas": DICTS}],
        "parallel lists": {
            "article": PLAIN,
            "questions": [p.question for p in PAIRS],
            "answers": [p.answer for p in PAIRS],
        },
        "pairs as text": {"article": PLAIN, "qa": NUMBERED},
        "everything in the article": {"article": f"{PLAIN}\n\n{NUMBERED}"},
    }
    shapes: Shapes = {f"JSON, {name}": (json.dumps(value), PLAIN, PAIRS) for name, value in objects.items()}
    whole = json.dumps(objects["context, qas"])
    shapes["JSON in a fence"] = (f"Sure!\n\n```json\n{whole}\n```\nEnjoy!", PLAIN, PAIRS)
    shapes["JSON cut off"] = (whole[:-2] + ', {"question": "Wh', PLAIN, PAIRS)
    shapes["JSON as Python writes it"] = (repr(objects["context, qas"]), PLAIN, PAIRS)
    shapes["JSON with raw line breaks"] = (whole.replace("\\n", "\n"), PLAIN, PAIRS)
    shapes["JSON, article and pairs apart"] = (
        f"{json.dumps({'article': PLAIN})}\n\n{json.dumps({'qas': DICTS})}",
        PLAIN,
        PAIRS,
    )
    return shapes


ARTICLES: Shapes = _frames() | _articles() | _json() | _inner_shapes()
