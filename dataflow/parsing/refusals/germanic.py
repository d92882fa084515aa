"""How models decline in German and Dutch."""

from __future__ import annotations

from dataflow.parsing.refusals.grammar import Grammar, phrases

GERMAN = Grammar(
    sorry=(
        r"(?:(?:oh|ah|hallo|hm+|nun|aber|doch|jedoch|danke)[,.! ]* ){0,2}(?:(?:es )?tut mir (?:sehr |wirklich |"
        r"furchtbar |aufrichtig )?leid|es tut uns leid|leider|entschuldig\w*|"
        r"verzeih\w*|(?:ich|wir) (?:bitte|bitten) (?:\w+ )?um (?:entschuldigung|verzeihung|verständnis)|"
        r"bedauerlicherweise|ich bedau(?:e)?re|bedaure|ich fürchte|sorry|pardon|"
        r"ich entschuldige mich)\b"
    ),
    machine=(
        r"\b(?:als|ich bin|da ich|weil ich) (?:nur |lediglich |bloß )?(?:eine? |ein )?(?:(?:textbasierte[rsn]?|"
        r"großes|reines|virtuelle[rsn]?|hilfsbereite[rsn]?) )?(?:ki|künstliche intelligenz|ai|sprachmodell|ki-\w+|"
        r"assistent|textmodell|chatbot|(?:text|sprach)\w*assistent\w*|ki sprachmodell)(?:[- ](?:sprachmodell|modell|"
        r"assistent|system))*(?= ?[,.;:!]| "
        r"(?:bin|habe|kann|und|ohne|der|das|die|fehlt|ist|verfüge|darf|bin)\b| ?\Z)"
    ),
    preface=r"(?:danke|vielen dank|ich verstehe|ich weiß|gerne|gern|natürlich|ich würde|hallo|ich helfe|ich danke)",
    opens=(
        r"(?:(?:oh|ah|hallo|gut|gerne|gern|natürlich|ja|nein|aber|doch|jedoch|allerdings|also|außerdem|derzeit|"
        r"aktuell|momentan|im moment|zurzeit|leider|dabei|damit|dazu|daher|deshalb)[,.!:]* ?)"
        r"{0,3}(?:ich\b|mir\b|mein\w*\b|es (?:sieht|scheint|wurde|ist|tut|gibt|liegt|handelt|wäre)|kein\w* (?:bild|"
        r"foto|video|datei|anhang)|das "
        r"(?:von ihnen|von dir|bild|foto|video|hochgeladene|angehängte|bereitgestellte|kann|ist)|die (?:von ihnen|"
        r"von dir|datei|anfrage|bereitgestellte)|der (?:link|anhang|inhalt)|sie (?:haben|scheinen)|du (?:hast|"
        r"scheinst)|"
        r"ihre?\b|deine?\b|als\b|da\b|ohne\b|um\b|aufgrund|basierend|diese (?:anfrage|frage|bitte)|dieser (?:inhalt|"
        r"anfrage)|dieses (?:bild (?:enthält|verstößt)|video|material)|obwohl|wenn|solange|bei\b|"
        r"(?:kann|ist|bin|habe|sehe|darf|muss|fehlt)\b|dafür|hierbei|hierfür|in (?:ihrer|deiner|der|dieser) "
        r"(?:nachricht|anfrage)|mit\b|bevor|scheinbar|anscheinend|offenbar)"
    ),
    cannot=(
        r"\bich\b(?:[^.!?;:\n]{0,120}?)\b(?:nicht|kein(?:e|en|em|er|es)?|unmöglich|außerstande|ablehnen|verweigern|"
        r"lehne|verzichte|nur text\w*|unfähig|niemals|absehen)\b|"
        r"\b(?:nicht|kein(?:e|en|em|er|es)?)\b[^.!?;:\n]{0,60}?\bich\b|\bmir\b[^.!?;:\n]{0,60}?\b(?:nicht|unmöglich|"
        r"untersagt|verwehrt|verboten)\b|\bnicht zu meinen\b|"
        r"\bmeine\w* (?:\w+ )?(?:fähigkeiten|möglichkeiten|richtlinien)\b[^.!?\n]{0,60}?\b(?:nicht|kein\w*|"
        r"beschränkt|begrenzt|nur|verbieten)\b|\bist (?:\w+ ){0,2}?nicht möglich\b"
    ),
    work=phrases("""
        helfen hilfe behilflich unterstütz* anfrage* bitte_nicht aufgabe frage fragen antwort* beantwort* beschreib*
        beschreibung* bildunterschrift* bildbeschreib* identifizier* identität* erkenn* analys* verarbeit* generier*
        erstell* schreib* liefer* bereitstell* zusammenfass* transkri* interpret* komment* preisgeb* verraten
        sagen_wer wer person* inhalt* material* erfüll* nachkomm* fortfahren vervollständig* dabei damit
        bereitzustellen bestimmen wahr*
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
        r"hochzulad|geladen|geteil|mitgeschick|geschick|gesende|übermittel|enthalten|empfang|"
        r"angekomm|sichtbar|verfügbar|zugänglich|vorhand|öffne|angezeig|gefund|erhalt|vorlieg|vor\b|zu sehen|"
        r"mitgegeben|übertrag|zur verfügung)|"
        r"\bkein\w{0,2} (?:bild|foto|video|anhang|datei)\w* (?:in (?:ihrer|deiner|der|unserer) (?:nachricht|anfrage|"
        r"unterhaltung|konversation)|hier)|\bohne (?:das |ein |zugriff )*(?:bild|foto|video)|\bfehlt\b|"
        r"\bvergessen\b|\bfehler (?:beim|aufgetreten)|"
        r"\bfehlgeschlagen|\bbenötige|\bbrauche"
    ),
    you=(
        r"\b(?:sie|ihr|ihre|ihrer|ihnen|du|dein|deine|deiner|dir|ich|mir|mich|bitte|versuch\w+|könn\w+)\b|"
        r"\b(?:bereitgestellt|angehängt|hochgeladen|beigefügt|übermittelt)[.!]?$"
    ),
    forbidden=(
        r"\b(?:gegen|verstößt\w*|verletzt|widerspricht|im widerspruch zu|außerhalb|übersteigt|nicht mit) (?:gegen "
        r")?(?:meine\w*|unsere\w*|die|den|das)(?: \w+){0,3}? ?(?:richtlinien|nutzungs\w+|regeln|"
        r"grundsätze\w*|prinzipien|fähigkeiten|programmierung|vorgaben|inhaltsrichtlinien)\b"
    ),
    asks=(
        r"(?:(?:also|dann|aber|und|zuerst|dafür),? )?(?:bitte|könnten sie|könntest du|können sie|kannst du|würden "
        r"sie|laden sie|lade|senden sie|sende|schicken sie|schick\w*|teilen sie|teile|fügen sie|"
        r"stellen sie|versuchen sie|wenn (?:sie|du)|welches)\b[^.!?]{0,80}?(?:bild|foto|video|datei|anhang|link|"
        r"erneut|noch einmal|nochmals?|es (?:bitte )?hoch)"
    ),
    quoted=(
        r"[,;:!?–—-] ?(?:so )?(?:sagt|sagte|steht|heißt es|lautet|liest man|ist zu lesen|verkündet|warnt|ruft|rief|"
        r"flüstert|singt|schreibt|schrieb|antwortet|"
        r"antwortete|murmelt|erklärt|fragt|bittet|meint|so (?:der|die|das))\b"
    ),
)

DUTCH = Grammar(
    sorry=(
        r"(?:(?:oh|ah|hallo|hoi|maar|echter)[,.! ]* ){0,2}(?:het spijt (?:me|mij)(?: zeer| heel erg)?|het spijt ons|"
        r"sorry|helaas|excus\w+|mijn excuses|mijn verontschuldigingen|"
        r"jammer genoeg|ik betreur|ik verontschuldig|neem me niet kwalijk|ik ben bang)\b"
    ),
    machine=(
        r"\b(?:als|ik ben|omdat ik) (?:slechts |maar |alleen )?(?:een )?(?:ai|kunstmatige intelligentie|taalmodel|"
        r"ai-\w+|virtuele assistent|tekstmodel|"
        r"(?:tekst\w* )?assistent)(?:[- ](?:taalmodel|model|assistent))*(?= ?[,.;:!]| (?:kan|heb|ben|en|zonder|die|"
        r"dat)\b| ?\Z)"
    ),
    preface=r"(?:bedankt|dank|ik begrijp|graag|natuurlijk|ik zou|hallo)",
    opens=(
        r"(?:(?:oh|hallo|goed|graag|natuurlijk|ja|nee|maar|echter|dus|momenteel|op dit moment|helaas|"
        r"hierbij)[,.!:]* ?){0,3}(?:ik\b|mij\b|mijn\b|het (?:lijkt|spijt|is|door|verzoek)|er (?:is|zijn|lijkt|"
        r"werd|zit)|geen (?:afbeelding|foto|video|bestand)|de (?:afbeelding|foto|video|link|door)|je\b|jouw\b|uw\b|"
        r"u\b|als\b|omdat|zonder\b|om\b|op basis|dit (?:verzoek|soort)|deze (?:vraag|inhoud)|hoewel|als|daar\w*|"
        r"kan\b|met\b)"
    ),
    cannot=(
        r"\bik\b(?:[^.!?;:\n]{0,100}?)\b(?:niet|geen|onmogelijk|weigeren|afwijzen|weiger|alleen tekst)\b|\b(?:niet|"
        r"geen)\b[^.!?;:\n]{0,60}?\bik\b|\b(?:mij|me)\b[^.!?;:\n]{0,40}?"
        r"\b(?:niet|onmogelijk|verboden)\b|\bniet mogelijk\b"
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
        r"verstrekt|ontvangen|zichtbaar|beschikbaar|"
        r"toegankelijk|geladen|aanwezig|gevonden|geopend|aangekomen|in (?:je|uw|het|dit) (?:bericht|gesprek))|"
        r"\bzonder (?:de |een )*(?:afbeelding|foto|video)|\bontbreekt\b|\bvergeten\b|\bmislukt\b|\bheb (?:eerst "
        r")?(?:de|een) (?:afbeelding|foto|video) nodig"
    ),
    you=(
        r"\b(?:je|jij|jouw|u|uw|ik|mij|me|alsjeblieft|alstublieft|probeer|kun)\b|\b(?:bijgevoegd|verstrekt|geüpload|"
        r"toegevoegd)[.!]?$"
    ),
    forbidden=(
        r"\b(?:tegen|in strijd met|schendt|buiten|overtreedt) (?:mijn|onze|de|het)(?: \w+){0,2}? ?(?:richtlijnen|"
        r"beleid|regels|principes|mogelijkheden|voorwaarden)\b"
    ),
    asks=(
        r"(?:(?:dus|dan|maar|en),? )?(?:kun je|kunt u|zou je|zou u|alsjeblieft|alstublieft|upload|stuur|deel|voeg|"
        r"probeer|als je|als u|welke)\b[^.!?]{0,60}?(?:afbeelding|foto|video|bestand|link|"
        r"opnieuw|nogmaals|deze uploaden)"
    ),
    quoted=(
        r"[,;:!?–—-] ?(?:zo )?(?:zegt|zei|staat|luidt|leest|meldt|waarschuwt|roept|fluistert|zingt|schrijft|schreef|"
        r"antwoordt|mompelt|vraagt|aldus)\b"
    ),
)
