"""The shapes in which models print question-answer pairs, as texts with the pairs that are in them."""

from __future__ import annotations

import json

from dataflow.parsing.pair import QAPair
from tests.parsing.qa_renderers import PAIRS, RENDERERS, each

CHINESE = [QAPair("这部电影是什么类型？", "心理惊悚片"), QAPair("导演是谁？", "吉列尔莫·德尔·托罗")]
CHOICES = [
    QAPair("What colour is the title?\n(A) Red\n(B) Gold\n(C) Blue\n(D) Green", "(B) Gold"),
    QAPair("How many people are shown?\n(A) One\n(B) Two\n(C) Three\n(D) Four", "(A) One"),
]
LABELLED = [
    QAPair("What is the person doing?", "Riding a bicycle", "Action"),
    QAPair("What colour is the bicycle?", "Red", "Attribute"),
]

_SEED = "Q1: {q}\nA1: {a}"
_THREE = each("Q{i}: {q}\nA{i}: {a}")(PAIRS)

TEXTS: dict[str, tuple[str, list[QAPair]]] = {
    "chatter before": (f"Sure! Here are 3 question-answer pairs based on the image:\n\n{_THREE}", PAIRS),
    "chatter before and after": (
        f"Certainly! Below are some QA pairs:\n\n### QA Pairs\n\n{_THREE}\n\nLet me know if you'd like more questions!",
        PAIRS,
    ),
    "rule and remark after": (f"{_THREE}\n\n---\n\nThese questions cover genre, people and dates.", PAIRS),
    "reasoning before": (f"<think>\nQ: What shall I ask?\nA: Something.\n</think>\n\n{_THREE}", PAIRS),
    "reasoning without its opening tag": (f"I should ask three things.\n</think>\n{_THREE}", PAIRS),
    "truncated in a question": (f"{_THREE}\n\nQ4: What is the na", PAIRS),
    "truncated in choices": (f"{_THREE}\n\nQ4: What colour is it?\n(A) Red\n(B) Bl", PAIRS),
    "truncated JSON": (
        json.dumps([{"question": p.question, "answer": p.answer} for p in PAIRS])[:-1] + ', {"question": "Wh',
        PAIRS,
    ),
    "JSON, a brace missing": (
        json.dumps([{"question": p.question, "answer": p.answer} for p in PAIRS]).replace("}, {", ", {"),
        PAIRS,
    ),
    "sections between pairs": (
        "## Genre\n\n**Question:** What genre does this film belong to?\n**Answer:** Psychological thriller\n\n## "
        "People\n\n"
        "**Question:** Who directed the film?\n**Answer:** Guillermo del Toro, a Mexican filmmaker.\n\n## Dates\n\n"
        "**Question:** In which year was it released?\n**Answer:** 2021",
        PAIRS,
    ),
    "answer of several lines": (
        "Q1: What is shown?\nA1: A street.\n\nIt holds:\n- a car\n- a tram\n\nQ2: Who walks?\nA2: A man.",
        [QAPair("What is shown?", "A street.\n\nIt holds:\n- a car\n- a tram"), QAPair("Who walks?", "A man.")],
    ),
    "choices, (A)": (
        "1. What colour is the title?\n(A) Red\n(B) Gold\n(C) Blue\n(D) Green\nAnswer: (B) Gold\n\n"
        "2. How many people are shown?\n(A) One\n(B) Two\n(C) Three\n(D) Four\nAnswer: (A) One",
        CHOICES,
    ),
    "choices, A. / B.": (
        "Q1: What colour is it?\nA. Red\nB. Gold\nC. Blue\nAnswer: B. Gold\n\nQ2: How many are there?\nA. One\nB. "
        "Two\nC. Six\nAnswer: A. One",
        [
            QAPair("What colour is it?\nA. Red\nB. Gold\nC. Blue", "B. Gold"),
            QAPair("How many are there?\nA. One\nB. Two\nC. Six", "A. One"),
        ],
    ),
    "choices in one line": (
        "Question 1: What colour is it? (A) Red (B) Gold\nAnswer: B\n\nQuestion 2: Who sits? (A) A man (B) A "
        "dog\nAnswer: A",
        [QAPair("What colour is it? (A) Red (B) Gold", "B"), QAPair("Who sits? (A) A man (B) A dog", "A")],
    ),
    "choices, correct answer": (
        "**Question 1:** Which city is it?\n- A) Paris\n- B) Rome\n\n**Correct Answer:** B) Rome",
        [QAPair("Which city is it?\n- A) Paris\n- B) Rome", "B) Rome")],
    ),
    "label line before": (
        "Type: Action\nQ: What is the person doing?\nA: Riding a bicycle\n\nType: Attribute\nQ: What colour is the "
        "bicycle?\nA: Red",
        LABELLED,
    ),
    "label line after": (
        "Question: What is the person doing?\nAnswer: Riding a bicycle\nCategory: Action\n\n"
        "Question: What colour is the bicycle?\nAnswer: Red\nCategory: Attribute",
        LABELLED,
    ),
    "label in brackets": (
        "Q1 (Action): What is the person doing?\nA1: Riding a bicycle\n\nQ2 [Attribute]: What colour is the "
        "bicycle?\nA2: Red",
        LABELLED,
    ),
    "label as JSON field": (
        json.dumps([{"Label": p.label, "Question": p.question, "Answer": p.answer} for p in LABELLED]),
        LABELLED,
    ),
    "label as table column": (
        "| Type | Question | Answer |\n|---|---|---|\n| Action | What is the person doing? | Riding a bicycle |\n"
        "| Attribute | What colour is the bicycle? | Red |",
        LABELLED,
    ),
    "everything in one line": (
        "Q: What is it? A: A dog. Q: Where is it? A: In a park.",
        [QAPair("What is it?", "A dog."), QAPair("Where is it?", "In a park.")],
    ),
    "everything in one line, Chinese": (
        "问：这部电影是什么类型？答：心理惊悚片。问：导演是谁？答：吉列尔莫·德尔·托罗",
        [QAPair("这部电影是什么类型？", "心理惊悚片。"), CHINESE[1]],
    ),
    "instruction for a question": (
        "Question 1: Describe the scene.\nAnswer: A man crosses a street.\n\nQuestion 2: Name the season.\nAnswer: "
        "Winter",
        [QAPair("Describe the scene.", "A man crosses a street."), QAPair("Name the season.", "Winter")],
    ),
    "question of two lines": (
        "Q1: The man in the coat looks at the tent.\nWhy does he do so?\nA1: He is curious.",
        [QAPair("The man in the coat looks at the tent.\nWhy does he do so?", "He is curious.")],
    ),
    "CSV": (
        'question,answer\n"Who directed the film?","Guillermo del Toro, a Mexican filmmaker."\n"In which year was it '
        'released?",2021',
        PAIRS[1:],
    ),
    "table laid on its side": (
        "| Question | Who directed the film? |\n|---|---|\n| Answer | Guillermo del Toro, a Mexican filmmaker. |",
        PAIRS[1:2],
    ),
    "JSON with smart quotes": (
        "[{“question”: “Who directed the film?”, “answer”: “Guillermo del Toro, a Mexican filmmaker.”}]",
        PAIRS[1:2],
    ),
    "JSON without quotes on keys": ("{question: 'In which year was it released?', answer: 2021}", PAIRS[2:]),
    "JSON with comments and commas": (
        '[\n  // first\n  {"question": "In which year was it released?", "answer": "2021",},\n]',
        PAIRS[2:],
    ),
    "JSON with bare quotes inside": (
        '{"question": "Who said "yes" first?", "answer": "The man called "Stan"."}',
        [QAPair('Who said "yes" first?', 'The man called "Stan".')],
    ),
    "JSON with choices": (
        '{"question": "What colour is the title?", "options": {"A": "Red", "B": "Gold"}, "answer": "B"}',
        [QAPair("What colour is the title?\n(A) Red\n(B) Gold", "B")],
    ),
    "JSON, one object": ('{"question": "In which year was it released?", "answer": "2021"}', PAIRS[2:]),
    "JSON, lines without braces": ('"question": "In which year was it released?",\n"answer": "2021"', PAIRS[2:]),
    "tag attributes": ('<pair question="In which year was it released?" answer="2021"/>', PAIRS[2:]),
}


def all_qa_texts() -> dict[str, tuple[str, list[QAPair]]]:
    """Every shape as a text with the pairs that are in it."""
    return {name: (render(PAIRS), PAIRS) for name, render in RENDERERS.items()} | TEXTS
