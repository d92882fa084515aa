"""Refusals are told from captions that hold the same words, in twelve languages; precision comes first."""

from collections import Counter

import pytest

from dataflow.core import AnswerError, RefusedAnswer
from dataflow.parsing.free_text import free_text
from dataflow.parsing.refusals import refusal_in
from tests.parsing.free_text.cases import NAMES, REFUSAL_SETS, cases


def outcome(text):
    try:
        return free_text(text)
    except RefusedAnswer:
        return None
    except AnswerError as error:
        return f"no answer: {error}"


@pytest.mark.parametrize("name", REFUSAL_SETS)
def test_at_most_two_refusals_of_a_file_are_missed(name):
    missed = [case.text for case in cases(name) if case.kind == "refusal" and outcome(case.text) is not None]
    assert len(missed) <= 2, missed


@pytest.mark.parametrize("name", REFUSAL_SETS)
def test_no_true_caption_is_refused_or_changed(name):
    changed = {case.text: outcome(case.text) for case in cases(name) if case.kind == "caption"}
    assert {text: kept for text, kept in changed.items() if kept != text} == {}


def test_the_files_hold_what_they_promise():
    first = Counter((case.language, case.kind) for case in cases("first"))
    ten = [language for language in NAMES if language not in {"nl", "ar"}]
    assert all(first[language, kind] == 20 for language in ten for kind in ("refusal", "caption"))
    assert sum(first[language, kind] for language in ten for kind in ("refusal", "caption")) == 400
    texts = [case.text for name in REFUSAL_SETS for case in cases(name)]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "对不起，我爱你——电影海报上的标题十分醒目。",
        "对不起，我不能没有你——这行歌名印在唱片封面上。",
        "それはできません、と係員が首を振っている。",
        "すみません、分かりません、と少女が小さく答える場面。",
        "Sin imagen, el viejo televisor muestra solo nieve gris.",
        "Sin foto, la pared blanca parece aún más grande.",
    ],
)
def test_words_that_are_said_or_stand_somewhere_and_a_picture_that_is_missing_in_the_scene_are_content(text):
    assert free_text(text) == text


@pytest.mark.parametrize(
    ("text", "saw_nothing"),
    [
        ("I can't see the image you mention.", True),
        ("No image was provided.", True),
        ("抱歉，我无法查看图片。", True),
        ("Je ne vois aucune image dans votre message.", True),
        ("I'm sorry, but I can't assist with that.", False),
        ("I won't identify the people in this picture.", False),
        ("Es tut mir leid, aber dabei kann ich nicht helfen.", False),
    ],
)
def test_declining_is_told_from_having_seen_nothing(text, saw_nothing):
    found = refusal_in(text)
    assert found is not None and found.saw_nothing is saw_nothing


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't identify the man. However, the image shows a man in a suit.",
        "I'm sorry.",
        "Lo siento.",
        "Happy to take a look at this for you! Unfortunately, I can't open the file.",
        '{"caption": "I\'m sorry, but I can\'t describe this image."}',
        "```\nI'm unable to view images.\n```",
        "**I'm sorry**, but I can't help with that.",
        "Caption: I'm unable to describe this image.",
        "I can't see the image. If you tell me what is written on it, I can help.",
    ],
)
def test_a_text_that_begins_by_declining_is_refused_whatever_follows_or_frames_it(text):
    with pytest.raises(RefusedAnswer) as caught:
        free_text(text)
    assert caught.value.raw == text


@pytest.mark.parametrize(
    "text",
    [
        "\"I'm sorry, I can't help you.\"",
        "“Sorry, we can't stay for dinner.”",
        "«Lo siento, no puedo vivir sin ti.»",
        "「ごめん、もう会えない。」",
    ],
)
def test_a_whole_answer_in_quotation_marks_is_a_signs_words(text):
    assert free_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "\"I'm sorry, but I can't help with that.\"",
        "“I’m sorry, but I can’t assist with that request.”",
        "「申し訳ありませんが、そのリクエストにはお応えできません。」",
        "«Извините, но я не могу выполнить этот запрос.»",
    ],
)
def test_a_whole_answer_in_quotation_marks_that_says_what_assistants_say_is_a_refusal(text):
    with pytest.raises(RefusedAnswer):
        free_text(text)


@pytest.mark.parametrize(
    ("refusal", "caption"),
    [
        ("The model is unable to process this image.", "The model is unable to walk in her heels."),
        ("This assistant cannot identify real people.", "The assistant cannot reach the top shelf."),
        ("My guidelines prevent me from naming anyone.", "My rules, my house, a doormat declares."),
        ("No image detected.", "No image of the suspect is shown; the newsreader looks into the camera."),
        ("If you upload the photo, I can describe it.", "If you look closely, you can see a lizard on the wall."),
        ("Sorry, describing minors here is not appropriate.", "Unfortunately, the ball does not reach the net."),
        ("Im sorry but i cant see the image", "Im Bild steht ein Mann vor einer Wand."),
        ("该模型不支持图像输入。", "模型车无法通过狭窄的隧道，卡在入口处。"),
    ],
)
def test_the_form_of_a_sentence_tells_a_refusal_whoever_speaks(refusal, caption):
    with pytest.raises(RefusedAnswer):
        free_text(refusal)
    assert free_text(caption) == caption


def test_an_apology_for_something_else_is_chatter():
    assert free_text("Sorry for the confusion! A red bus stops.") == "A red bus stops."


def test_json_of_which_one_text_is_an_answer_is_kept():
    text = '{"caption": "A red bus.", "note": "I can\'t identify the driver in the image."}'
    assert free_text(text) == text
