# ruff: noqa: E501
"""How models decline and how they say that they saw nothing, in English; see `refusals` for what the parts mean."""

from __future__ import annotations

from dataflow.parsing.refusal_grammar import Grammar

_MEDIA = (
    r"(?:(?:images?|pictures?|photos?|photographs?|videos?|video clips?|clips?|frames?|screenshots?|footage|visuals?|attachments?|"
    r"media|files?|links?|urls?|pics?|drawings?|figures?|charts?|diagrams?)\b(?: (?:files?|content|data|urls?|links?|frames?))?|"
    r"visual (?:content|data|media|information|input|inputs|elements|materials?)\b)"
)
_THE = r"(?:(?:the|any|an|a|your|this|that|these|those|actual|specific|attached|uploaded|provided|visual|such|external|said|any of the|all|real|such|contents? of|details? of|what(?:'s| is) (?:in|on|shown in|happening in))[ ]){0,4}"
_ADVERB = r"(?:[ ](?:currently|really|actually|directly|truly|simply|just|still|also|personally|physically|fully|properly|yet|unfortunately|even|clearly|at this time|presently|respectfully|definitively|reliably|accurately|confidently))"
_NOT = (
    rf"(?:{_ADVERB}?[ ](?:cannot|can not|can't|could not|couldn't|will not|won't|would not|wouldn't|may not|must not|shouldn't|should not)|"
    rf"(?:'m|[ ]am|[ ]was|'ve been|[ ]have been|[ ]remain|[ ]feel){_ADVERB}?[ ](?:unable to|not{_ADVERB}?[ ](?:(?:able|allowed|permitted|authorized|authorised|equipped|"
    r"designed|programmed|trained|built|meant|supposed|configured|qualified|comfortable|capable|in a position|going|set up|here)(?:[ ](?:to|of|with))?))|"
    rf"n't (?:able to|allowed to)|[ ]wasn't able to|[ ]were unable to|"
    rf"{_ADVERB}?[ ](?:do not|don't|did not|didn't){_ADVERB}?[ ](?:have (?:the |any |an? )?(?:ability|capability|capabilities|capacity|means|permission|access|way|functionality|tools|authorization)(?:[ ](?:to|of|for))?|"
    r"possess (?:the |any )?(?:ability|capability|capabilities|capacity) to|feel comfortable|support|currently support|know how to|want to)|"
    rf"{_ADVERB}?[ ]lack (?:the |any )?(?:ability|capability|capabilities|capacity|means) (?:to|of)|{_ADVERB}?[ ]have no (?:way|means|ability|access)(?:[ ](?:to|of))?|"
    rf"{_ADVERB}?[ ](?:must|have to|need to|will have to|'ll have to)?{_ADVERB}?[ ]?(?:decline to|refuse to|refrain from|avoid)|'d (?:rather|prefer) not(?: to)?|[ ]would (?:rather|prefer) not(?: to)?|[ ]prefer not to)"
)
_PEOPLE = r"(?:(?:real |specific |private |any |the |this |that |these |those |individual |particular |actual |public |named |other |unknown |identity of |identities of |names? of |anyone |someone ){0,5}(?:persons?|people|individuals?|faces?|identity|identities|who|whom|anyone|anybody|someone|celebrit(?:y|ies)|figures?|characters?|humans?|subjects?|man|woman|men|women|child|children|actors?|names?|him|her|them)\b)"
_PRODUCT = r"(?:descriptions?|captions?|details?|information|analysis|analyses|summar(?:y|ies)|answers?|responses?|content|assistance|help|support|text|transcripts?|transcriptions?|interpretations?|questions|pairs?|identification|names?|output|explanations?|commentary|article|advice|guidance|that|this|it)\b"
_WORKS = (
    r"(?:assist\b(?!ant|ed)|help(?=[ ](?:you|with|describ|identify|analy|caption|in\b|on\b|creat|generat|provid)|[ ]?[.!,;]|\Z)(?! you (?:up|down|out of|now|anymore|move|carry))|comply\b|fulfil(?:l)?\b[ ](?:this|that|your|the)|accommodate (?:this|that|your|the)|"
    r"(?:process|complete|satisfy|honou?r|handle|support|respond to|answer|address|perform|execute|carry out|continue with|proceed with|engage (?:with|in)|participate in|discuss|do)[ ](?:with )?(?:this|that|your|the|such|these)\b[ ]?(?:request|question|task|prompt|topic|kind|type|content|conversation|query|inquiry|instruction)?|"
    r"proceed\b(?=[ ](?:with|without)|[.!,])|continue (?:with|this (?:conversation|discussion))|"
    rf"(?:provide|generate|create|produce|write|offer|give|make|share|supply|compose|craft|formulate|deliver|assist|come up with)(?:[ ]you)?(?:[ ]with)?[ ](?:[\w-]{{1,20}}[ ]){{0,4}}?{_PRODUCT})"
)
_SEES = (
    r"(?:see|view|access|open|look at|watch|play|hear|process|analy[sz]e|interpret|read|display|load|examine|inspect|perceive|observe|receive|find|locate|detect|retrieve|"
    r"download|visuali[sz]e|evaluate|review|handle|seeing|viewing|accessing|opening|analy[sz]ing|processing|interpreting|perceive|support|get|make out|browse|fetch|interact with|work with|examining|describe|identify|tell)"
)
_SAYS = (
    rf"(?:(?:describe|caption|analy[sz]e|summari[sz]e|transcribe|interpret|comment on|discuss|explain|annotate|label|evaluate|assess|generate (?:a )?captions? for)[ ]{_THE}(?:{_MEDIA}|content|contents|scene|people|person|individuals?|it\b(?=[.,!]|\Z| (?:for|without|in))|this\b(?=[.,!]|\Z| (?:for|in|content|kind|type))|that\b(?=[.,!]|\Z))|"
    rf"(?:identify|identifying|recogni[sz]e|recogni[sz]ing|name|naming|determine|confirm|verify|disclose|reveal|speculate (?:about|on)|guess|infer|tell(?: you)?|say|make (?:assumptions|identifications|inferences)(?: about)?|provide (?:the )?(?:identity|identities|names?) of|identification of)[ ](?:(?:or|and) \w{{1,15}} )?{_PEOPLE}(?! i am| i was| i'm| to trust| you are| you were)|"
    r"(?:identify|recogni[sz]e|determine|tell(?: you)?)[ ]what(?:'s| is| it)? (?:in|shown|depicted|happening|contains|shows))"
)
_ABLE = rf"\bI{_NOT}{_ADVERB}?[ ](?:to )?(?:{_WORKS}|{_SEES}[ ](?:or[ ]\w{{1,15}}[ ]|and[ ]\w{{1,15}}[ ]|,[ ]\w{{1,15}},?[ ](?:or|and)[ ]\w{{1,15}}[ ])?{_THE}{_MEDIA}|{_SAYS})"
_GIVEN = r"(?:attached|provided|uploaded|included|shared|given|supplied|received|detected|sent|submitted|visible|available|accessible|present|linked|found|loaded|embedded|displayed|here)"
_TO_WHOM = r"(?=[ ]?[.,;!?)]|[ ]?\Z|[ ](?:in|with|to|by|for|on)[ ](?:your|the|this|our|me|us|you|my)\b|[ ](?:so|and|yet|but|here|for|that I|at|therefore|or)\b|[ ][-–—])"
_YOU_DID_NOT = r"you(?:[ ](?:have|did|may have|might have|seem to have|appear to have|must have))?(?:[ ](?:not|n't)|n't|ven't|[ ]forgotten|[ ]forgot)(?:[ ](?:actually|yet|successfully|have|to))*[ ](?:attach|upload|includ|provid|shar|send|sent|suppl|link|gave|give|post|submit|past)\w{0,4}\b"
_UNSEEN = (
    rf"(?:\bI(?:{_ADVERB}?[ ](?:do not|don't|did not|didn't|cannot|can't|could not|couldn't|have not|haven't|am not|never)|'m not|'ve not){_ADVERB}?[ ](?:been (?:given|provided with|shown|sent)|see|seeing|have|find|get|receive[d]?|detect|have access to|been able to see|seen|have any record of|have the)[ ](?:any |an? |the |your |that |this |actual |attached |uploaded |visible ){{0,3}}{_MEDIA}"
    rf"|\bI(?:[ ]was|[ ]wasn't|'m|[ ]am|[ ]have|[ ]only)[ ](?:not[ ]|n't[ ])?(?:given|provided|shown|sent|see|seeing|received|receive|have)[ ](?:with )?(?:no|only text|only the text|only see text|just text)\b"
    rf"|\bI (?:see|have|received|got|can see|find|detect) (?:no|neither|zero) (?:actual |attached |uploaded )?{_MEDIA}"
    rf"|\bthere (?:is|'s|are|was|were|does not|doesn't|do not|don't|isn't|wasn't|aren't)(?: currently| actually)?(?: seem to be| appear to be| (?:seems|appears) to be| been)?(?: an?y?| no| not an?y?)?(?: actual| visible)? {_MEDIA}(?: file| link)?(?: that (?:is|was|were|has been))?[ ](?:{_GIVEN}{_TO_WHOM}|in (?:your|this|our|the) (?:message|conversation|chat|request|prompt|query|input|question)|for me\b|to (?:describe|analy[sz]e|caption|look at|work with|see|view|process|examine|review)\b)"
    rf"|\bno {_MEDIA}(?: or {_MEDIA})?(?: file| content)?(?:[ ](?:was|were|has been|have been|is|are|appears to (?:be|have been)|seems to (?:be|have been)|came|could be|got))?(?: actually| currently| successfully)?[ ](?:{_GIVEN}|through|attached to|visible to me){_TO_WHOM}"
    rf"|\b{_YOU_DID_NOT}(?=[^.!?\n]{{0,60}}\b{_MEDIA})"
    rf"|\b(?:your|this|the) (?:message|request|prompt|query|question|input|conversation)(?: only)? (?:does not|doesn't|did not|didn't|seems not to|appears not to|contains? no|includes? no|has no)[^.!?\n]{{0,40}}?\b{_MEDIA}"
    rf"|\b(?:the|your) (?:\w{{1,12}} )?{_MEDIA}(?: (?:that )?(?:you(?:'ve| have|'re| are)?|was|were|is|being) [^.!?\n,]{{0,40}})? (?:is not|isn't|are not|aren't|was not|wasn't|were not|weren't|did not|didn't|does not|doesn't|has not|hasn't|have not|haven't|could not|couldn't|cannot|can't)(?: seem to| appear to)?(?: be| been| have| have been)? ?(?:{_GIVEN}|load|open|come through|go through|upload|display|attach|show up|work|processed|opened|viewed|accessed|visible to me|accessible to me|show up)\b(?=[^\n]{{0,200}}\b(?:you|your|me|I|please)\b)"
    rf"|\b(?:the|your) (?:\w{{1,12}} )?{_MEDIA}(?: (?:that )?you(?:'ve| have)? [^.!?\n,]{{0,40}})? (?:seems to be|appears to be|is|was) (?:missing|unavailable|inaccessible|not (?:visible|available|accessible))\b(?=[^\n]{{0,200}}\b(?:you|your|me|I|please)\b)"
    rf"|\b(?:the|your) (?:\w{{1,12}} )?{_MEDIA}(?: (?:that )?you(?:'ve| have)? [^.!?\n,]{{0,40}})? (?:failed|fails|seems to have failed|appears to have failed) to (?:load|upload|open|attach|come through)(?=[^\n]{{0,200}}\b(?:you|your|me|I|please)\b)"
    rf"|\b(?:(?:I'm|I am) (?:just |only |merely )?(?:an? )?(?:text[- ](?:based|only)|language) (?:AI|model|assistant|language model))"
    rf"|\bI (?:can |could )?only (?:process|work with|handle|understand|read|see|respond to|deal with|accept) (?:text|written)"
    rf"|\b(?:I(?:'d| would| will|'ll)?(?: first)? need|I require|I(?:'d| would) (?:have|need|like|love) to (?:see|have))(?: you)?(?: to (?:see|view|upload|provide|share|attach|have(?: access to)?))? (?:the|an|your|a)(?: actual)? {_MEDIA}(?=[ ]?(?:[.,;!]|\Z)| (?:to|in order|first|so|itself|before|you)))"
)
_ASKS = rf"(?:please|kindly|could you|can you|would you(?: mind)?|if you(?: could| can| would)?|you(?:'ll| can| could| may| will| need| must)|feel free to|try|once you(?:'ve| have)?)\b[^.!?\n]{{0,40}}?\b(?:upload|provide|share|attach|send|re-?upload|resend|re-?attach|re-?share|include|supply|paste|describe|submit|add|post|providing|sharing|uploading)(?:ing|ed|d)? (?:it|(?:me )?(?:(?:with )?(?:the|an|your|a|that|any) )?(?:(?:actual|valid|clear|correct|specific|missing|relevant) )?{_MEDIA})"
_APOLOGY = (
    r"(?:(?:oh|hmm|oops|well|ah|hi|hello|hey|actually|but|however|and)[,! ]+)?(?:I(?:'m|[ ]am)(?: (?:very|so|really|truly|deeply|terribly|genuinely))? sorry|I(?: sincerely| do| must| deeply| truly)? apologi[sz]e|(?:my|our)(?: sincere(?:st)?| deepest)? apologies|apologies|sorry|unfortunately|regrettably|regretfully|sadly|"
    r"I(?:'m|[ ]am) afraid|we(?:'re| are) sorry|I regret|pardon me|forgive me|alas)\b"
)
_AI = r"(?:I(?:'m|[ ]am)[ ](?:just |only |merely |simply )?|as |being )(?:an? )?(?:(?:responsible|helpful|text[- ]based|text[- ]only|large|ethical|harmless|safe|virtual|computer) )?(?:AI|A\.I\.|artificial intelligence|language model|virtual assistant|digital assistant|multimodal model|computer program)(?:[- ](?:language|text|chat|powered|based|model|models|assistant|system|chatbot|program|LLM))*(?=[ ]?[,.;!]|[ ](?:I|developed|created|trained|made|designed|built|and|without|with|so|that|who)\b|\Z)"

ENGLISH = Grammar(
    apology=_APOLOGY,
    machine=_AI,
    opener=(
        r"(?:(?:oh|hmm|well|okay|ok|sure|hi|hello|hey|yes|no|thanks|thank you|also|additionally|still|currently|at (?:this|the) (?:time|moment)|right now|actually|but|however|therefore|so|thus|with that said|that said|instead|in this case)\b[,!.]?[ ]?){0,3}"
        r"(?:I\b|I'|as (?:an|a|much|such|of)\b|based on|from (?:the|this|what)|without|since|because|while|although|though|unless|until|given|due to|in order|to (?:be|help|describe|give|provide|assist|protect|respect|answer|generate|create|comply|proceed)\b|for (?:privacy|safety|legal|ethical|security|the|that|this)|if\b|"
        r"it (?:looks|seems|appears|sounds)|it's (?:against|not|important|possible)|this (?:request|content|prompt|question|task|seems|appears|looks|goes|would|violates|is not something|isn't something)|your (?:request|message|prompt|image|question|query)|the (?:request|prompt|content|conversation|message|instructions?)|that(?:'s| is) (?:not |something )|"
        r"thank(?:s| you)|appreciate|you\b|we\b|unable|not able|can't|cannot|can not|per my|according to my|my\b|there|no\b|the provided|nothing|out of|upon|when|after|sorry|please)"
    ),
    declines=(
        rf"(?:{_ABLE}"
        rf"|^\W{{0,5}}(?:Unable to|Not able to|Cannot|Can't|Can not|Could not|Couldn't)[ ](?:{_WORKS}|{_SEES}[ ]{_THE}{_MEDIA}|{_SAYS})(?=[^\n]{{0,300}}(?:\Z|you|your|me\b|please))"
        rf"|\bI{_NOT}{_ADVERB}?[ ](?:to )?(?:do (?:so|that|this|it)|continue|comply|proceed|oblige)\b(?=[ ]?[.,!;]|\Z| (?:with|because|as|for|since))"
        rf"|\bI(?:[ ]must|[ ]have to|[ ]need to|[ ]will have to|'ll have to|[ ]will|'ll|[ ]am going to|'m going to)?(?: respectfully| politely)? (?:decline|refuse|pass on)\b"
        r"|\b(?:against|violat\w{1,5}|breach(?:es)?|contrary to|conflicts? with|not (?:allowed|permitted|in line with|aligned with|consistent with|something) (?:by|under|with)?|outside(?: of)?|beyond|goes against|contravenes?|inconsistent with) (?:of )?(?:my|our|openai(?:'s)?|anthropic(?:'s)?|google(?:'s)?|the|usage|community|content|safety|ethical)[ ](?:\w{1,15}[ ]){0,4}(?:guidelines?|polic(?:y|ies)|principles|rules|terms|programming|capabilit(?:y|ies)|abilities|values|scope|standards)"
        r"|\b(?:isn't|is not|wasn't|not) something (?:that )?I(?:'m|[ ]am|[ ]can|[ ]will|'d)\b"
        r"|\b(?:my|current|these|existing) (?:current |present )?(?:capabilities|abilities|functionality|guidelines|policies|programming|training|safety guidelines)[ ][^.!?\n]{0,80}?(?:do not|don't|does not|doesn't|are limited|is limited|cannot|can't|prevent|prohibit|restrict|limit|only)"
        r"|\byour (?:request|prompt|message|input)[ ][^.!?\n]{0,20}?(?:blocked|rejected|flagged|filtered|denied|declined)"
        r"|\b(?:response|prompt|request|content|output) (?:was|is|has been) (?:blocked|filtered|rejected|flagged|withheld)\b)"
    ),
    unseen=_UNSEEN,
    asks=_ASKS,
    weak=(
        r"(?:\bI(?:[ ]am|'m)?[ ](?:cannot|can't|can not|could not|couldn't|won't|will not|don't|do not|unable|not able|am unable|am not able|wasn't able)\b[ ](?:to[ ])?(?:see|view|access|open|read|process|assist|help|comply|describe|identify|answer|provide|do|continue|fulfil|complete|respond|discuss|generate|create|support|have|recogni[sz]e|determine|share|engage|possess|make|analy[sz]e|tell|say|discern|perceive|offer|give|produce|proceed)\b"
        r"|\bcan(?:'t|not| not) be (?:done|completed|fulfilled|answered|provided|described|processed|assisted)\b|\b(?:not|unable|impossible) (?:able )?(?:to )?(?:help|assist|describe|see|process|view)\b|\bnot (?:possible|available|supported|allowed|permitted)\b)"
    ),
    attributed=(
        r"[,;:–—-][ ]?(?:(?:it |which |who )?(?:reads?|says?|said|states?|tells?|told|sings?|sang|whispers?|whispered|shouts?|shouted|mutters?|muttered|cries|cried|writes?|wrote|replies|replied|announces?|declares?|declared|goes|shows?|displays?|adds?|added|explains?|explained|is (?:written|printed|scrawled|painted|shown|displayed|the (?:text|caption|message|title))|are (?:written|printed|the (?:words|lyrics|opening lines)))\b"
        r"|(?:(?:the|a|an|his|her|their|one|my|s?he|they|it|[A-Z][a-z]{1,20})[ ](?:[\w'-]{1,20}[ ]){0,4}?(?:reads?|says?|said|states?|tells?|told|sings?|sang|whispers?|whispered|shouts?|shouted|mutters?|muttered|cries|cried|writes?|wrote|replies|replied|announces?|declares?|explains?|explained|begins?|goes)\b))"
        r"|\b(?:reads?|says|is written|is printed|written|printed|painted|scrawled|appears?) (?:the|on|in|across|under|below|over|above|at) (?:the|a|an|his|her|one|big|bold|red|white|black|top|bottom)\b"
    ),
)

LANGUAGES = (ENGLISH,)
