"""The shapes in which models print question-answer pairs, as renderers that take any pairs."""

from __future__ import annotations

import json
from collections.abc import Callable

from dataflow.parsing.pair import QAPair

Render = Callable[[list[QAPair]], str]

PAIRS = [
    QAPair("What genre does this film belong to?", "Psychological thriller"),
    QAPair("Who directed the film?", "Guillermo del Toro, a Mexican filmmaker."),
    QAPair("In which year was it released?", "2021"),
]


def each(form: str, sep: str = "\n\n") -> Render:
    """A renderer that fills `{i}`, `{q}`, `{a}` of a form for each pair."""

    def render(pairs: list[QAPair]) -> str:
        return sep.join(
            form.replace("{i}", str(i)).replace("{q}", pair.question).replace("{a}", pair.answer)
            for i, pair in enumerate(pairs, start=1)
        )

    return render


def _dicts(pairs: list[QAPair], question: str = "question", answer: str = "answer") -> list[dict[str, str]]:
    return [{question: pair.question, answer: pair.answer} for pair in pairs]


def as_json(wrap: Callable[[list[QAPair]], object], **options: object) -> Render:
    """A renderer that dumps what `wrap` makes of the pairs."""
    return lambda pairs: json.dumps(wrap(pairs), ensure_ascii=False, **options)  # type: ignore[arg-type]


def _table(pairs: list[QAPair], header: str = "| Question | Answer |\n|---|---|", row: str = "| {q} | {a} |") -> str:
    return header + "\n" + each(row, "\n")(pairs)


def _two_lists(question: str, answer: str, headings: tuple[str, str]) -> Render:
    return lambda pairs: (
        f"{headings[0]}\n{each(question, chr(10))(pairs)}\n\n{headings[1]}\n{each(answer, chr(10))(pairs)}"
    )


RENDERERS: dict[str, Render] = {
    "bulleted, as in the documentation": each("- Q: {q}\n  A: {a}"),
    "Q: / A:": each("Q: {q}\nA: {a}"),
    "Q: / A:, no blank lines": each("Q: {q}\nA: {a}", "\n"),
    "Q1: / A1:": each("Q{i}: {q}\nA{i}: {a}"),
    "Q1. / A1.": each("Q{i}. {q}\nA{i}. {a}"),
    "Q1) / A1)": each("Q{i}) {q}\nA{i}) {a}"),
    "Q. / Ans.": each("Q. {q}\nAns. {a}"),
    "Q.1 / Ans:": each("Q.{i} {q}\nAns: {a}"),
    "Q - / A -": each("Q - {q}\nA - {a}"),
    "(Q1) / (A1)": each("(Q{i}) {q}\n(A{i}) {a}"),
    "[Q] / [A]": each("[Q] {q}\n[A] {a}"),
    "lower case q: / a:": each("q: {q}\na: {a}"),
    "capitals": each("QUESTION {i}: {q}\nANSWER {i}: {a}"),
    "Question: / Answer:": each("Question: {q}\nAnswer: {a}"),
    "Question 1: / Answer:": each("Question 1: {q}\nAnswer: {a}"),
    "Question 1: / Answer 1:": each("Question {i}: {q}\nAnswer {i}: {a}"),
    "Question #1 / Answer": each("Question #{i}: {q}\nAnswer: {a}"),
    "mark and content on lines of their own": each("Question:\n{q}\n\nAnswer:\n{a}"),
    "bold marks, colon inside": each("**Q{i}:** {q}\n**A{i}:** {a}"),
    "bold marks, colon outside": each("**Question {i}**: {q}\n\n**Answer {i}**: {a}"),
    "bold question, plain answer": each("**Q{i}: {q}**\nA{i}: {a}"),
    "bold question, bold answer": each("**Question: {q}**\n**Answer: {a}**"),
    "italic marks": each("*Question:* {q}\n*Answer:* {a}"),
    "bold marks without a colon": each("**Q{i}** {q}\n**A{i}** {a}"),
    "headings": each("### Question {i}\n{q}\n\n### Answer {i}\n{a}"),
    "heading with the question": each("### Q{i}: {q}\n\n**A:** {a}"),
    "numbered, bold marks": each("{i}. **Question:** {q}\n   **Answer:** {a}"),
    "numbered, Q: / A:": each("{i}. Q: {q}\n   A: {a}"),
    "numbered, bold marks, no blank lines": each("{i}. **Q:** {q}\n   **A:** {a}", "\n"),
    "numbered, marks of words, no blank lines": each("{i}. Question: {q}\n   Answer: {a}", "\n"),
    "numbered question, lettered answer": each("{i}. Question: {q}\n   a. Answer: {a}", "\n"),
    "lettered pairs": each("a) Q: {q}\n   A: {a}", "\n"),
    "one line, arrow between marks": each("Q: {q} → A: {a}", "\n"),
    "numbered headings, no blank lines": each("**QA Pair {i}**\nQuestion: {q}\nAnswer: {a}", "\n"),
    "numbered question, marked answer": each("{i}. {q}\n   Answer: {a}"),
    "numbered bold question, bulleted answer": each("{i}. **{q}**\n   - Answer: {a}"),
    "numbered question, answer below": each("{i}. {q}\n   {a}"),
    "numbered question, answer in the line": each("{i}. {q} {a}", "\n"),
    "numbered in brackets": each("({i}) {q}\nAnswer: {a}"),
    "bulleted question, nested answer": each("- {q}\n  - {a}", "\n"),
    "bulleted marks": each("* **Q:** {q}\n* **A:** {a}"),
    "bold question, answer below": each("**{q}**\n{a}"),
    "bold question, answer behind": each("**{q}** {a}"),
    "heading that asks, answer below": each("#### {i}. {q}\n\n{a}"),
    "plain lines": each("{q}\n{a}"),
    "numbered pairs with headings": each("**QA Pair {i}**\nQuestion: {q}\nAnswer: {a}"),
    "pairs between rules": each("Question: {q}\nAnswer: {a}", "\n\n---\n\n"),
    "question marked, answer not": each("Q{i}: {q}\n{a}"),
    "one line, bar": each("Q: {q} | A: {a}", "\n"),
    "one line, bar, no marks": each("{q} | {a}", "\n"),
    "one line, numbered, bar": each("{i}. {q} | {a}", "\n"),
    "one line, tab": each("{q}\t{a}", "\n"),
    "one line, words": each("Question: {q} Answer: {a}", "\n"),
    "one line, arrow": each("- {q} -> {a}", "\n"),
    "one line, semicolon": each("Q{i}: {q}; A{i}: {a}", "\n"),
    "Markdown table": _table,
    "Markdown table, numbered": lambda pairs: _table(
        pairs, "| # | Question | Answer |\n|:-:|:--|:--|", "| {i} | {q} | {a} |"
    ),
    "Markdown table, no outer bars": lambda pairs: _table(pairs, "Question | Answer\n--- | ---", "{q} | {a}"),
    "tags <q> <a>": each("<q>{q}</q><a>{a}</a>", "\n"),
    "tags <question> <answer>": each("<qa>\n  <question>{q}</question>\n  <answer>{a}</answer>\n</qa>", "\n"),
    "numbered tags": each("<Q{i}>{q}</Q{i}>\n<A{i}>{a}</A{i}>"),
    "tags never closed": each("<question>{q}\n<answer>{a}"),
    "HTML": each("<p><strong>Q{i}:</strong> {q}</p>\n<p><strong>A{i}:</strong> {a}</p>", "\n"),
    "list of questions, list of answers": _two_lists("{i}. {q}", "{i}. {a}", ("Questions:", "Answers:")),
    "all questions, then all answers": _two_lists("Q{i}: {q}", "A{i}: {a}", ("## Questions", "## Answers")),
    "full-width colons": each("Q{i}：{q}\nA{i}：{a}"),
    "French spacing": each("Question {i} : {q}\nRéponse {i} : {a}"),
    "Spanish": each("Pregunta {i}: {q}\nRespuesta {i}: {a}"),
    "Spanish, one letter": each("P: {q}\nR: {a}"),
    "German": each("Frage {i}: {q}\nAntwort {i}: {a}"),
    "Italian": each("Domanda: {q}\nRisposta: {a}"),
    "Portuguese": each("**Pergunta {i}:** {q}\n**Resposta:** {a}"),
    "Russian": each("Вопрос {i}: {q}\nОтвет: {a}"),
    "Japanese": each("質問{i}：{q}\n回答{i}：{a}"),
    "Korean": each("질문 {i}: {q}\n답변: {a}"),
    "Chinese": each("问题{i}：{q}\n答案{i}：{a}"),
    "Chinese, one character": each("问：{q}\n答：{a}"),
    "Chinese, in brackets": each("【问题{i}】{q}\n【答案{i}】{a}"),
    "user and assistant": each("User: {q}\nAssistant: {a}"),
    "YAML": each("- question: {q}\n  answer: {a}", "\n"),
    "emoji": each("❓ **Q{i}:** {q}\n✅ **A{i}:** {a}"),
    "quoted block": each("> **Q:** {q}\n> **A:** {a}"),
    "lines end in CRLF": lambda pairs: each("Q{i}: {q}\nA{i}: {a}")(pairs).replace("\n", "\r\n"),
    "JSON list": as_json(_dicts),
    "JSON list, indented": as_json(_dicts, indent=2),
    "JSON in a fence": lambda pairs: f"```json\n{json.dumps(_dicts(pairs), indent=2)}\n```",
    "JSON in a fence, with prose": lambda pairs: (
        f"Here you go:\n\n```json\n{json.dumps(_dicts(pairs))}\n```\n\nLet me know if you need more."
    ),
    "JSON, wrapped": as_json(lambda pairs: {"qa_pairs": _dicts(pairs)}),
    "JSON, wrapped twice": as_json(lambda pairs: {"result": {"data": _dicts(pairs, "Question", "Answer")}}),
    "JSON, short keys": as_json(lambda pairs: _dicts(pairs, "Q", "A")),
    "JSON, Chinese keys": as_json(lambda pairs: _dicts(pairs, "问题", "答案")),
    "JSON, other keys": as_json(lambda pairs: _dicts(pairs, "query", "response")),
    "JSON, numbered objects": as_json(lambda pairs: {str(i): item for i, item in enumerate(_dicts(pairs), 1)}),
    "JSON, numbered keys": as_json(
        lambda pairs: {k: v for i, p in enumerate(pairs, 1) for k, v in ((f"Q{i}", p.question), (f"A{i}", p.answer))}
    ),
    "JSON, parallel lists": as_json(
        lambda pairs: {"questions": [p.question for p in pairs], "answers": [p.answer for p in pairs]}
    ),
    "JSON, rows": as_json(lambda pairs: [[pair.question, pair.answer] for pair in pairs]),
    "JSON, conversation": as_json(
        lambda pairs: [
            turn
            for pair in pairs
            for turn in ({"from": "human", "value": pair.question}, {"from": "gpt", "value": pair.answer})
        ]
    ),
    "JSON lines": lambda pairs: "\n".join(json.dumps(item) for item in _dicts(pairs)),
    "JSON encoded twice": lambda pairs: json.dumps(json.dumps(_dicts(pairs))),
    "JSON as Python writes it": lambda pairs: repr(_dicts(pairs)),
}
