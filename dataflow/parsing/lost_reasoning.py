"""Reasoning that lost its tags: a model thinks aloud about what the user wants, and its answer follows, or none does.

It is told by its opening, which speaks of the user or of the task, and by the planning that goes on behind it. An
answer behind it is taken only where the model says that it comes (`Final caption:`): in a mere next paragraph it may
think on.
"""

from __future__ import annotations

import re

from dataflow.parsing.quotations import without_quotations

_HEAD = 4000
"""Characters at the beginning in which planning is looked for."""
_OPENING = 400
"""Characters in which a text shows that it is about the task."""
_TAIL = 50_000
"""Characters at the end in which the answer is looked for."""
_SIGNS = 2
"""Kinds of planning that make reasoning of an opening."""
_LEAST = 10
"""Characters that an answer has at least."""

_LEAD = (
    r"(?:[*_#>\s]{0,6}(?:okay|ok|alright|all right|hmm+|so|well|got it|first|now|right|sure|let's see|"
    r"thinking)\b[,.!:* ]{0,4}){0,3}"
)
_USER = re.compile(
    _LEAD + r"(?:the user(?:'s|s)?\b[^.!?\n]{0,60}?\b(?:wants?|ask(?:s|ed|ing)?|provided|would like|needs?|requests?|"
    r"requested|query|question|gave|uploaded|said|says|sent|prompt|message|instruction|shared|looking)\b|(?:好的?|"
    r"嗯+|首先|那么|现在|那)?[，,。！]?\s?用(?:户|戶)(?:现在|現在|这里|是|又|又是)?(?:需要|想要?|让我|讓我|要求|"
    r"希望|发来|上传|提供|问|請|请|给)|ユーザー(?:は|が|の)[^。\n]{0,40}(?:求め|依頼|説明|質問|尋ね|聞いて|要求)|"
    r"사용자(?:가|는|의)[^.\n]{0,40}(?:요청|원하|질문|물었|요구)|(?:bien|vale|de acuerdo|ok|okay|d'accord|gut|also|"
    r"va bene|certo|хорошо|итак|так)?[,.]? ?(?:el usuario (?:quiere|pide|solicita|me pide|ha)|l'utilisateur "
    r"(?:veut|demande|souhaite|me demande|a )|der (?:nutzer|benutzer|user) (?:möchte|will|bittet|fragt|hat)|"
    r"l'utente (?:vuole|chiede|mi chiede|ha)|o (?:usuário|utilizador) (?:quer|pede|solicita|pediu)|пользователь "
    r"(?:хочет|просит|спрашивает|попросил)|de gebruiker (?:wil|vraagt)))",
    re.IGNORECASE,
)
_PLANS = re.compile(
    _LEAD + r"(?:(?:i|we)(?:'ll|'m| am)? (?:need|have|should|must|will|want|going|ought|can)(?: to)? (?:first |now )?"
    r"(?:describe|look|analy[sz]e|produce|write|generate|create|figure|think|start|answer|provide|come up|examine|"
    r"identify|determine|see|check|caption|give|understand|parse|break|make|craft|output)|let me (?:think|start|"
    r"look|see|analy[sz]e|examine|consider|break|first|check|parse|try)|let's (?:tackle|see|start|look|think|"
    r"analy[sz]e|break|describe|produce|craft|write|parse|examine|figure)|(?:my |the )?(?:thought|thinking|"
    r"reasoning)(?: process)?:|here's (?:a|my) think|thought\s*\n|(?:好的?|嗯+|首先|那么|现在|"
    r"那)[，,。]?\s?(?:我(?:需要|现在需要|得|要|先|来)|让我|讓我)|(?:我需要|我现在需要|让我(?:先|仔细|来)))",
    re.IGNORECASE,
)
_THOUGHT = re.compile(r"thought[ \t]*\n")
"""What is left of Gemma's channel where the tokenizer dropped its tokens."""
_TITLED = re.compile(
    r"[*_#>\s]{0,8}(?:(?:my |the )?(?:thinking|thought|thoughts)(?: process)?|chain[ -]of[ -]thought|思考(?:过程|"
    r"過程|プロセス)?|"
    r"推理过程|分析过程|생각(?: 과정)?|사고 과정|(?:proceso de )?(?:pensamiento|razonamiento)|denkprozess|gedankengang|"
    r"processus de réflexion|réflexion|processo di pensiero|ragionamento|raciocínio|ход мыслей|рассуждени[ея])"
    r"(?:[*_]{0,3} ?[:：][*_]{0,3}|[*_]{1,3}[ \t]*\n|[ \t]*\n)",
    re.IGNORECASE,
)
"""A heading that says that reasoning follows."""
_STEPS = re.compile(
    _LEAD + r"(?:let me|let's|i will|i'll|we will|we can|to \w+ this)\b[^.!?\n]{0,80}\bstep[ -]by[ -]step\b|(?:让我们?|"
    r"我们|我来)"
    r"[^。\n]{0,20}(?:一步一步|逐步|一步步)",
    re.IGNORECASE,
)
"""Reasoning where an answer is announced behind it; an announcement of a description in parts where none is."""
_END = re.compile(r"[.!?。！？\n]")
_TASK = re.compile(
    r"\b(?:user|image|picture|photo|video|frames?|clip|caption|describ\w+|description|prompt|question|answer|scene|"
    r"output|this)\b|图|视频|描述|用户|问题|画面|影片|描写",
    re.IGNORECASE,
)
_KINDS = tuple(
    re.compile(kind, re.IGNORECASE)
    for kind in (
        r"\bthe user\b|用户|用戶|ユーザー|사용자|\bel usuario\b|l'utilisateur\b|\bder (?:be)?nutzer\b|l'utente\b|"
        r"пользовател",
        r"\b(?:i|we)(?:'ll| will)? (?:need|have|should|must|ought|want)(?: to)?\b|我需要|我应该|我得|\bdebo\b|\bje "
        r"dois\b|\bich (?:muss|sollte)\b|\bdevo\b|нужно",
        r"\blet me\b|\blet's\b|让我|讓我|我先|我来",
        r"(?:^|[.!?\n]\s?)(?:wait|hmm+|actually|alternatively|okay|ok|so|maybe|perhaps|but wait)\b[,.]?|等等|不对|"
        r"嗯|可能|或者",
        r"\bmake sure\b|\bdouble[- ]check\b|\bshould (?:mention|include|describe|be|start|also|note|say|cover|"
        r"avoid)\b|确保|应该|注意|接下来|需要(?:提到|描述|注意|包括)",
        r"(?:^|[.!?\n]\s?)(?:first|next|then|now|also|finally),? (?:i|we|let|the answer|check|mention|describe|"
        r"look)\b|首先|然后",
        r"\bi (?:think|guess|see that|notice|believe|can see|wonder)\b|我看到|我觉得",
    )
)
_ANNOUNCED = re.compile(
    r"(?:^|[.!?。！？\n]|\*\*)[ \t*_#>]{0,8}(?:okay, |so,? |now,? |thus,? |therefore,? |putting (?:it|this) (?:all "
    r")?together,? |here(?:'s| is) )?(?:(?:the|my|a|your) )?(?:final |complete |full |polished |resulting "
    r")?(?:answer|caption|description|response|output|result|version|draft|text|antwort|beschreibung|"
    r"bildunterschrift|réponse|légende|respuesta|descripción|leyenda|resposta|descrição|legenda|risposta|"
    r"descrizione|didascalia|ответ|описание|подпись|답변|설명|캡션|説明|キャプション)(?: (?:finale?|is|would be|"
    r"could be|should "
    r"be|will be|might be|then is|reads))?[*_]{0,3}[ ]?[:：][*_]{0,3}\s*|(?:^|[.!?\n])[ \t]*(?:okay, |so,? |now,? "
    r")?(?:let me|i'll|i will|time to|i can now|now to)(?: now| just| then)? (?:write|draft|compose|put|craft|"
    r"produce|formulate|give|provide|finali[sz]e|output)\b[^.:!?\n]{0,80}[.:!]\s*\n\s*|(?:最终|最后|综上|"
    r"所以)?(?:的)?(?:答案|描述|回答|输出|标题|结果)(?:是|为|如下)?[:：]\s*|^[ \t]*(?:-{3,}|\*{3,}|={3,})[ "
    r"\t]*\n\s*",
    re.IGNORECASE | re.MULTILINE,
)
_HEADED = re.compile(
    r"^[ \t]*(?:#{1,6} |\*\*|__)(?:the |my )?(?:final |polished )?(?:answer|caption|description|response|output|"
    r"最终答案|答案|描述|"
    r"回答|답변|respuesta(?: final)?|réponse(?: finale)?|antwort|risposta(?: finale)?|resposta(?: final)?|"
    r"ответ)[*_]{0,3}:?[ \t]*\n\s*",
    re.IGNORECASE | re.MULTILINE,
)
"""A heading of the answer behind reasoning that had one."""
_QUOTED = re.compile(r"[\"“「](?P<inside>[^\"”」]*)[\"”」]\s*\Z")


def without_lost_reasoning(text: str) -> str | None:
    """The answer behind reasoning that has no tags; empty where none follows it; None where the text is no reasoning.

    Args:
        text: an answer from which tagged reasoning is gone.
    """
    head = without_quotations(text[:_HEAD].replace("’", "'"))
    titled = bool(_TITLED.match(head))
    steps = not titled and bool(_STEPS.match(head))
    if not (titled or steps or _is_reasoning(head)):
        return None
    answer = _announced(text[-_TAIL:], headed=titled or steps)
    if not answer and (steps or (titled and not any(kind.search(head) for kind in _KINDS))):
        return None
    if len(answer) < _LEAST or _plans(without_quotations(answer[:_HEAD].replace("’", "'"))):
        return ""
    return quoted["inside"].strip() if (quoted := _QUOTED.match(answer)) else answer


def _announced(tail: str, headed: bool) -> str:
    """What stands behind the last announcement of an answer."""
    ends = [found.end() for found in _ANNOUNCED.finditer(tail)]
    if headed:
        ends += [found.end() for found in _HEADED.finditer(tail)]
    return tail[max(ends) :].strip() if ends else ""


def _is_reasoning(head: str) -> bool:
    if _USER.match(head):
        return sum(bool(kind.search(head)) for kind in _KINDS) >= _SIGNS
    if _THOUGHT.match(head):
        return True
    if _PLANS.match(head) and _TASK.search(head[:_OPENING]):
        # One sentence that plans may be said in a film; one that plans to describe is not.
        least = _SIGNS if _TASK.search(_END.split(head, 1)[0]) else _SIGNS + 1
        return sum(bool(kind.search(head)) for kind in _KINDS) >= least
    return False


def _plans(text: str) -> bool:
    """Whether an answer is planning still: it speaks of the user, or to itself."""
    return any(kind.search(text) for kind in _KINDS[:3]) or _is_reasoning(text)
