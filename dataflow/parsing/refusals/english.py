"""How models decline in English."""

from __future__ import annotations

from dataflow.parsing.refusals import outright
from dataflow.parsing.refusals.grammar import Grammar, phrases

_MEDIA = phrases("""
        image images picture pictures photo photos photograph photographs pic pics video videos clip clips screenshot
        screenshots footage frame frames visual visuals visual_(?:content|data|information|inputs?|media|material)
        media attachment attachments upload uploads file files link links url urls drawing chart diagram portrait
""")
_NOT_DONE = (
    r"(?:not|n't|never|no longer)(?: yet| actually| currently| successfully| been| be| have| to| seem| appear){0,4}"
)
_GIVEN = (
    r"(?:attach|upload|provided|included|shared|given|supplied|receiv|detect|sen[dt]|submit|visible|available|"
    r"accessible|present|link|found|load|showing|embed|support|read|supported|display|come through|came through|come "
    r"across|lost|come up|go through|went through|get through|make it|made it|open|reach|arriv|render|show up|work|"
    r"process|add|post|past|transmit|deliver|transfer|here\b|exist)"
)

ENGLISH = Grammar(
    outright=outright.ENGLISH,
    negated=(
        r"\b(?:not|cannot|no|none|unable|impossible|inappropriate|errors?|fail\w*|nothing|missing|beyond|outside|"
        r"against|"
        r"without|declin\w+|refus\w+|violat\w+|trouble|unsupported|corrupt\w*|shouldn't|never)\b|n't\b"
    ),
    sorry=(
        r"(?:(?:oh|hmm+|oops|uh|well|ah|hi|hello|hey|actually|but|however|and|no|yes|okay|ok)(?: no| there)?[,.!]* "
        r"){0,2}(?:i(?:'m| am)(?: (?:very|so|really|truly|deeply|terribly|genuinely|incredibly))? sorry|sorry|i "
        r"(?:(?:sincerely|do|must|deeply|truly) )?apologi[sz]e|oops|uh-oh|(?:my |our )?(?:sincere(?:st)? |"
        r"deepest )?apologies|"
        r"unfortunately|regrettably|regretfully|i(?:'m| am) afraid|we(?:'re| are) (?:very |so )?sorry|we "
        r"apologi[sz]e|i regret|pardon me|forgive me|excuse me)\b(?!-)"
    ),
    machine=(
        r"\b(?:i(?:'m| am)(?: (?:just|only|merely|simply|not|still|a))*|as|being|since i am|because i(?:'m| am)) "
        r"(?:an? )?(?:(?:responsible|helpful|text[- ]based|text[- ]only|large|ethical|harmless|safe|virtual|"
        r"computer|visual|vision|multimodal|conversational) ){0,2}(?:ai|a\.i\.|artificial intelligence|language "
        r"model|llm|(?:virtual|digital|text|text-based|text-only) (?:assistant|model)|multimodal model|computer "
        r"program|chatbot)(?:[- ](?:language|text|chat|powered|based|models?|assistant|system|chatbot|program|llm|"
        r"visual|vision))*(?= ?[,.;:!]| (?:i|developed|created|trained|made|designed|built|and|without|with|so|"
        r"that|who|can|cannot)\b| ?\Z)"
    ),
    preface=(
        r"(?:i (?:understand|appreciate|realize|realise|know|notice|see) (?:that )?(?:you|your|the (?:question|"
        r"request))|(?:i'd|i would|i'll|i will|i'm|i am) (?:be |love |like |always |really |more than )*(?:happy|"
        r"glad|love|like|here)\b|thanks|thank you|you(?:'ve| have)? (?:asked|requested|want|would like)|i need to "
        r"be|let me be|(?:oh|oh no|ah|hmm+|oops|uh-oh|hello|hi|hey|sure|okay|ok|well|dear user|good question|great "
        r"question)[ ,.!…]*$)"
    ),
    opens=(
        r"(?:(?:note|oh|hmm+|well|okay|ok|sure|hi|hello|hey|yes|no|thanks|also|additionally|still|currently|right now|"
        r"actually|at (?:this|the) (?:time|moment|point)|but|however|therefore|so|thus|that said|instead|"
        r"nonetheless|and)\b[,!.:]* ){0,3}(?:i\b(?! (?:can )?(?:also )?see (?!no\b|only\b|nothing|that (?:you|no|"
        r"there)))|i'|we\b(?! (?:can |could |do |also |cannot |can't |don't |not |clearly )*see\b)|my (?:current|"
        r"guidelines|capabilities|programming|training|design)|as |based on|from |"
        r"with(?:out|in)?\b|since|because|while|although|though|unless|until|given|due to|in order|for |if |it |"
        r"it's|to (?!the\b)|this (?:request|content|prompt|question|task|seems|appears|looks|goes|would|may|might|"
        r"violates|is|isn't|(?:image|video|photo|picture) (?:appears to |may )?(?:violates|(?:contains?|depicts?|"
        r"shows?|includes?|features?) (?:explicit|sensitive|violent|graphic|inappropriate|adult|sexual|nud|private|"
        r"copyright|harmful|potentially|content|material|real)))|content policy|policy|(?:looks|seems|appears) |"
        r"your |you\b|that |that's|the (?:request|prompt|message|conversation|instructions?)|there\b|no\b|none\b|"
        r"nothing|describing|identifying|providing|answering|per my|according to my|upon|when|unable|not able|"
        r"can't|cannot|can not|could not|couldn't|not something)"
    ),
    of_media=(
        r"(?:there\b|no\b|none\b|(?:error|n/a)\b|the user's|(?:image|photo|video|picture)s? (?:not|is not|was not|"
        r"missing|unavailable|could not)|the (?:caption|description|answer|summary|question|response)s? (?:cannot|"
        r"can't|could|is not|isn't)|the (?:provided|supplied|attached|uploaded|(?:\w+ )?(?:image|picture|photo|"
        r"video|clip|file|link|attachment|frame|url|screenshot)s?\b))"
    ),
    bare=(
        rf"(?:error: )?(?:no|missing) (?:valid )?{_MEDIA}(?: file)?(?:(?: (?:was|were|has been))? (?:provided|"
        rf"found|attached|uploaded|received|detected|given|included|supplied)(?: (?:in|with) (?:the|your) "
        rf"(?:request|message|prompt))?)?|{_MEDIA} (?:is |was )?(?:not (?:provided|found|attached|available|"
        rf"received|included)|missing)|the (?:provided |uploaded |attached )?{_MEDIA} (?:could not be|cannot be|"
        rf"failed to|did not|didn't|was not|is not|isn't) (?:load\w*|open\w*|process\w*|displayed|found|provided|"
        rf"attached|received|accessed|accessible|upload\w*|read)(?: properly| correctly| successfully)?"
    ),
    cannot=(
        r"\b(?:i|we)(?:'m| am|'ve| have| was|'ll| will|'d| would| do| did| must| need to| have to|'re| are)?(?: "
        r"\w{2,14}(?<!can))?(?: \w{4,14}ly)? ?(?:cannot|can not|can't|could not|couldn't|won't|will not|wouldn't|"
        r"may not|must not|shouldn't|(?:not|n't)(?! (?:an?|the|alone|afraid|sure|only|yet|long|far|even|so|just|"
        r"until|because|one|like|as|here)\b)|unable|decline|refuse|lack|refrain|have to (?:decline|refuse|pass)|"
        r"abstain|no (?:\w+ )?(?:way|means|"
        r"ability|access|capabilit\w+|permission|abilities|image|images|video|picture|photo)|rather not|prefer not|"
        r"only)\b|(?:,|\band|\bso|\bbut|\bwhich) (?:i )?(?:also |therefore |thus )?(?:cannot|can't|can not|am "
        r"unable|am not able)\b|\b(?:have|need|going) to (?:\w+ )?(?:decline|refuse|pass|skip)\b|\brestricted from\b|"
        r"\bno way (?:for me )?to\b|\bhaving (?:\w+ )?(?:trouble|difficulty|difficulties|"
        r"issues|problems)\b|\bcan only (?:describe|analy[sz]e) (?:images|videos)|\b(?:can|could|able to) only "
        r"(?:work|process|handle|understand|read|see|respond|deal|accept|interact|communicate)\b|"
        r"^(?:\W{0,3}(?:sorry|unfortunately|regrettably|currently),? )?(?:unable to|not able to|cannot|can't|can "
        r"not|could not|couldn't|not allowed to|not permitted to|won't)\b|\bno can do\b|\b(?:isn't|is not|wasn't|"
        r"not) something (?:that )?i\b|\bmy (?:\w+ )?(?:capabilities|abilities|programming|training|guidelines|"
        r"policies|design)\b[^.!?]{0,60}?\b(?:not|n't|limited|prevents?|prohibits?|restricts?|limits?|only|"
        r"cannot)\b|\b(?:not|n't|im)(?: \w+)? ?possible for me to\b|\bnot (?:be )?(?:appropriate|ethical) (?:for "
        r"me )?to\b|\bwould be (?:inappropriate|unethical|irresponsible)\b"
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
        rf"\b{_NOT_DONE} (?:\w+ ){{0,4}}?{_GIVEN}|\b(?:cannot|can't|couldn't|could not) (?:be |\w+ "
        rf"){{0,3}}?{_GIVEN}|\bno (?:\w+ ){{1,5}}?{_GIVEN}|\b(?:{_GIVEN}\w* )?(?:missing|unavailable|inaccessible|"
        rf"corrupted|blank or empty|"
        r"not loading)\b|\bfail(?:ed|s|ing)? to (?:load|upload|open|attach|come|display|arrive|render|process|send)"
        rf"|\bfor(?:got|gotten) to (?:\w+ )?{_GIVEN}|n't (?:\w+ ){{0,5}}?{_GIVEN}|\byou(?:'ve)?(?: \w+)? ?(?:have |"
        rf"did )?(?:not|n't|yet|never|forgot(?:ten)? to|failed to)(?: \w+){{0,2}} (?:provid|includ|shar|giv|suppl|"
        rf"attach|upload|sen[dt])|\b(?:message|request|prompt|question|conversation)\b(?: \w+)? ?(?:not|n't)(?: "
        rf"\w+){{0,2}} (?:includ|contain|hav)|\b(?:need|require)\b"
        r"(?: \w+){0,4}? (?:image|picture|photo|video|clip|file)|\bwithout (?:\w+ ){{0,3}}?(?:image|picture|photo|"
        r"video|clip|attachment)|(?:\bno|\bnot|n't)(?: \w+){0,3}? (?:image|picture|photo|video|clip|attachment|"
        r"file|frame|visual)\w*(?: \w+)? (?:in (?:your|this|our|the) (?:message|conversation|chat|request|prompt|"
        r"query|input|question)|for me|to (?:describe|analy[sz]e|caption|look at|work with|see|view|process|"
        r"examine|review|refer to))\b|\b(?:issue|problem|error|trouble|glitch)s? (?:occurred |when |while "
        r")*(?:with|loading|uploading|opening|processing|accessing|displaying|seeing|viewing)\b|\b(?:cannot|can't|"
        r"could not|couldn't|unable to) be (?:accessed|viewed|opened|loaded|played|retrieved)|\bgot lost|"
        r"\bonly (?:see|"
        r"received?|have|got) (?:the |your )?text"
    ),
    you=(
        r"^(?:it )?(?:looks|seems|appears|sounds)(?: like| that| as if| as though)? (?:the|no|there|your|an?) |"
        r"\b(?:you|your|you've|you're|me|i|i'm|i'd|i'll|please)\b|\b(?:provided|attached|uploaded|supplied|shared|"
        r"received)[.!]?$"
    ),
    forbidden=(
        r"\b(?:against|violat\w+|breach\w*|contrary to|conflicts? with|not (?:allowed|permitted|in line|aligned|"
        r"consistent)(?: by| under| with)?|outside|beyond|contravenes?|inconsistent with|goes against) (?:of "
        r")?(?:the scope of )?(?:my|our|openai(?:'s)?|anthropic(?:'s)?|google(?:'s)?|usage|community|content|"
        r"safety|ethical|the (?:usage|content|safety|community|use))(?: \w+){0,4}? ?(?:guidelines?|polic(?:y|ies)|"
        r"principles|rules|terms|programming|capabilit(?:y|ies)|abilities|values|scope|standards)\b|\byour "
        r"(?:request|prompt|message|input) (?:\w+ ){0,4}?(?:blocked|rejected|flagged|filtered|denied|declined)|"
        r"^the (?:response|prompt|request|output) (?:was|is|has been) (?:blocked|filtered|rejected|flagged|"
        r"withheld)\b|\bi(?:'m|'ll| am| will)?(?: \w+){0,4}? pass on (?:this|that)\b|\bi(?: don't| do not) feel "
        r"comfortable\b"
    ),
    asks=(
        r"(?:(?:so|then|but|and|instead|first),? )?(?:please|kindly|could you|can you|would you(?: mind)?|if "
        r"you(?: could| can| would)?|you(?:'ll| can| could| may| will| need| must)|feel free to|try|mind|would you|"
        r"once you|which|what)\b[^.!?]{0,50}?\b(?:upload|provid|shar|attach|send|re-?upload|resend|re-?attach|"
        r"re-?shar|includ|suppl|past|submit|add|post|link|try|mean|refer)\w*\b[^.!?]{0,30}?(?:"
        + _MEDIA
        + r"|\bit(?: again| here)?(?=[.!?]|$| so\b)|\bagain\b)|(?:which|what) "
        + _MEDIA
        + r"[^.!?]{0,40}\b(?:you|me)\b"
    ),
    quoted=(
        r"[—–-] ?(?:a|an|the|from|lyrics|words)\b(?: [\w'-]{1,20}){0,4}? (?:poem|verse|note|sign|lyrics?|lines?|"
        r"words|text|message|captions?|subtitles?|quote|slogan|graffiti|inscription|letter|card|banner|poster|"
        r"sticker|mural|shirt|song|bubble)\b|\b(?:written|printed|painted|scrawled|embroidered|carved|stitched|"
        r"engraved|chalked|sprayed|tattooed|pinned|taped) (?:on|in|across|into|above|below|under|over) (?:the|a|an|"
        r"his|her|its|their)\b|[,;:!?–—-] ?(?:(?:it|which|who|the|an?|his|her|their|one|my|he|she|they)\b(?: "
        r"[\w'-]{1,20}){0,5}? )?(?:proudly |softly |quietly |simply |then )?(?:reads?|says?|said|states?|tells?|"
        r"told|sings?|sang|whispers?|whispered|shouts?|shouted|mutters?|cries|cried|writes?|wrote|replies|replied|"
        r"announces?|announced|declares?|warns?|explains|explained|proclaims?|begs?|sighs?|sobs?|yells?|screams?|"
        r"goes|(?:is|are) (?:written|printed|scrawled|painted))\b(?! (?:so|that i|more|if)\b)|\b(?:reads|(?:is|"
        r"are) (?:written|printed|scrawled|painted))\b|[,;!?–—-] ?(?!(?:as|is|was|has|does|this|its|yes|unless|across|"
        r"besides|towards|regardless|perhaps|whereas|plus|versus|always|sometimes|thus|contains|shows|depicts|violates|"
        r"seems|appears|guidelines|means|requires|involves)\b)[a-z]{3,14}(?<!s)s (?:a|an|the|his|her|their|one)\b"
    ),
)
