"""How models announce an answer and take leave in English, German and Dutch."""

from __future__ import annotations

from dataflow.parsing.small_talk.words import SmallTalk

ENGLISH = SmallTalk(
    agrees=(
        r"(?:(?:oh|ah|yes|ok|okay|well),? )?(?:sure(?: thing)?|certainly|of course|absolutely|definitely|okay|ok|"
        r"great|perfect|awesome|wonderful|alright|all right|got it|gladly|no problem|understood|with pleasure|my "
        r"pleasure|thanks|thank you|hello|hi|hey|hi there|hello there|(?:(?:thanks|thank you)(?: so much| very "
        r"much)?,? for|i appreciate you|i appreciate your) (?:sharing|providing|uploading|sending|asking|your "
        r"(?:question|request|patience|message|image)|the (?:image|video|picture|photo|question|context|"
        r"frames))[^.!?\n]{0,80}|(?:great|good|excellent|interesting|lovely|beautiful|what an? \w+) (?:question|"
        r"image|photo|picture|video|shot|request|choice)|(?:i'd|i would|i'll|i will|i'm|i am)(?: be)?(?: more "
        r"than)? (?:happy|glad|delighted|pleased|excited) to (?:help|assist|describe|analy[sz]e|provide|caption|"
        r"do)[^.!?\n]{0,100}|(?:i can|let me|allow me to|i'll|i will|i'd love to)(?: certainly| definitely| gladly|"
        r" help you)? (?:help|assist|describe|caption|analy[sz]e|take a (?:closer )?look|break (?:it|this) down|"
        r"provide (?:you with )?(?:a|the|an))[^.!?\n]{0,80}|let's (?:take a (?:closer )?look|have a (?:closer )?look|"
        r"look closely|dive in)[^.!?\n]{0,60}|(?:i apologi[sz]e|sorry|apologies|my apologies|i'm "
        r"sorry) for (?:the|my|any)(?: \w+){0,2}? (?:confusion|delay|mistake|error|oversight|misunderstanding|wait|"
        r"response|answer)[^.!?\n]{0,40}|as (?:you )?requested)"
    ),
    announces=(
        r"(?:here(?:'s| is| are)|below (?:is|are)|(?:the )?following (?:is|are)|(?:based on|looking at|from|after "
        r"(?:viewing|watching|looking at|reviewing|analy[sz]ing)|given) (?:the|this|these|your)[^:\n.!?]{1,90}, "
        r"(?:here(?:'s| is| are)|i(?:'ve| have|'d| would| can))|i(?:'ve| have) (?:written|created|prepared|"
        r"generated|come up with|put together)|i(?:'ll|'d| will| would| can)|let me|allow me to|a (?:possible|"
        r"suggested|detailed|suitable|good|short|concise)|one possible|my|your|the (?:final|requested|revised|"
        r"corrected|improved|suggested))"
    ),
    nouns=(
        r"(?:descriptions?|captions?|summary|analysis|breakdown|overview|answers?|responses?|transcription|"
        r"explanation|interpretation|depiction|rundown|observations?|account|translation|details(?= (?:of|i|"
        r"about))|description|(?:option|attempt|suggestion|try)\b|"
        r"what (?:i|we|is|you|the|it|happens|this)\b|describe|go\b|output|result|version of "
        r"the (?:caption|description)|revision)"
    ),
    as_follows=(
        r"(?:(?:the|my) (?:\w+ ){0,2}?(?:caption|description|answer)(?: (?:for|of) (?:the|this|your) \w+)? (?:is|"
        r"would be|"
        r"could be)(?: as follows)?(?= ?[:：])|(?:the|my) (?:\w+ ){0,2}?(?:caption|description|"
        r"answer) is as follows|this is (?:a|the) (?:\w+ "
        r"){0,2}?(?:description|caption|summary) (?:of|for) (?:the|this|your) (?:\w+ "
        r"){0,2}?(?:image|picture|photo|video|clip|frames?)|here (?:you (?:go|are)|it is|goes)|the (?:image|"
        r"picture|photo|video|clip|scene|caption|description|answer)(?: \w+){0,6}? (?:can|could|may|might) be "
        r"(?:described|captioned|summari[sz]ed) as(?: follows)?|(?:the|a|an|my) (?:\w+ ){0,2}?(?:caption|"
        r"description) (?:for|of) (?:the|this|your) (?:\w+ ){0,2}?(?:image|picture|photo|video|clip|frames?)(?: "
        r"(?:is|would be|could be|might be|reads))?(?: as follows)?|i (?:would|'d|can) (?:describe|caption) (?:it|"
        r"this|the \w+)(?: \w+){0,3}? as(?: follows)?)"
    ),
    leaves=(
        r"(?:please |just |and |so |but |also,? |otherwise,? |anyway,? )?(?:let me know (?:if|whether|what|how|"
        r"which)|feel free to (?:ask|reach|let|share|provide|adjust|modify|use|request|tell|edit|customi[sz]e)|"
        r"(?:i )?(?:hope|trust) (?:this|that|it|these|the (?:description|caption|above))(?: \w+){0,3}? (?:helps?|"
        r"helpful|useful|meets?|works?|gives?|provides?|captures?|suits?|answers?|satisf\w+|serves?)|would you "
        r"(?:like|prefer) (?:me|to|more|any|a\b|another|further|additional|help|it)|do you (?:want|need|have) "
        r"(?:me|any|more|another|further)|is there (?:anything|something|any) (?:else|specific|other|more|you)|"
        r"(?:should|if) you(?:'d like| would like| need| have| want| require| wish)(?=[^.!?\n]{0,200}\b(?:i|me|let|"
        r"ask|feel free|further|more|else|questions|help|just)\b)|(?:i'm|i am|i'll be|i'd be) (?:always |also "
        r")?(?:happy|here|glad|available) (?:to|if|for)|happy to (?:help|provide|elaborate|adjust)|always happy to|"
        r"(?:thanks|thank you) for (?:sharing|providing|the|your|asking|uploading|watching your)|shall i|should i "
        r"(?:describe|add|focus|continue|also|elaborate)|can i (?:help|assist|do)|may i (?:help|assist)|want me to|"
        r"need (?:me to|anything else|more)|any(?:thing| other questions)? else|which (?:version|one) do you "
        r"prefer|(?:how does (?:this|that) (?:sound|look))|have a (?:great|nice|good|wonderful) day|i can also|i "
        r"could also|if that (?:helps|works)|don't hesitate to|(?:please )?note(?::| that) (?:this (?:description|"
        r"caption|analysis|response|is an? (?:ai|interpretation))|the (?:description|caption|analysis) |i |as an "
        r"ai|since i|without )|this (?:description|caption|response) (?:is based|was generated|aims|should|"
        r"captures|provides|adheres|follows|avoids)|(?:end of (?:the )?(?:description|caption|response|answer))|"
        r"\(?\d{1,4} words\)?\W*$|that's (?:all|it)(?: for now)?\W*$)"
    ),
)

GERMAN = SmallTalk(
    agrees=(
        r"(?:natürlich|gerne?|klar|selbstverständlich|sicher|aber gerne?|sehr gerne?|okay|alles klar|verstanden|"
        r"hallo|danke(?: für [^.!?\n]{1,60})?|vielen dank(?: für [^.!?\n]{1,60})?|kein problem|auf jeden fall|ich "
        r"(?:helfe|beschreibe)[^.!?\n]{0,60}|perfekt|ja)"
    ),
    announces=(
        r"(?:natürlich[,!]? |gerne?[,!]? |klar[,!]? |ja, )?(?:hier (?:ist|sind|kommt|finden sie|hast du|haben sie)|"
        r"im folgenden|nachfolgend|es folgt|das ist|dies ist|folgende|(?:basierend|anhand|auf grundlage|auf "
        r"basis)[^:\n.!?]{1,80} (?=ist|hier|folgt|kann|lautet))"
    ),
    nouns=(
        r"(?:beschreibung|bildunterschrift|bildbeschreibung|videobeschreibung|zusammenfassung|analyse|antwort|was "
        r"ich|überblick|erklärung|transkription|titel)"
    ),
    leaves=(
        r"(?:ich hoffe,? (?:das|dies|diese|die|es|dass)|lass(?:en sie| )? ?(?:mich|es mich) (?:gerne? )?wissen|"
        r"(?:sag|sagen sie|gib|geben sie) (?:mir )?(?:einfach |gerne )?bescheid|(?:möchtest du|möchten sie|soll "
        r"ich|wollen sie|willst du)|(?:haben sie|hast du|gibt es) (?:noch|weitere|sonst)|kann ich (?:ihnen|dir|"
        r"sonst|noch)|brauchst du|benötigen sie|(?:wenn|falls|sollten|solltest) (?:sie|"
        r"du)(?=[^.!?\n]{0,140}\b(?:weitere?n?|mehr|fragen|noch|hilfe|wissen|bescheid|gerne?|brauch\w+|sag|"
        r"lass)\b)|gerne? (?:kann|helfe|stehe|beantworte)|ich (?:stehe|helfe) (?:ihnen|dir|gerne?)|bei (?:weiteren "
        r")?fragen|zögern sie nicht|melde dich|hinweis: (?:diese|die) beschreibung)"
    ),
)

DUTCH = SmallTalk(
    agrees=(
        r"(?:natuurlijk|zeker|uiteraard|graag(?: gedaan)?|prima|oké|hallo|met plezier|bedankt(?: voor "
        r"[^.!?\n]{1,60})?|dank je(?: wel)?(?: voor [^.!?\n]{1,60})?|ja|geen probleem)"
    ),
    announces=(
        r"(?:natuurlijk[,!]? |zeker[,!]? )?(?:hier (?:is|zijn|volgt|heb je)|hieronder|dit is|het volgende is|(?:op "
        r"basis|gebaseerd)[^:\n.!?]{1,80} (?=is|volgt))"
    ),
    nouns=r"(?:beschrijving|bijschrift|samenvatting|analyse|antwoord|wat ik|overzicht|titel)",
    leaves=(
        r"(?:ik hoop dat|laat (?:het )?(?:me|mij) weten|laat het weten|als je (?:nog|meer|vragen|wilt|hulp)|als u "
        r"(?:nog|meer|vragen|wilt)|wil je dat|wilt u dat|heb je (?:nog|meer)|heeft u (?:nog|meer)|aarzel niet|zal "
        r"ik|kan ik (?:nog|je|u))"
    ),
)
