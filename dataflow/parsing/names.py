"""The words for question, answer and label in the languages models answer in, as marks in text and as keys in JSON."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

QUESTION_MARKS = (
    "question", "ques", "quest", "que", "qn", "query", "prompt", "user", "human", "student", "interviewer", "q",
    "问题", "問題", "提问", "提問", "质问", "質問", "题目", "題目", "问", "問",
    "pregunta", "frage", "domanda", "pergunta", "questão", "vraag", "вопрос", "питання", "запитання", "въпрос",
    "soru",
    "pytanie", "질문", "문제", "문", "प्रश्न", "सवाल", "السؤال", "سؤال", "پرسش", "سوال", "câu hỏi", "pertanyaan",
    "soalan",
    "คำถาม", "otázka", "fråga", "spørgsmål", "spørsmål", "kysymys", "kérdés", "ερώτηση", "întrebare", "שאלה",
    "প্রশ্ন",
    "கேள்வி", "pitanje", "vprašanje",
)  # fmt: skip
ANSWER_MARKS = (
    "answer", "anwser", "ans", "response", "reply", "completion", "assistant", "gpt", "ai", "bot", "chatbot",
    "teacher",
    "interviewee", "a",
    "答案", "回答", "解答", "答复", "答え", "答",
    "respuesta", "antwort", "réponse", "reponse", "rép", "risposta", "resposta", "antwoord", "ответ", "відповідь",
    "отговор", "cevap", "yanıt", "odpowiedź", "답변", "정답", "대답", "답", "उत्तर", "जवाब", "الإجابة", "إجابة",
    "الجواب",
    "جواب", "پاسخ", "câu trả lời", "trả lời", "đáp án", "jawaban", "jawapan", "คำตอบ", "odpověď", "odpoveď", "svar",
    "vastaus", "válasz", "απάντηση", "răspuns", "תשובה", "উত্তর", "பதில்", "odgovor",
)  # fmt: skip
LABEL_MARKS = (
    "question type", "label", "type", "category", "dimension", "aspect", "问题类型", "类型", "類型", "类别", "類別",
    "标签",
    "標籤", "维度", "維度", "tipo", "categoría", "typ", "kategorie", "catégorie",
)  # fmt: skip
ARTICLE_MARKS = (
    "wikipedia-style article", "wikipedia style article", "wikipedia article", "wiki-style article", "wiki article",
    "encyclopedia article", "encyclopedic article", "background article", "article text", "article body", "article",
    "background context", "context", "passage", "wikipedia", "文章", "维基百科文章", "正文", "上下文", "背景文章",
    "背景知识",
    "背景", "記事", "artículo", "artikel", "articolo", "artigo", "статья", "contexte", "contexto", "kontext",
)  # fmt: skip

_KEY_WORDS = {
    "question": (
        *QUESTION_MARKS, "question text", "question content", "qa question", "generated question", "question en",
        "question zh", "the question", "ques text", "prompt", "instruction", "input", "problem", "query text",
        "utterance",
    ),
    "answer": (
        *ANSWER_MARKS, "answer text", "answer content", "qa answer", "generated answer", "answer en", "answer zh",
        "the answer", "final answer", "correct answer", "right answer", "short answer", "full answer",
        "gold answer",
        "reference answer", "expected answer", "ground truth", "ground truth answer", "gt", "output", "completion",
        "solution", "target", "model", "ai", "bot", "correct option", "correct choice", "model answer",
        "sample answer",
    ),
    "label": (
        *LABEL_MARKS, "qtype", "question category", "question label", "question dimension", "question aspect",
        "qa type",
        "skill", "topic", "kind", "class", "task type", "reasoning type",
    ),
    "context": (
        *ARTICLE_MARKS, "text", "content", "body", "background", "document", "wiki", "knowledge", "paragraph",
        "paragraphs", "page",
        "article content", "wikipedia content", "external knowledge", "background knowledge", "essay",
    ),
}  # fmt: skip


LONGEST = 1000
"""Characters of a key or a mark that are looked at."""


def fold(name: str) -> str:
    """A key or a mark reduced to its letters: case, accents, digits and punctuation gone. A longer one is no name."""
    return _fold(name[:LONGEST])


@lru_cache(maxsize=1024)
def _fold(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in folded if char.isalpha())


def number_in(name: str) -> str:
    """The first run of digits in a key or a mark, without leading zeros; empty when there is none."""
    digits = ""
    for char in name[:LONGEST]:
        if char.isdigit():
            digits += char
        elif digits:
            break
    return digits.lstrip("0") if digits.strip("0") else digits[:1]


FOLDED: dict[str, frozenset[str]] = {
    field: frozenset(fold(word) for word in words) for field, words in _KEY_WORDS.items()
}


def plural(names: frozenset[str]) -> frozenset[str]:
    """The names as they read in front of a list: `questions` beside `question`."""
    return names | {name + "s" for name in names}
