"""The small talk and the headings around an answer: what belongs to no question, answer or article."""

from __future__ import annotations

import re

_RULE = re.compile(r"[ \t>]*(?:[-*_=~—─━⸻#+][ \t]*){1,200}")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)[\w+-]{0,20}[ \t]*")
_BARE_NUMBER = re.compile(
    r"[ \t>(\[-]*+(?:(?:[#*_]++[ \t]*+|(?:pair|set|item|example|no\.?)[ \t]*+#?[ \t]*+)\d{1,4}[.)\]:：*_ \t]*|"
    r"\d{1,3}[.):：、\]][ \t]*)",
    re.I,
)
_PAIR_HEADING = re.compile(
    r"[ \t#*_>\[(•-]*+(?:\d{1,3}[.)][ \t]*+)?+[*_]*+(?:(?:vqa|qa|q[ \t]?&[ \t]?a|q/a|question[ \t]?[-–/&][ \t]?answer|"
    r"question[ \t]and[ \t]answer|问答)[ \t-]*+(?:pairs?|set|对|對)?|pair|example|item|set)"
    r"[ \t]*+#?[ \t]*+\d{1,4}[ \t]*+[:：.)\]*_-]*+[ \t]*+",
    re.I,
)
_SECTION = re.compile(
    r"[ \t>]*(?:#{1,6}[ \t]+\S.{0,100}|\*\*[^*\n]{1,100}[^*\n.!?。！？]\*\*:?|__[^_\n]{1,100}__:?|<[^<>\n]{1,40}>|"
    r"【[^】\n]{1,40}】|"
    r"\[/?[A-Za-z &]{1,30}\])[ \t]*"
)
_ABOUT_QA = (
    r"(?:vqa|qas?|q[ \t]?(?:&|and|/|&amp;|\+)[ \t]?a(?:s|'s)?|q/a|questions?[ \t]?(?:-|–|&|/|and|\+|with|,)?[ "
    r"\t]?(?:their[ \t])?"
    r"(?:and[ \t])?answers?|questions?|quiz|comprehension[ \t]questions?|faqs?|frequently[ \t]asked[ \t]questions|"
    r"问答对?|问题(?:与|和|及)(?:答案|回答)|問題と解答|問答|质疑|問答對|問題|问题|質問と回答|질문과[ \t]답변|질의응답|"
    r"preguntas(?:[ \t]y[ \t]respuestas)?|fragen(?:[ \t]und[ \t]antworten)?|questions?(?:[ \t](?:et|/)[ "
    r"\t])?r[ée]ponses?|"
    r"domande(?:[ \t]e[ \t]risposte)?|perguntas(?:[ \t]e[ \t]respostas)?|вопросы(?:[ \t]и[ \t]ответы)?|"
    r"vragen(?:[ \t]en[ \t]antwoorden)?)"
)
_SPEAKS_OF_QA = re.compile(rf"(?<![A-Za-z]){_ABOUT_QA}(?![A-Za-z])", re.IGNORECASE)
QA_HEADING = re.compile(
    r"^[ \t>#*_=\-\[(【•\u2190-\u2bff\U0001f000-\U0001faff\ufe0f]*+"
    r"(?:(?:part|section|step|task)[ \t]*)?(?:(?:\d{1,2}|[ivxb]{1,3}|[一二三])[.):、：][ "
    r"\t]*)?[*_]*+"
    r"(?:(?:the|some|sample|generated|suggested|relevant|related|example|corresponding|possible|reading|short|"
    r"factual|visual|"
    r"article|wikipedia|image|multiple[ -]choice|context(?:ual)?(?:-based)?|knowledge(?:-based)?|review|\d{1,3}|"
    r"three|four|"
    r"five|six|ten)[ \t]+){0,3}"
    + _ABOUT_QA
    + r"(?:[ \t-]*(?:pairs?|section|set|list|sets|对|對|部分|paare|questions?))?"
    r"(?:[ \t]*(?:\(\d{1,3}[^()\n]{0,20}\)|（\d{1,3}[^（）\n]{0,20}）))?"
    r"(?:[ \t](?:about|based on|from|on|for|related to|regarding)[ \t][^\n:：.?!]{1,60})?"
    r"[ \t]*+[\])】]?[*_]*+[ \t]*+[:：]?[ \t]*+[*_=\-#]*+[ \t]*+$",
    re.IGNORECASE | re.MULTILINE,
)
ANSWERS_HEADING = re.compile(
    r"^[ \t>#*_\-\[【]*+(?:correct[ \t]|the[ \t])?(?:answers?(?:[ \t]key|[ \t]list)?|solutions?|答案|回答|respuestas|"
    r"antworten|réponses|"
    r"risposte|respostas|ответы)[ \t]*[\]】]?[*_]*[ \t]*[:：]?[*_]*[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_PREAMBLE = re.compile(
    r"[ \t>*_#]*(?:sure|certainly|of course|absolutely|okay|ok\b|great|alright|got it|yes,? here|here(?:'s|’s| is| "
    r"are| you go| you are)|"
    r"below (?:is|are)|the following|based on|i(?:'ve|’ve|'ll|’ll| have| will)? (?:wrote|written|created|generated|"
    r"prepared|can)|"
    r"let me|let's|now,? |as requested|following|these are|"
    r"当然|好的|以下|下面|根据|这里|基于|はい|以下|もちろん|claro|por supuesto|aquí|a continuación|natürlich|gerne|"
    r"hier |"
    r"bien sûr|"
    r"voici|certo|ecco|aqui |конечно|вот |네|다음은|물론)",
    re.IGNORECASE,
)
_PREAMBLE_SURE = re.compile(
    r"[ \t>*_#]*(?:sure|certainly|of course|absolutely|okay|alright|great|here(?:'s|’s| is| are| you go| you are)|"
    r"below (?:is|are)|"
    r"i(?:'ve|’ve|'ll|’ll| have| will) |当然|好的|以下是|下面是|claro|aquí|natürlich|gerne|hier (?:ist|sind)|bien sûr|"
    r"voici|"
    r"конечно|вот)",
    re.IGNORECASE,
)
_LEAVE_TAKING = re.compile(
    r"[ \t>*_#(\[-]*(?:let me know|feel free|i hope (?:this|these|that|you)|hope (?:this|these) help|please (?:let "
    r"me|feel free)|"
    r"would you like (?:me|more|another|any)|is there anything else|thank you for|happy to (?:help|provide)|"
    r"(?:these|the above) (?:questions?|q&as?|qas?|question-answer|pairs)[ \t](?:and|pairs|cover|are|should|test|can|"
    r"will|help|aim|focus|provide)|"
    r"if you(?:'d like| would like| need (?:more|any|further)| have any| want (?:more|me))|"
    r"\[?end of |希望(?:这些|以上|对)|如果(?:您|你)(?:需要|还|有|想)|如有(?:需要|其他|任何)|请(?:告诉我|随时)|"
    r"以上(?:是|就是|问)|"
    r"お役に立|ご不明|"
    r"espero que|si necesita|avísame|ich hoffe|lassen sie mich|j'espère|n'hésitez|spero che|fammi sapere|надеюсь|"
    r"если вам|도움이 되)",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(
    r"[ \t>*_#(\[-]*(?:note|disclaimer|these |this (?:article|question|set|covers|format|response|concludes)|if you|"
    r"do you (?:want|need)|thanks|thank you|enjoy|good luck|i(?:'m| am) (?:happy|here)|"
    r"all (?:the )?(?:questions|answers)|"
    r"the (?:questions|answers|question-answer|qa|q&a) |注[：:意]|nota:|hinweis:|希望|如果|如有)",
    re.IGNORECASE,
)

_TASK = re.compile(
    r"question|answer|q&a|qa\b|pair|article|wikipedia|json|format|问答|问题|文章|pregunta|frage|вопрос|artículo|artikel|"
    r"sure[!.]|"
    r"certainly[!.]|of course[!.]|absolutely[!.]|okay[!.]|好的",
    re.IGNORECASE,
)


_END_MARK = re.compile(
    r"[ \t]*(?:</?[a-z_]{1,20}>|\[\[[a-z_]{1,20}\]\]|<\|[a-z_]{1,20}\|>|\[/?(?:end|qa|inst)\]|```|\{|\}|\]|\[)[ \t,]*",
    re.IGNORECASE,
)


def speaks_of_pairs(prompt: str) -> bool:
    """Whether a prompt speaks of questions with answers, in one of the languages that headings are known in."""
    return bool(_SPEAKS_OF_QA.search(prompt))


def is_rule(line: str) -> bool:
    """Whether a line only separates: `---`, `***`, a fence."""
    return bool(_RULE.fullmatch(line) or _FENCE.fullmatch(line))


def is_pair_heading(line: str) -> bool:
    """Whether a line only counts: `2.`, `### Pair 2`, `QA 2:`."""
    return bool(_BARE_NUMBER.fullmatch(line) or _PAIR_HEADING.fullmatch(line))


def is_section(line: str) -> bool:
    """Whether a line is a heading, by its form."""
    return bool(_SECTION.fullmatch(line))


def is_preamble(line: str) -> bool:
    """Whether a line announces what comes: `Sure! Here are five pairs:`."""
    line = line.strip()
    if len(line) > 400:
        return False
    if _PREAMBLE.match(line) and line.rstrip("*_ ").endswith((":", "：")):
        return True
    return bool(_PREAMBLE_SURE.match(line)) and (
        line.rstrip("*_ ").endswith(("!", ".", "。", "！", ":", "…")) and len(line) < 250 and bool(_TASK.search(line))
    )


def is_leave_taking(line: str, after_blank: bool = True) -> bool:
    """Whether a line says good-bye: `Let me know if you need more!`.

    Args:
        line: the line.
        after_blank: whether a blank line stands before it, so that softer words will do.
    """
    if len(line) > 600:
        return False
    return bool(_LEAVE_TAKING.match(line) or (after_blank and _AFTERTHOUGHT.match(line)))


def is_stray_tag(line: str) -> bool:
    """Whether a line is a closing tag or bracket that was left over."""
    return bool(_END_MARK.fullmatch(line))
