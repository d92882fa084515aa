"""How a model that tells of itself is known in English, German and Dutch."""

from __future__ import annotations

from dataflow.parsing.refusals.grammar import phrases
from dataflow.parsing.refusals.voices.voice import Voice

ENGLISH = Voice(
    hints="""
        you need i i'm i've i'd i'll me my myself our your this sorry apologies again resend reupload filter filters
        filtered blocked policy safety sensitive mind
    """,
    me=(
        phrases(
            "i i'm i've i'd i'll me  myself your_(?:upload|file|image|photo|picture|video|link|"
            "message) our_(?:content_|usage_|safety_)?(?:polic*|guidelines|terms|rules) "
            "(?:this|the_current)_(?:\\w+_)?(?:model|assistant|chatbot)"
        )
        + r"|\A(?:sorry|apologies)\b|\bsorry[.!]?\Z"
        + r"|\bmy (?:\w+ ){0,2}?(?:guideline|polic|rule|principle|programming|training|capabilit|abilit|function|"
        r"role|purpose|instruction|value|knowledge|side|end\b|input|answer|response|apolog|design|creator|system|"
        r"limit|reach|skill|scope|power|guardrail|tool|visual|safe|terms|best|job|task|sight|view\b)"
    ),
    denies=r"n't\b|\b(?:do|does|did|ca|wo|is|was|has|have|are)nt\b|"
    + phrases("""
        not cannot no(?!_one) none never nothing unable impossible inappropriate uncomfortable unethical decline*
        refus* refrain* abstain* avoid* prevent* prohibit* forbid* forbidden restrict* limit* against violat* breach*
        conflict* outside beyond without lack* only rather hesitant fail* error* trouble stop skip pass_on off-limits
        disallow* unsupported blank corrupt* damaged steer_clear
    """),
    task=phrases("""
        describ* description* caption* identif* identit* recogni* analy* interpret* transcri* summar* annotat*
        translat* comment* speculat* guess* judg* assess* evaluat* rate rank reveal* disclos* naming name names who
        image* picture* photo* video* clip* footage frame frames file* link* url attachment* upload* visual* vision
        content request* quer* question* prompt* task* instruction* guideline* polic* rules programming training
        capabilit* abilit* safeguard* help* assist* answer* respond* respons* comply complying fulfil* discuss*
        generat* creat* provid* people person individual* topic material* information text scene arriv* receiv*
        reach* do(?:ing)?_(?:this|that|so|it) what_i_can vision visual eyes screen
    """),
    media=phrases(
        "image* picture* photo* video* clip* footage frame frames file* link* attachment* upload* screenshot*"
    ),
    chat=(
        (
            r"\b(?:our|this|your|the current) (?:\w+ )?(?:conversation|chat|message|request|prompt|query|dialog(?:ue)?|"
            r"exchange|thread|discussion|input)\b"
        )
        + r"|\bhere\b(?=[^.!?]*\battachments?\b)"
    ),
    broken=(
        r"\b(?:load|upload|attach|open|process|display|receiv|provid|includ|sent|fail|error|missing|corrupt|render|"
        r"retriev|fetch|decod)"
    ),
    looks=(
        r"\bi(?:'m| am) (?:standing|sitting|walking|holding|wearing|riding|driving|filming|lying|looking|pointing|"
        r"carrying|"
        r"running|kneeling|leaning|recording|posing)\b|\bi (?:stand|sit|walk|hold|wear|ride|drive|film|lie|point|"
        r"carry|run)\b|"
        r"\bi (?:can |could |also |clearly |would |'d )*(?:see|notice|observe|think|believe|guess|say|spot)\b"
        r"(?! (?:no|any|nothing|that you|that no|that there|your)\b)|\b(?:image|photo|picture|video|scene|clip)s? "
        r"(?:also )?(?:shows?|depicts?|features?|displays?|captures?|portrays?)\b"
    ),
    tells=r"\b(?:tell|give|help) you\b",
    blocked=(
        r"(?=[^.!?\n]*(?:filter|safety|polic|guideline|sensitive|moderation|inappropriate))"
        r"(?:(?:the|your|this|my) (?:\w+ ){0,2}?(?:response|request|prompt|output|answer|reply|completion|input|"
        r"query|content)|(?:response|request|prompt|output|content))[^.!?\n]{0,80}?(?:block|filter|reject|refus|"
        r"denied|flagged|withheld|suppress)"
    ),
    resend=(
        (
            r"\b(?:send|share|upload|attach|try sending|try uploading) (?:it|the \w+|that|your \w+) (?:\w+ )?(?:again|"
            r"once more)|\b(?:re-?send|re-?upload|re-?attach)\w*\b(?: (?:it|the|your))|\bmind (?:re-?)?(?:send|upload|"
            r"shar)ing\b"
        )
        + r"|\byou (?:may have |might have |seem to have |probably |"
        r"perhaps )?forg[eo]t(?:ten)?\b[^.!?]{0,20}?(?:attach|upload|includ|send|add)"
    ),
    needs=(
        r"\byou(?:'ll| will)? (?:need|have|must|should)\b[^.!?]{0,20}?\b(?:upload|send|attach|share|provide|"
        r"include)|\bneed (?:you to \w+ )?(?:to see )?(?:the|your|an) (?:actual |original )?(?:image|photo|picture|"
        r"video|file|clip)\b"
    ),
)


GERMAN = Voice(
    hints="""
        diesem diesen dieses chat vergessen hier sorry entschuldigung leid müssen musst sie du brauche ich mir mich
        mein meine meinen meiner meinem meines unsere unserer unserem ihre ihrer ihrem deine deiner dieser erneut
        noch nochmal neu filter inhaltsfilter richtlinien sensibler blockiert
    """,
    me=(
        (
            phrases("ich mir mich  unsere(?:n|r)?_(?:richtlinien|regeln|nutzungs*)")
            + r"|\A(?:sorry|entschuldigung|tut mir leid)\b"
        )
        + r"|\bmein\w* (?:\w+ ){0,2}?(?:richtlinie|regel|vorgabe|grunds|prinzip|programmier|training|fähigkeit|"
        r"möglichkeit|funktion|rolle|aufgabe|anweisung|wert|wissen|seite|eingabe|antwort|entwickler|grenze|"
        r"reichweite|befugnis|nutzungs)|\bmeiner(?:seits)?\b"
    ),
    denies=phrases("""
        nicht nichts nie kein* niemanden niemandem unmöglich unangemessen unzulässig fehler* fehlt fehlen fehlschlag*
        fehlgeschlagen ohne außerhalb gegen ablehn* lehne verweiger* weiger* verzicht* verbiet* verboten untersag*
        verwehr* hinder* verstoß* verstöß* verletz* nur ausschließlich lediglich absehen unwohl unbehag* außerstande
        überschreit* übersteig* begrenz* beschränk* widerspr* schwer abstand hinaus leer beschädigt* passen meide
        vermeide*
    """),
    task=phrases("""
        beschreib* beschrieb* bildbeschreib* bildunterschrift* identif* identität* erkenn* wiedererkenn* analys*
        auswert* interpret* transkri* zusammenfass* übersetz* komment* spekul* mutmaß* errat* beurteil* bewert*
        einschätz* benenn* nenn* namen preisgeb* verrat* offenleg* wer bild* foto* aufnahme* video* clip* datei*
        link* anhang anhänge screenshot* visuell* inhalt* anfrage* aufgabe* frage* bitte anweisung* richtlinie*
        vorgabe* regeln programmier* fähigkeit* möglichkeit* helf* hilf* unterstütz* antwort* beantwort* eingeh*
        erfüll* nachkomm* generier* erstell* liefer* bereitstell* bereitzustell* person* mensch* gesicht* darstell*
        übernehm* schilder* szene* werkzeug* text* angekommen wiedergeb* wiedergebe thema material** auskunft*
        information* weiterhelf* dabei damit hierbei das_geht augen bildschirm* angehäng* beigefüg* geschickt*
        hochgelad*
    """),
    media=phrases("bild* foto* aufnahme* video* clip* datei* anhang anhänge link* screenshot* grafik*"),
    chat=(
        (
            r"\b(?:unser|dies|ihr|dein)\w* (?:\w+ )?(?:unterhaltung|gespräch|chat\w*|nachricht|anfrage|konversation|"
            r"eingabe)\b"
        )
        + r"|\bhier\b(?=[^.!?]*\banh[aä]ng\w*\b)"
    ),
    broken=(
        r"\b(?:lad|geladen|hochgeladen|angehängt|öffn|geöffnet|verarbeite|empfang|bereitgestellt|beigefügt|"
        r"übermittel|fehl|beschädigt|angekommen)"
    ),
    looks=(
        r"\bich (?:stehe|sitze|gehe|laufe|halte|trage|fahre|filme|liege|zeige|fotografiere)\b|"
        r"\bich kann (?!(?:\w+ ){0,5}?(?:kein\w*|nicht\w*|niemand\w*)\b)[^.!?]{0,60}?\b(?:sehen|erkennen)\b|"
        r"\bich (?:\w+ )?(?:sehe|erkenne|bemerke|glaube|denke)\b(?! (?:kein|nicht|leider))|\b(?:sehe|erkenne) ich\b(?! "
        r"(?:kein|nicht|leider|hier kein))|\b(?:bild|foto|video|szene|aufnahme) (?:zeigt|stellt)\b"
    ),
    tells=r"\b(?:ihnen|dir)\b[^.!?]{0,24}\b(?:sagen|helfen|nennen|mitteilen)",
    blocked=(
        r"(?=[^.!?\n]*(?:filter|richtlinie|sicherheit|sensib|moderation|unangemess))"
        r"(?:(?:die|ihre|deine|diese|der|ihr|das) (?:\w+ )?(?:antwort|anfrage|ausgabe|eingabe|inhalt|prompt)\w*|"
        r"(?:antwort|inhalt|anfrage))[^.!?\n]{0,80}?(?:blockier|gefilter|abgelehn|zurückgewies|verweiger|"
        r"unterdrück)"
    ),
    resend=(
        (
            r"\b(?:schick|send|lad|teil|häng)\w*\b[^.!?]{0,40}?\b(?:noch ?mal|noch einmal|erneut|neu)\b|"
            r"\berneut (?:\w+ )?(?:hochla|senden|schicken|teilen|anhäng|bereitst)"
        )
        + r"|\bvergessen\b[^.!?]{0,40}?(?:anzuhängen|hochzuladen|mitzuschicken|beizufügen|mitzusenden)"
    ),
    needs=(
        r"\b(?:müssen sie|sie müssen|du musst|musst du|sollten sie|sie müssten)\b[^.!?]{0,40}?(?:hochladen|"
        r"schicken|senden|anhängen|teilen|beifügen)|\b(?:brauche|benötige|bräuchte) ich\b|\bich (?:brauche|"
        r"benötige|bräuchte)\b"
    ),
)


DUTCH = Voice(
    hints="""
        moet ik mij mijn onze dit je jouw uw opnieuw nogmaals filter richtlijnen geblokkeerd
    """,
    me=phrases("ik mij mijn onze_(?:richtlijnen|regels)"),
    denies=phrases("""
        niet niets nooit geen onmogelijk ongepast fout* ontbreek* zonder buiten tegen weiger* afwijz* afslaan
        verbied* verboden schend* mislukt alleen slechts enkel strijd beperk* afzien
    """),
    task=phrases("""
        beschrij* bijschrift* identif* identiteit* herken* analys* interpret* transcri* samenvat* vertal* comment*
        specul* raden beoordel* inschat* noem* naam namen onthul* wie afbeelding* foto* plaatje* beeld* video* clip*
        bestand* link* bijlage* visue* inhoud verzoek* vra* taak opdracht* richtlijn* regels beleid programmering
        mogelijkhe* help* hulp assist* antwoord* beantwoord* voldoen gener* maken lever* person* mensen onderwerp
        informatie daarmee hiermee hierbij
    """),
    media=phrases("afbeelding* foto* plaatje* video* clip* bestand* link* bijlage* screenshot*"),
    chat=r"\b(?:ons|onze|dit|deze|je|jouw|uw) (?:\w+ )?(?:gesprek|chat\w*|bericht|verzoek|vraag)\b",
    broken=(
        r"\b(?:laden|geladen|geüpload|bijgevoegd|openen|geopend|verwerk|ontvang|verstrekt|mislukt|fout|ontbreek|"
        r"beschadigd)"
    ),
    looks=r"\bik (?:\w+ )?(?:zie|denk|merk)\b(?! (?:geen|niet|helaas))|\b(?:afbeelding|foto|video) toont\b",
    tells=r"\b(?:je|u)\b[^.!?]{0,24}\b(?:vertellen|helpen|zeggen)",
    blocked=(
        r"(?=[^.!?\n]*(?:filter|richtlijn|veiligheid|gevoelig|moderatie))"
        r"(?:(?:het|de|je|uw|dit|deze) (?:antwoord|verzoek|invoer|uitvoer|inhoud|"
        r"prompt))[^.!?\n]{0,80}?(?:geblokkeerd|gefilterd|geweigerd|afgewezen)"
    ),
    resend=r"\b(?:stuur|upload|deel|voeg)\w*\b[^.!?]{0,40}?\b(?:opnieuw|nogmaals|nog eens)\b",
    needs=(r"\b(?:moet|moeten)\b[^.!?]{0,40}?(?:uploaden|sturen|delen|toevoegen|meesturen)"),
)
