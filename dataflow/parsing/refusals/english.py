"""How models decline in English."""

from __future__ import annotations

from dataflow.parsing.refusals.grammar import Grammar, phrases

_MEDIA = phrases("""
        image images picture pictures photo photos photograph photographs pic pics video videos clip clips screenshot
        screenshots footage frame frames visual visuals visual_(?:content|data|information|inputs?|media|material)
        media attachment attachments file files link links url urls drawing chart diagram portrait
""")
_NOT_DONE = (
    r"(?:not|n't|never|no longer)(?: yet| actually| currently| successfully| been| be| have| to| seem| appear){0,4}"
)
_GIVEN = (
    r"(?:attach|upload|provid|includ|shar|giv|suppl|receiv|detect|sen[dt]|submit|visible|available|accessible|"
    r"present|link|"
    r"found|load|embed|support|read|supported|display|come through|came through|come across|come up|go through|went "
    r"through|get through|make it|"
    r"made it|open|reach|arriv|render|show up|work|process|add|post|past|transmit|deliver|transfer|here\b|exist)"
)

ENGLISH = Grammar(
    sorry=(
        r"(?:(?:oh|hmm+|oops|uh|well|ah|hi|hello|hey|actually|but|however|and|no|yes|okay|ok)(?: no| there)?[,.!]* "
        r"){0,2}"
        r"(?:i(?:'m| am)(?: (?:very|so|really|truly|deeply|terribly|genuinely|incredibly))? sorry|sorry|"
        r"i (?:(?:sincerely|do|must|deeply|truly) )?apologi[sz]e|(?:my |our )?(?:sincere(?:st)? |deepest )?apologies|"
        r"unfortunately|regrettably|regretfully|i(?:'m| am) afraid|we(?:'re| are) (?:very |so )?sorry|we apologi[sz]e|"
        r"i regret|pardon me|forgive me|excuse me)\b(?!-)"
    ),
    machine=(
        r"\b(?:i(?:'m| am)(?: (?:just|only|merely|simply|not|still|a))*|as|being|since i am|because i(?:'m| am)) "
        r"(?:an? )?"
        r"(?:(?:responsible|helpful|text[- ]based|text[- ]only|large|ethical|harmless|safe|virtual|computer|visual|"
        r"vision|"
        r"multimodal|conversational) ){0,2}(?:ai|a\.i\.|artificial intelligence|language model|llm|"
        r"(?:virtual|digital|text|text-based|text-only) (?:assistant|model)|multimodal model|computer program|chatbot)"
        r"(?:[- ](?:language|text|chat|powered|based|models?|assistant|system|chatbot|program|llm|visual|vision))*"
        r"(?= ?[,.;:!]| (?:i|developed|created|trained|made|designed|built|and|without|with|so|that|who|can|"
        r"cannot)\b| ?\Z)"
    ),
    preface=(
        r"(?:i (?:understand|appreciate|realize|realise|know|notice|see) (?:that )?(?:you|your|the (?:question|"
        r"request))|"
        r"(?:i'd|i would|i'll|i will|i'm|i am) (?:be |love |like |always |really |more than )*(?:happy|glad|love|"
        r"like|here)\b|"
        r"thanks|thank you|you(?:'ve| have)? (?:asked|requested|want|would like)|i need to be|let me be|"
        r"(?:oh|oh no|ah|hmm+|oops|uh-oh|hello|hi|hey|sure|okay|ok|well|dear user|good question|great question)[ "
        r",.!…]*$)"
    ),
    opens=(
        r"(?:(?:oh|hmm+|well|okay|ok|sure|hi|hello|hey|yes|no|thanks|also|additionally|still|currently|right now|"
        r"actually|"
        r"at (?:this|the) (?:time|moment|point)|but|however|therefore|so|thus|that said|instead|nonetheless|"
        r"and)\b[,!.:]* )"
        r"{0,3}(?:i\b|i'|we\b|my (?:current|guidelines|capabilities|programming|training|design)|as |based on|from |"
        r"with(?:out|in)?\b|since|because|while|although|though|unless|until|given|due to|in order|for |if |it |it's|"
        r"to (?!the\b)|this (?:request|content|prompt|question|task|seems|appears|looks|goes|would|may|might|"
        r"violates|is|"
        r"isn't|(?:image|video|photo|picture) (?:appears to |may )?(?:violates|(?:contains?|depicts?|shows?|"
        r"includes?|features?) "
        r"(?:explicit|sensitive|violent|graphic|inappropriate|adult|sexual|nud|private|copyright|harmful|"
        r"potentially|content|"
        r"material|real)))|the user's|error\b|n/a\b|(?:image|photo|video|picture)s? (?:not|is not|was not|missing|"
        r"unavailable|could not)|content policy|policy|(?:looks|seems|appears) |the (?:caption|description|answer|"
        r"summary|"
        r"question|response)s? (?:cannot|can't|could|is not|isn't)|your |you\b|that |that's|the (?:request|prompt|"
        r"message|"
        r"conversation|instructions?|provided|supplied|attached|uploaded|(?:\w+ )?(?:image|picture|photo|video|clip|"
        r"file|"
        r"link|attachment|frame|url|screenshot)s?\b)|there\b|no\b|none\b|nothing|describing|identifying|providing|"
        r"answering|"
        r"per my|according to my|upon|when|unable|not able|can't|cannot|can not|could not|couldn't|not something)"
    ),
    cannot=(
        r"\b(?:i|we)(?:'m| am|'ve| have| was|'ll| will|'d| would| do| did| must| need to| have to|'re| are)?"
        r"(?: \w{2,14}(?<!can))?(?: \w{4,14}ly)? ?(?:cannot|can not|can't|could not|couldn't|won't|will not|"
        r"wouldn't|may not|"
        r"must not|shouldn't|not|n't|unable|decline|refuse|lack|refrain|abstain|no (?:\w+ )?(?:way|means|ability|"
        r"access|capabilit\w+|"
        r"permission|abilities|image|images|video|picture|photo)|rather not|prefer not|only)\b"
        r"|(?:,|\band|\bso|\bbut|\bwhich) (?:i )?(?:also |therefore |thus )?(?:cannot|can't|can not|am unable|am "
        r"not able)\b"
        r"|\bno way (?:for me )?to\b|\bhaving (?:\w+ )?(?:trouble|difficulty|difficulties|issues|problems)\b|\bcan "
        r"only "
        r"(?:describe|analy[sz]e) (?:images|videos)"
        r"|\b(?:can|could|able to) only (?:work|process|handle|understand|read|see|respond|deal|accept|interact|"
        r"communicate)\b"
        r"|^(?:\W{0,3}(?:sorry|unfortunately|regrettably|currently),? )?(?:unable to|not able to|cannot|can't|can "
        r"not|could "
        r"not|couldn't|not allowed to|not permitted to|won't)\b|\bno can do\b|\b(?:isn't|is not|wasn't|not) "
        r"something (?:that )?i\b"
        r"|\bmy (?:\w+ )?(?:capabilities|abilities|programming|training|guidelines|policies|"
        r"design)\b[^.!?]{0,60}?\b(?:not|"
        r"n't|limited|prevents?|prohibits?|restricts?|limits?|only|cannot)\b|\b(?:not|n't|im)(?: \w+)? ?(?:possible|"
        r"appropriate|ethical|right) (?:for me )?to\b|\bwould be (?:inappropriate|unethical|irresponsible)\b"
    ),
    work=phrases(r"""
        assist assisting assistance help_with help_you help_in help_describ\w+ help_identify\w* help_analy\w+
        help_here help(?=[.,!;]) help(?=$) helping_(?:with|you) comply complying oblige fulfil fulfill accommodate
        request requests prompt instruction instructions task tasks
        (?:answer|address|discuss|respond_to)~(?:that|this|it|questions?|your|queries|query) question questions query
        inquiry proceed continue(?=[.,]|_with|$) do_(?:so|that|this|it)(?=_?[.,;!]|$|_(?:for|with|because|as))
        describe describing description descriptions caption captions captioning identify identifying identification
        identity identities recogni[sz]e recogni[sz]ing analy[sz]e analy[sz]ing analysis summari[sz]e summary
        transcribe transcript interpret interpretation annotate
        (?:provide|give|offer|share|generate|create|produce|write|disclose|reveal|make)~(?:information|details?|content|answers?|responses?|support|advice|names?|guesses|assumptions?|anything|it|that|this)
        speculate (?:tell|say|determine|confirm|verify|know|name|guess)~(?:who|person|people|individuals?|name)
        who_(?:is|the|this|that|they|he|she|appears) (?:tell|say|determine|see)_what(?:'s|_is|_it|_the)? explicit
        sexual harmful participate engage comment material topic scene no_can_do
        (?:anything|nothing|one|it)_(?:attached|uploaded|included|shared) text-based written_text
        (?:process|handle|understand|work_with)~(?:text|audio) watch_(?:it|that|this) real_people individuals
    """),
    sees=phrases("""
        see seeing view viewing access accessing open opening look watch watching play hear process processing read
        load examine inspect perceive perceiving observe receive received find locate detect retrieve download
        visualize given provided shown sent have get display render
    """),
    media=_MEDIA,
    not_given=(
        rf"\b{_NOT_DONE} (?:\w+ ){{0,4}}?{_GIVEN}|\b(?:cannot|can't|couldn't|could not) (?:be |\w+ ){{0,3}}?{_GIVEN}"
        rf"|\bno (?:\w+ ){{1,5}}?{_GIVEN}|\b(?:{_GIVEN}\w* )?(?:missing|unavailable|inaccessible|corrupted|blank or "
        rf"empty|"
        r"not loading)\b|\bfail(?:ed|s|ing)? to (?:load|upload|open|attach|come|display|arrive|render|process|send)"
        rf"|\bfor(?:got|gotten) to (?:\w+ )?{_GIVEN}|n't (?:\w+ ){{0,5}}?{_GIVEN}|\b(?:need|require)\b"
        r"(?: \w+){0,4}? (?:image|picture|photo|video|clip|file)|\bwithout (?:\w+ ){{0,3}}?(?:image|picture|"
        r"photo|video|clip|attachment)|(?:\bno|\bnot|n't)(?: \w+){0,3}? (?:image|picture|photo|video|clip|"
        r"attachment|file|frame|visual)\w*(?: \w+)? "
        r"(?:in (?:your|this|our|the) (?:message|conversation|chat|request|prompt|query|input|question)|for me|to "
        r"(?:describe|"
        r"analy[sz]e|caption|look at|work with|see|view|process|examine|review|refer to))\b|\b(?:issue|problem|"
        r"error|trouble|glitch)s? (?:occurred |when |while )*(?:with|loading|"
        r"uploading|opening|processing|accessing|displaying|seeing|viewing)\b|\bonly (?:see|received?|have|got) "
        r"(?:the |your )?text"
    ),
    you=(
        r"^(?:it )?(?:looks|seems|appears|sounds)(?: like| that| as if| as though)? (?:the|no|there|your|an?) |"
        r"\b(?:you|your|you've|you're|me|i|i'm|i'd|i'll|please)\b|\b(?:provided|attached|uploaded|supplied|shared|"
        r"received)[.!]?$"
    ),
    forbidden=(
        r"\b(?:against|violat\w+|breach\w*|contrary to|conflicts? with|not (?:allowed|permitted|in line|aligned|"
        r"consistent)"
        r"(?: by| under| with)?|outside|beyond|contravenes?|inconsistent with|goes against) (?:of )?(?:the scope of "
        r")?(?:my|our|openai(?:'s)?|"
        r"anthropic(?:'s)?|google(?:'s)?|usage|community|content|safety|ethical|the (?:usage|content|safety|"
        r"community|use))"
        r"(?: \w+){0,4}? ?(?:guidelines?|polic(?:y|ies)|principles|rules|terms|programming|capabilit(?:y|ies)|"
        r"abilities|"
        r"values|scope|standards)\b|\byour (?:request|prompt|message|input) (?:\w+ ){0,4}?(?:blocked|rejected|flagged|"
        r"filtered|denied|declined)|^the (?:response|prompt|request|output) (?:was|is|has been) (?:blocked|filtered|"
        r"rejected|"
        r"flagged|withheld)\b|\bi(?:'m|'ll| am| will)?(?: \w+){0,4}? pass on (?:this|that)\b|\bi(?: don't| do not) "
        r"feel comfortable\b"
    ),
    asks=(
        r"(?:(?:so|then|but|and|instead|first),? )?(?:please|kindly|could you|can you|would you(?: mind)?|"
        r"if you(?: could| can| would)?|you(?:'ll| can| could| may| will| need| must)|feel free to|try|once you|"
        r"which|what)\b"
        r"[^.!?]{0,50}?\b(?:upload|provid|shar|attach|send|re-?upload|resend|re-?attach|re-?shar|includ|suppl|past|"
        r"submit|"
        r"add|post|link|try|mean|refer)\w*\b[^.!?]{0,30}?(?:"
        + _MEDIA
        + r"|\bit(?: again| here)?(?=[.!?]|$| so\b)|\bagain\b)|(?:which|what) "
        + _MEDIA
        + r"[^.!?]{0,40}\b(?:you|me)\b"
    ),
    quoted=(
        r"[—–-] ?(?:a|an|the|from|lyrics|words)\b(?: [\w'-]{1,20}){0,4}? (?:poem|verse|note|sign|lyrics?|lines?|"
        r"words|text|message|"
        r"captions?|subtitles?|quote|slogan|graffiti|inscription|letter|card|banner|poster|sticker|mural|shirt|song|"
        r"bubble)\b|"
        r"\b(?:written|printed|painted|scrawled|embroidered|carved|stitched|engraved|chalked|sprayed|tattooed|"
        r"pinned|taped) (?:on|in|"
        r"across|into|above|below|under|over) (?:the|a|an|his|her|its|their)\b|"
        r"[,;:!?–—-] ?(?:(?:it|which|who|the|an?|his|her|their|one|my|he|she|they)\b(?: [\w'-]{1,20}){0,5}? )?"
        r"(?:proudly |softly |quietly |simply |then )?(?:reads?|says?|said|states?|tells?|told|sings?|sang|"
        r"whispers?|whispered|"
        r"shouts?|shouted|mutters?|cries|cried|writes?|wrote|replies|replied|announces?|announced|declares?|warns?|"
        r"explains|"
        r"explained|proclaims?|begs?|sighs?|sobs?|yells?|screams?|goes|(?:is|are) (?:written|printed|scrawled|"
        r"painted))\b"
        r"(?! (?:so|that i|more|if)\b)|\b(?:reads|(?:is|are) (?:written|printed|scrawled|painted))\b"
    ),
)
