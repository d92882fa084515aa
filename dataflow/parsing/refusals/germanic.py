"""How models decline in German and Dutch."""

from __future__ import annotations

from dataflow.parsing.refusals import outright
from dataflow.parsing.refusals.grammar import Grammar, phrases

GERMAN = Grammar(
    outright=outright.GERMAN,
    negated=(
        r"\b(?:nicht|kein\w*|unmöglich|unangemessen|fehler|fehlt|fehlgeschlagen|ohne|außerhalb|gegen|nichts|"
        r"niemand\w*)\b"
    ),
    sorry=(
        r"(?:(?:oh|ah|hallo|hm+|nun|aber|doch|jedoch|danke)[,.! ]* ){0,2}(?:(?:es )?tut mir (?:sehr |wirklich |"
        r"furchtbar |aufrichtig )?leid|es tut uns leid|leider|entschuldig\w*|verzeih\w*|(?:ich|wir) (?:bitte|"
        r"bitten) (?:\w+ )?um (?:entschuldigung|verzeihung|verständnis)|bedauerlicherweise|ich bedau(?:e)?re|"
        r"bedaure|ich fürchte|sorry|pardon|ich entschuldige mich)\b"
    ),
    machine=(
        r"\b(?:als|ich bin|da ich|weil ich) (?:nur |lediglich |bloß )?(?:eine? |ein )?(?:(?:textbasierte[rsn]?|"
        r"großes|reines|virtuelle[rsn]?|hilfsbereite[rsn]?) )?(?:ki|künstliche intelligenz|ai|sprachmodell|ki-\w+|"
        r"assistent|textmodell|chatbot|(?:text|sprach)\w*assistent\w*|ki sprachmodell)(?:[- ](?:sprachmodell|"
        r"modell|assistent|system))*(?= ?[,.;:!]| (?:bin|habe|kann|und|ohne|der|das|die|fehlt|ist|verfüge|darf|"
        r"bin)\b| ?\Z)"
    ),
    preface=r"(?:danke|vielen dank|ich verstehe|ich weiß|gerne|gern|natürlich|ich würde|hallo|ich helfe|ich danke)",
    opens=(
        r"(?:(?:oh|ah|hallo|gut|gerne|gern|natürlich|ja|nein|aber|doch|jedoch|allerdings|also|außerdem|derzeit|"
        r"aktuell|momentan|im moment|zurzeit|leider|dabei|damit|dazu|daher|deshalb)[,.!:]* ?){0,3}(?:ich\b|mir\b|"
        r"mein\w*\b|es (?:sieht|scheint|tut|wäre)|das (?:kann|ist)|die anfrage|der inhalt|sie (?:haben|scheinen)|"
        r"du (?:hast|scheinst)|ihre?\b|deine?\b|als\b|da\b|ohne\b|um\b|aufgrund|"
        r"basierend|diese (?:anfrage|frage|bitte|auskunft|information)|dieser (?:inhalt|anfrage)|"
        r"dieses (?:bild (?:enthält|verstößt)|"
        r"video|material)|obwohl|wenn|solange|bei\b|(?:kann|ist|bin|habe|sehe|darf|muss|fehlt)\b|dafür|hierbei|"
        r"hierfür|in (?:ihrer|deiner|der|dieser) (?:nachricht|anfrage)|mit\b|bevor|scheinbar|anscheinend|offenbar)"
    ),
    of_media=(
        r"(?:es (?:wurde|ist|gibt|liegt)|kein\w* (?:bild|foto|video|datei|anhang)|das (?:von ihnen|von dir|bild|"
        r"foto|video|hochgeladene|angehängte|bereitgestellte)|die (?:von ihnen|von dir|datei|bereitgestellte)|der "
        r"(?:link|anhang))"
    ),
    cannot=(
        r"\bich\b(?:[^.!?;:\n]{0,120}?)\b(?:nicht|niemand(?:en|em)|kein(?:e|en|em|er|es)?|unmöglich|außerstande|"
        r"ablehnen|"
        r"verweigern|"
        r"lehne|verzichte|nur text\w*|unfähig|niemals|absehen)\b|\b(?:nicht|kein(?:e|en|em|er|"
        r"es)?)\b[^.!?;:\n]{0,60}?\bich\b|\bmir\b[^.!?;:\n]{0,60}?\b(?:nicht|unmöglich|untersagt|verwehrt|"
        r"verboten)\b|\bnicht zu meinen\b|\bmeine\w* (?:\w+ )?(?:fähigkeiten|möglichkeiten|"
        r"richtlinien)\b[^.!?\n]{0,60}?\b(?:nicht|kein\w*|beschränkt|begrenzt|nur|verbieten)\b"
    ),
    work=phrases("""
        helfen hilfe behilflich unterstütz* anfrage* bitte_nicht aufgabe frage fragen antwort* beantwort* beschreib*
        beschreibung* bildunterschrift* bildbeschreib* identifizier* identität* erkenn* analys* verarbeit* generier*
        erstell* schreib* liefer* bereitstell* zusammenfass* transkri* interpret* komment* preisgeb* verraten
        sagen_wer wer person* inhalt* material* erfüll* nachkomm* fortfahren vervollständig* dabei damit
        bereitzustellen bestimmen wahr* gesicht* auskunft auskünfte minderjährig* angemessen
    """),
    sees=phrases(
        "sehe sehen gesehen anseh* anzuseh* ansehen betracht* anschau* anzuschau* zugreif* zugriff öffn* abspiel* "
        "abzuspielen lad* les* hör* wahr* empfang* erhalten finde* einseh* anzeigen"
    ),
    media=phrases(
        "bild bilder bildern bildes foto* fotografie* video* clip* screenshot* aufnahme* datei* videodatei* "
        "bilddatei* link* anhang anhänge visuell* einzelbild*"
    ),
    not_given=(
        r"\b(?:nicht|kein\w{0,2}|nichts|nie|keines)\b(?: \w+){0,5}? ?(?:angehäng|beigefüg|bereitgestell|hochgelad|"
        r"hochzulad|geladen|geteil|mitgeschick|geschick|gesende|übermittel|enthalten|empfang|angekomm|sichtbar|"
        r"verfügbar|zugänglich|vorhand|öffne|angezeig|gefund|erhalt|vorlieg|vor\b|zu sehen|mitgegeben|übertrag|zur "
        r"verfügung)|\bkein\w{0,2} (?:bild|foto|video|anhang|datei)\w* (?:in (?:ihrer|deiner|der|unserer) "
        r"(?:nachricht|anfrage|unterhaltung|konversation)|hier)|\bohne (?:das |ein |zugriff )*(?:bild|foto|video)|"
        r"\bfehlt\b|\bvergessen\b|\bfehler (?:beim|aufgetreten)|\bfehlgeschlagen|\bbenötige|\bbrauche"
    ),
    you=(
        r"\b(?:(?:haben|hätten|könnten|laden|senden) sie|von ihnen|ihrer? (?:nachricht|anfrage)|ihnen|du|dein|"
        r"deine|deiner|dir|ich|mir|mich|bitte|versuch\w+|könn\w+)\b|\b(?:bereitgestellt|angehängt|hochgeladen|"
        r"beigefügt|übermittelt)[.!]?$"
    ),
    forbidden=(
        r"\b(?:gegen|verstößt\w*|verletzt|widerspricht|im widerspruch zu|außerhalb|übersteigt|nicht mit) (?:gegen "
        r")?(?:meine\w*|unsere\w*|die|den|das)(?: \w+){0,3}? ?(?:richtlinien|nutzungs\w+|regeln|grundsätze\w*|"
        r"prinzipien|fähigkeiten|programmierung|vorgaben|inhaltsrichtlinien)\b"
    ),
    asks=(
        r"(?:(?:also|dann|aber|und|zuerst|dafür),? )?(?:bitte|könnten sie|könntest du|können sie|kannst du|würden "
        r"sie|laden sie|lade|senden sie|sende|schicken sie|schick\w*|teilen sie|teile|fügen sie|stellen sie|"
        r"versuchen sie|wenn (?:sie|du)|welches)\b[^.!?]{0,80}?(?:bild|foto|video|datei|anhang|link|erneut|noch "
        r"einmal|nochmals?|es (?:bitte )?hoch)"
    ),
    quoted=(
        r"\bsteht (?:in \w+ \w+ )?(?:auf|an|in|mit|über|unter) (?:de[rmns]|eine[rmn]?|ihre[rmn]?|seine[rmn]?|"
        r"lippenstift)\b|"
        r"[,;!?–—-] ?(?!(?:nicht|damit|seit|jetzt|ist|hat|mit|kommt|kann|enthält|zeigt|verletzt|verstößt|lässt|darf|"
        r"somit|sonst|selbst|dort|bereits)\b)\w{4,14}t (?:der|die|das|eine?|sein|seine|ihre?) (?!bild|foto|video|"
        r"datei|link)\w{3,}|"
        r"[,;:!?–—-] ?(?:so )?(?:sagt|sagte|steht|heißt es|lautet|liest man|ist zu lesen|verkündet|warnt|ruft|rief|"
        r"flüstert|singt|schreibt|schrieb|antwortet|antwortete|murmelt|erklärt|fragt|bittet|meint|so (?:der|die|"
        r"das))\b"
    ),
)

DUTCH = Grammar(
    sorry=(
        r"(?:(?:oh|ah|hallo|hoi|maar|echter)[,.! ]* ){0,2}(?:het spijt (?:me|mij)(?: zeer| heel erg)?|het spijt "
        r"ons|sorry|helaas|excus\w+|mijn excuses|mijn verontschuldigingen|jammer genoeg|ik betreur|ik "
        r"verontschuldig|neem me niet kwalijk|ik ben bang)\b"
    ),
    machine=(
        r"\b(?:als|ik ben|omdat ik) (?:slechts |maar |alleen )?(?:een )?(?:ai|kunstmatige intelligentie|taalmodel|"
        r"ai-\w+|virtuele assistent|tekstmodel|(?:tekst\w* )?assistent)(?:[- ](?:taalmodel|model|assistent))*(?= "
        r"?[,.;:!]| (?:kan|heb|ben|en|zonder|die|dat)\b| ?\Z)"
    ),
    preface=r"(?:bedankt|dank|ik begrijp|graag|natuurlijk|ik zou|hallo)",
    opens=(
        r"(?:(?:oh|hallo|goed|graag|natuurlijk|ja|nee|maar|echter|dus|momenteel|op dit moment|helaas|"
        r"hierbij)[,.!:]* ?){0,3}(?:ik\b|mij\b|mijn\b|het (?:lijkt|spijt|verzoek)|"
        r"je\b|jouw\b|uw\b|u\b|als\b|omdat|zonder\b|om\b|op basis|dit (?:verzoek|soort)|deze (?:vraag|inhoud)|"
        r"hoewel|als|daar\w*|kan\b|met\b)"
    ),
    of_media=(
        r"(?:er (?:is|zijn|lijkt|werd|zit)|geen (?:afbeelding|foto|video|bestand)|de (?:afbeelding|foto|video|link|"
        r"door)|het (?:is|door))"
    ),
    cannot=(
        r"\bik\b(?:[^.!?;:\n]{0,100}?)\b(?:niet|geen|onmogelijk|weigeren|afwijzen|weiger|alleen tekst)\b|\b(?:niet|"
        r"geen)\b[^.!?;:\n]{0,60}?\bik\b|\b(?:mij|me)\b[^.!?;:\n]{0,40}?\b(?:niet|onmogelijk|verboden)\b"
    ),
    work=phrases("""
        help* hulp assist* verzoek* taak vraag vragen antwoord* beantwoord* beschrij* beschrijving* bijschrift*
        identific* identiteit* herken* analys* verwerk* gener* maken schrijven gever* lever* samenvat* transcri*
        interpret* wie persoon personen inhoud materiaal voldoen doorgaan
    """),
    sees=phrases("zie zien bekij* open* toegang afspel* laden lezen hor* waarnem* ontvang* vind* weergev*"),
    media=phrases("afbeelding* foto* video* video's clip* screenshot* bestand* link* bijlage* visuel* plaatje* beeld*"),
    not_given=(
        r"\b(?:niet|geen|niets)\b(?: \w+){0,4}? ?(?:bijgevoegd|toegevoegd|geüpload|gedeeld|meegestuurd|gestuurd|"
        r"verstrekt|ontvangen|zichtbaar|beschikbaar|toegankelijk|geladen|aanwezig|gevonden|geopend|aangekomen|in "
        r"(?:je|uw|het|dit) (?:bericht|gesprek))|\bzonder (?:de |een )*(?:afbeelding|foto|video)|\bontbreekt\b|"
        r"\bvergeten\b|\bmislukt\b|\bheb (?:eerst )?(?:de|een) (?:afbeelding|foto|video) nodig"
    ),
    you=(
        r"\b(?:je|jij|jouw|u|uw|ik|mij|me|alsjeblieft|alstublieft|probeer|kun)\b|\b(?:bijgevoegd|verstrekt|"
        r"geüpload|toegevoegd)[.!]?$"
    ),
    forbidden=(
        r"\b(?:tegen|in strijd met|schendt|buiten|overtreedt) (?:mijn|onze|de|het)(?: \w+){0,2}? ?(?:richtlijnen|"
        r"beleid|regels|principes|mogelijkheden|voorwaarden)\b"
    ),
    asks=(
        r"(?:(?:dus|dan|maar|en),? )?(?:kun je|kunt u|zou je|zou u|alsjeblieft|alstublieft|upload|stuur|deel|voeg|"
        r"probeer|als je|als u|welke)\b[^.!?]{0,60}?(?:afbeelding|foto|video|bestand|link|opnieuw|nogmaals|deze "
        r"uploaden)"
    ),
    quoted=(
        r"[,;:!?–—-] ?(?:zo )?(?:zegt|zei|staat|luidt|leest|meldt|waarschuwt|roept|fluistert|zingt|schrijft|"
        r"schreef|antwoordt|mompelt|vraagt|aldus)\b"
    ),
)
