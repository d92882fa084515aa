"""From a model's text to data: reasoning taken off, JSON of any health, question-answer pairs, articles, schemas."""

from dataflow.parsing.article import ContextQA, parse_article
from dataflow.parsing.checks import Dropped, answer_in_article, clean_pairs, speaks_of_image
from dataflow.parsing.json_text import json_values, parse_json
from dataflow.parsing.qa_text import QAPair, parse_qa
from dataflow.parsing.reasoning import split_reasoning
from dataflow.parsing.records import QA_FIELDS, Fields, records
from dataflow.parsing.schema import validate

__all__ = [
    "QA_FIELDS",
    "ContextQA",
    "Dropped",
    "Fields",
    "QAPair",
    "answer_in_article",
    "clean_pairs",
    "json_values",
    "parse_article",
    "parse_json",
    "parse_qa",
    "records",
    "speaks_of_image",
    "split_reasoning",
    "validate",
]
