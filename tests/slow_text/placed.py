"""Readers that take more than a text: it is put where text of others stands when it reaches them, in a row, a reply, a
header, a message of an error, a query."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from dataflow.core import Message, Request, Response, TextPart
from dataflow.core.errors import AnswerError
from dataflow.core.secrets import shown_command, without_secrets
from dataflow.export.build import conversations_of
from dataflow.export.card_parts import making
from dataflow.export.columns import Columns
from dataflow.export.pairs import pairs_in
from dataflow.export.placeholders import check_marks, marked_text
from dataflow.media.data_url import decode_data_url
from dataflow.media.fetch_manners import told_wait
from dataflow.operators.conversations.conversation2message import conversation_to_messages, messages_to_conversation
from dataflow.operators.core_vision.generate.multirole.material import read_clips
from dataflow.operators.core_vision.generate.multirole.pairs import read_pairs
from dataflow.operators.core_vision.generate.multirole.schemas import Call, Merge, Proposals
from dataflow.operators.free_text import read_free_text
from dataflow.operators.no_answer import told_apart
from dataflow.operators.structured import complete_pairs, usable_pairs, with_correction
from dataflow.parsing.asking import split_inline
from dataflow.parsing.checks import answer_in_article
from dataflow.parsing.json_reader import read_value
from dataflow.parsing.schema import validate
from dataflow.parsing.subtitles import cues_of
from dataflow.prompts import correction, template
from dataflow.report.figures import Figures
from dataflow.report.parts import quote
from dataflow.report.process import SetAside
from dataflow.report.words import first_words
from dataflow.serving.embedded.asked import asked
from dataflow.serving.embedded.facts import ImageFacts
from dataflow.serving.embedded.replying import reply
from dataflow.serving.openai_api.body import refuses_response_format
from dataflow.serving.openai_api.failures import failure, sends_on
from dataflow.serving.openai_api.headers import check_headers, parse_headers
from dataflow.serving.openai_api.refusal import Asked, error_of
from dataflow.serving.openai_api.reply import read_answer
from dataflow.serving.openai_api.retry_after import retry_after
from dataflow.serving.openai_api.too_much import cure_for
from dataflow.serving.pacing.pacer import read_bucket
from dataflow.serving.pacing.proof import Proof
from dataflow.storage.formats import csv
from dataflow.storage.formats.jsonl import read_lines
from dataflow.storage.ids import with_ids
from dataflow.storage.llava import with_question
from dataflow.storage.review import row_digest
from dataflow.viewer.facts import facts_of, snippet
from dataflow.viewer.lines import parse_row
from dataflow.viewer.media_refs import media_of
from dataflow.viewer.query import parse_query
from tests.slow_text.growth import Reader

_ASKED = Asked("http://127.0.0.1:1/v1", "m", "KEY")
_ROLES = Columns()
_MEDIA = frozenset({"image", "video"})
_GREY = ImageFacts(4, 4, (), 50, "low", "sharp", "plain")


class _QA(BaseModel):
    question: str
    answer: str


class _Pairs(BaseModel):
    qa: list[_QA]


def _request(text: str) -> Request:
    return Request((Message("user", (TextPart(text),)),))


def _reply(content: Any) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}, "finish_reason": "stop"}]}).encode()


def _body(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _through(rows: Iterable[Any]) -> None:
    for _ in rows:
        pass


@cache
def _all_figures() -> Figures:
    return Figures(_ROLES, seed=0, gallery=1)


def _figures(row: dict[str, Any]) -> None:
    _all_figures().add({"id": "1", **row})


def _csv(text: str) -> None:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(_body(text))
        file.flush()
        _through(csv.read(Path(file.name)))


PLACED: dict[str, Reader] = {
    "core.secrets.shown_command": lambda text: shown_command(["run", "--api-url", text]),
    "core.secrets.without_secrets": lambda text: without_secrets(_body(text), [b"sk-secret/key"]),
    "serving.pacing.pacer.read_bucket": lambda text: read_bucket(
        {"x-ratelimit-limit-requests": "9", "x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": text},
        "requests",
    ),
    "serving.pacing.proof": lambda text: Proof(lambda: None).all_failed_alike(text, None, ()),  # type: ignore[arg-type]
    "export.build: a caption": lambda text: conversations_of({"id": "1", "image": "a.png", "caption": text}, _ROLES),
    "export.build: a text with pairs": lambda text: conversations_of({"id": "1", "image": "a", "vqa": text}, _ROLES),
    "export.build: pairs": lambda text: conversations_of(
        {"id": "1", "image": "a.png", "qa": [{"question": text, "answer": text}]}, _ROLES
    ),
    "export.card_parts.making": lambda text: making(
        {"operators": [{"name": text}], "servings": [{"model": text, "params": {text: text}}], "prompts": {text: text}}
    ),
    "export.pairs.pairs_in": lambda text: pairs_in("vqa", text),
    "export.placeholders": lambda text: (
        marked_text(Message("user", (TextPart(text),))),
        check_marks([text], 0, 0),
    ),
    "media.data_url": lambda text: decode_data_url("data:image/png;base64," + text, 1 << 30),
    "media.data_url: all of it": lambda text: decode_data_url("data:" + text, 1 << 30),
    "media.fetch_manners.told_wait": lambda text: told_wait({"Retry-After": text}),
    "operators.conversation_to_messages": lambda text: conversation_to_messages(
        [{"from": "human", "value": text}, {"from": "gpt", "value": text}], [], []
    ),
    "operators.messages_to_conversation": lambda text: messages_to_conversation([{"role": "user", "content": text}]),
    "operators.read_clips": lambda text: read_clips(text, "Clips"),
    "operators.read_clips: said": lambda text: read_clips(
        [{"Frames_Images": ["a.png"], "Audio_Text": text, "Description": text}], "Clips"
    ),
    "operators.read_pairs": lambda text: read_pairs(
        {"id": "1", "QA": [{"question": text, "answer": text, "id": text}]}, "QA", 3, ""
    ),
    "operators.read_free_text": lambda text: read_free_text(Response(text)),
    "operators.read_free_text: cut off": lambda text: read_free_text(
        Response(text, finish_reason="length"), keep_cut_off=True
    ),
    "operators.complete_pairs": lambda text: complete_pairs(Response(text)),
    "operators.complete_pairs: cut off": lambda text: complete_pairs(Response(text, finish_reason="length")),
    "operators.usable_pairs": lambda text: usable_pairs(Response(text)),
    "operators.told_apart": lambda text: told_apart(AnswerError("no", raw=text), text),
    "operators.with_correction": lambda text: with_correction(_request(text), AnswerError(text, raw=text), "form"),
    "parsing.split_inline": lambda text: split_inline(text, False),
    "parsing.split_inline: loose": lambda text: split_inline(text, True),
    "parsing.answer_in_article": lambda text: answer_in_article(text, text),
    "parsing.read_value": lambda text: read_value(text, 0),
    "parsing.validate": lambda text: validate(text, _Pairs),
    "parsing.validate: cut off": lambda text: validate(text, _Pairs, True),
    "parsing.validate: proposals": lambda text: validate(text, Proposals),
    "parsing.validate: a call": lambda text: validate(text, Call),
    "parsing.validate: a merge": lambda text: validate(text, Merge),
    "parsing.cues_of: segments": lambda text: cues_of([{"start": 0, "end": 1, "text": text}]),
    "prompts.correction": lambda text: correction.build(text, "form"),
    "prompts.template: the template": lambda text: (
        template.placeholders_of(text),
        template.render(text, {"a": "b"}),
    ),
    "prompts.template: a field": lambda text: template.render("Say {caption} again.", {"caption": text}),
    "report.figures: a caption": lambda text: _figures({"caption": text, "image": text}),
    "report.figures: a text with pairs": lambda text: _figures({"vqa": text}),
    "report.figures: pairs": lambda text: _figures({"qa": [{"question": text, "answer": text, "label": text}]}),
    "report.figures: names": lambda text: _figures({text: 1, "a_checks": {text: text}, "qa_status": text}),
    "report.process": lambda text: SetAside().add({"operator": text, "kind": text, "message": text}, text, text),
    "report.parts.quote": lambda text: quote(text, 300),
    "report.words.first_words": lambda text: first_words(text, 2),
    "serving.embedded.asked": lambda text: asked(_request(text)).question,
    "serving.embedded.reply": lambda text: reply(text, [_GREY]),
    "serving.openai_api.read_answer": lambda text: read_answer(_reply(text), _ASKED, 0.1),
    "serving.openai_api.read_answer: as it comes": lambda text: read_answer(_body(text), _ASKED, 0.1),
    "serving.openai_api.read_answer: events": lambda text: read_answer(
        b"data: " + _reply(text) + b"\n\ndata: " + _body(text) + b"\n\n", _ASKED, 0.1
    ),
    "serving.openai_api.read_answer: a list": lambda text: read_answer(
        _reply([{"type": "text", "text": piece} for piece in text.split(" ", len(text) // 40)]), _ASKED, 0.1
    ),
    "serving.openai_api.read_answer: an error": lambda text: read_answer(
        json.dumps({"error": {"message": text, "code": text}}).encode(), _ASKED, 0.1
    ),
    "serving.openai_api.error_of 400": lambda text: error_of(400, {}, _body(text), _ASKED),
    "serving.openai_api.error_of 403": lambda text: error_of(
        403, {}, json.dumps({"error": {"message": text, "code": text}}).encode(), _ASKED
    ),
    "serving.openai_api.error_of 429": lambda text: error_of(429, {"retry-after": text}, _body(text), _ASKED),
    "serving.openai_api.retry_after": lambda text: retry_after({"retry-after-ms": text, "x": text}, _body(text)),
    "serving.openai_api.cure_for": lambda text: cure_for(413, text),
    "serving.openai_api.refuses_response_format": lambda text: refuses_response_format(400, _body(text)),
    "serving.openai_api.parse_headers": lambda text: parse_headers([text, "a: " + text]),
    "serving.openai_api.check_headers": lambda text: check_headers({text: text, "a": text}),
    "serving.openai_api.failure": lambda text: failure("http://a", OSError(text), None, [_body(text)]),
    "serving.openai_api.sends_on": lambda text: sends_on("http://a", "http://a/v1", 307, text),
    "storage.formats.csv": _csv,
    "storage.formats.jsonl": lambda text: _through(read_lines("a.jsonl", [_body(text)])),
    "storage.formats.jsonl: a row": lambda text: _through(
        read_lines("a.jsonl", [json.dumps({"id": text, "caption": text}).encode()])
    ),
    "storage.ids": lambda text: _through(with_ids([{"id": text}, {"id": text}], lambda told: None)),
    "storage.llava": lambda text: with_question({"conversations": [{"from": "human", "value": text}]}),
    "storage.review.row_digest": lambda text: row_digest({"id": text, "caption": text}),
    "viewer.facts": lambda text: (
        facts_of({"id": "1", "caption": text, "vqa": text, "label": text}, _MEDIA, _ROLES),
        snippet({"id": "1", "text": text}, _MEDIA),
    ),
    "viewer.facts: pairs": lambda text: facts_of(
        {"id": "1", "qa": [{"question": text, "answer": text, "type": text}], "a_score": text}, _MEDIA, _ROLES
    ),
    "viewer.lines.parse_row": lambda text: parse_row(_body(text), 0),
    "viewer.media_refs": lambda text: media_of({"image": text, "video": [text]}, _MEDIA),
    "viewer.query": lambda text: parse_query({"text": text, "pairs": text, "rating": text}),
}
"""By what is read and where the text stands."""
