"""How models decline in French and Italian."""

from __future__ import annotations

from dataflow.parsing.refusals import outright_romance as outright
from dataflow.parsing.refusals.grammar import Grammar, phrases

FRENCH = Grammar(
    outright=outright.FRENCH,
    negated=(
        r"\b(?:ne|pas|aucune?|impossible|inappropriée?s?|sans|erreur|échec|hors|contraire|rien|enfrein\w+)\b|\bn'"
    ),
    sorry=(
        r"(?:(?:oh|ah|hélas|bonjour|salut|mais|cependant|toutefois|merci)[,.! ]* ){0,2}(?:(?:je suis|nous sommes) "
        r"(?:vraiment |sincèrement |profondément |navrée? et |tout à fait )?(?:désolée?s?|navrée?s?|confuse?)|"
        r"désolée?|navrée?|pardon\w*|excuse\w*-?\w*|toutes? mes excuses|mes excuses|je (?:m'excuse|regrette|vous "
        r"prie de m'excuser|vous présente mes excuses|crains|te prie)|malheureusement|regrettablement|oups|"
        r"j'ai (?:bien "
        r")?peur)\b"
    ),
    machine=(
        r"\b(?:en tant qu(?:e |')|je (?:ne )?suis (?:qu')?|étant |comme je suis |puisque je suis )(?:une? |simple |"
        r"seulement )*(?:grand )?(?:(?:modèle|assistante?|système|programme|agent)(?: (?:de |d')?\w+){0,2}? ?(?:de "
        r"|d'|par )?(?:langage|langue|ia|intelligence artificielle|virtuel\w*|textuel\w*|texte|numérique)|ia\b|"
        r"intelligence artificielle|assistante? ia|assistant)(?: (?:textuelle|conversationnelle|de langage|d'ia|"
        r"virtuel\w*))*(?= ?[,.;:!]| (?:qui|et|je|sans|basé\w*|conçu\w*|entraîné\w*|développé\w*|créé\w*)\b| ?\Z)"
    ),
    preface=(
        r"(?:merci|je comprends|j'apprécie|je vous remercie|je te remercie|je serais|je serai|bien sûr|bonjour|"
        r"avec plaisir|j'aimerais|je sais que)"
    ),
    opens=(
        r"(?:(?:oh|ah|bonjour|bon|bien sûr|certes|oui|non|mais|cependant|toutefois|donc|actuellement|pour le "
        r"moment|pour l'instant|à l'heure actuelle|en revanche)[,.!:]* ){0,3}(?:je\b|j'|il (?:semble|semblerait|"
        r"m'est|ne m'est|me faut|manque|s'avère)|mon\b|ma\b|mes\b|l(?:a|e|'|es) ?(?:contenu|analyse|demande)|"
        r"vous\b|votre\b|tu\b|en tant|étant|sans\b|pour\b|puisque|comme\b|d'après|sur la base|cette (?:demande|"
        r"requête|image (?:contient|enfreint|viole))|ce (?:contenu|type|n'est)|bien que|si\b|décrire|identifier|"
        r"cela\b|d'abord|on ne m'a)"
    ),
    of_media=(
        r"(?:il (?:n'y a|manque)|aucune? (?:image|photo|vidéo|fichier|pièce)|l(?:a|e|'|es) ?(?:image|photo|vidéo|"
        r"fichier|lien|capture|pièce|clip))"
    ),
    cannot=(
        r"\bje ne (?:\w+ ){0,2}?(?:vais|pense|compte|\w+rai|peux|pourrai|pourrais|pouvais|suis|vois|dispose|dois|"
        r"possède|trouve|reçois|sais|souhaite|parviens|veux|traite|peut|serai|saurais|perçois|prends)\b|\bje "
        r"n'(?!y )\w+\b|\bje ne (?!regrette)\w+(?:ai|is|e|s)\b|\b(?:m'est|me serait|m'est pas) (?:\w+ )?(?:impossible|"
        r"possible|permis|interdit)|\bje (?:suis (?:\w+ )?(?:incapable|dans l'(?:incapacité|impossibilité)|"
        r"contraint|obligé)|refuse|décline|préfère ne|préférerais ne|crains de ne|dois(?: \w+)? (?:\w+ "
        r")?(?:décliner|refuser|m'abstenir)|m'abstiens|regrette de ne)|\bdois (?:donc |malheureusement |l[ae] "
        r")*(?:décliner|refuser)|\b(?:je ne peux|peux) (?:que|uniquement)|\bne (?:fait|font) pas partie de mes|"
        r"\bne m'appartient pas|\bce n'est pas à moi|\bje (?:traite|travaille|comprends|lis) (?:que|uniquement|"
        r"seulement)|\bpas (?:dans|de) mes (?:capacités|compétences)|^(?:impossible|incapable) de\b"
    ),
    work=phrases("""
        aid* assist* demande* requête* tâche* question* répond* décri* descri* identifi* identité* reconn* analys*
        trait* génér* créer rédig* fourni* légende* titre* résum* transcri* interprét* comment* révél* détermin*
        qui_est qui_sont qui_c'est visage* information* mineur* appropri* personne* contenu* matériel satisf*
        continuer accompl* cela aider effectu* donner proposer écrire
    """),
    sees=phrases(
        "voi* vois voir visionn* visualis* accé* accès ouvr* regard* lire lu charg* écout* perc* observ* reç* "
        "recev* trouv* affich*"
    ),
    media=phrases(
        "(?:l'|d'|qu'|cette_)?image images photo* vidéo* clip* capture* fichier* lien* pièce_jointe pièces_jointes "
        "visuel* cliché*"
    ),
    not_given=(
        r"\b(?:ne|n'|n’)\s?(?:\w+[ '-]){0,5}?(?:pas|rien|aucune?|jamais)\b(?: \w+){0,3}? ?(?:jointe?|joint|"
        r"fourni\w*|téléchargé\w*|partag\w+|envoy\w+|inclus\w*|reçue?|charg\w+|parvenue?|transmi\w+|visible\w*|"
        r"disponible\w*|accessible\w*|affich\w+|apparaît\w*|trouv\w+|ouvert\w*|télévers\w+|lue?\b|import\w+|vu\b)|"
        r"\baucune? (?:image|photo|vidéo|fichier|pièce)(?! (?:au|sur le) (?:mur|tableau))|\bsans (?:l'|la |aucune? "
        r"|une? |voir )*(?:image|photo|vidéo)|\bmanqu\w+\b|\boublié (?:de )?(?:joindre|d'\w+|l')|\bn'apparaît pas|"
        r"\bn'est pas (?:\w+ )?(?:visible|jointe|arrivée)|\béchec|\bpas pu être|\bn'ayez pas (?:joint|fourni|"
        r"envoyé|partagé|téléchargé|inclus)|\bbesoin (?:que|de)"
    ),
    you=(
        r"\b(?:vous|votre|vos|tu|ton|ta|te|je|me|moi|mon|veuillez|pourriez|pouvez|peux-tu|réessayez|mentionnée)\b|"
        r"\b(?:j|m|t)'|\bn'a été (?:fournie?|jointe?|reçue?|partagée?|envoyée?)\b"
    ),
    forbidden=(
        r"\b(?:à l'encontre de|contre|viole\w*|enfrein\w+|contraire\w* à|contrevien\w+ à|en dehors de|hors de|"
        r"dépasse|ne respecte pas) (?:mes|nos|les|la|mon|ma|la portée de mes)(?: \w+){0,2}? ?(?:règles|politiques?|"
        r"directives|principes|consignes|capacités|conditions|programmation|charte)\b"
    ),
    asks=(
        r"(?:(?:alors|donc|mais|et|d'abord),? )?(?:veuillez|pourriez-vous|pouvez-vous|peux-tu|pourrais-tu|merci de|"
        r"s'il (?:vous|te) plaît|si vous|si tu|vous (?:pouvez|devez)|envoy\w+|partag\w+|fourni\w+|joignez|"
        r"téléchargez|réessayez|quelle|essayez|n'hésitez)\b[^.!?]{0,60}?(?:image|photo|vidéo|fichier|lien|"
        r"réessayer|à nouveau|de nouveau|l[ae] (?:télécharger|partager|renvoyer|joindre)|me l[ae] |réessayez)"
    ),
    quoted=(
        r"\b(?:est (?:écrit|inscrit|peint|tagué|gravé|brodé)e?) (?:sur|au|en|à)\b|s'affiche (?:sur|à) l'écran\b|"
        r"[,;!?–—-] ?(?!(?:comme|lorsque|puisque|même|entre|contre|notre|votre|cette|quelle|toute|sache|"
        r"donne)\b)\w{3,12}e (?:l[ea] |"
        r"l'|une? |s(?:on|a|es) )(?!imag|photo|vidéo|fichier|lien)\w{3,}|"
        r"[,;:!?–—-] ?(?:(?:lui|leur|me|se|on) )?(?:peut-on lire|lit-on|dit|dit-il|dit-elle|dit-on|indique|annonce|"
        r"avertit|prévient|crie|murmure|chante|écrit|a écrit|répond|répond-il|répond-elle|s'exclame|explique|"
        r"proclame|lance|est-il écrit|est écrit|soupire|chuchote|demande)\b"
    ),
)

ITALIAN = Grammar(
    outright=outright.ITALIAN,
    negated=(r"\b(?:non|nessun\w*|impossibile|inappropriat\w|senza|errore|fuori|contro|niente|nulla|viola\w*)\b"),
    sorry=(
        r"(?:(?:oh|ah|ciao|ma|però|tuttavia|grazie)[,.! ]* ){0,2}(?:mi (?:dispiace|spiace|rincresce|scuso|"
        r"duole)(?: molto| davvero| tanto)?|ci (?:dispiace|scusiamo|spiace)|(?:sono|siamo) (?:davvero |molto |"
        r"veramente )?(?:spiacente|spiacenti|desolat\w|dispiaciut\w)|scus[aio]\w*|le mie scuse|chiedo scusa|"
        r"perdon\w*|purtroppo|sfortunatamente|spiacente|temo|ho paura che)\b"
    ),
    machine=(
        r"\b(?:in quanto|come|sono|essendo|poiché sono|in qualità di) (?:solo |soltanto |semplicemente )?(?:una? |"
        r"un')?(?:grande )?(?:(?:modello|assistente|sistema|programma|agente)(?: \w+){0,2}? ?(?:di )?(?:linguaggio|"
        r"linguistico|ia|ai|intelligenza artificiale|virtuale|testuale|digitale)|ia|ai|intelligenza artificiale|"
        r"assistente)(?: (?:di intelligenza artificiale|di ia|testuale|virtuale|basat\w))*(?= ?[,.;:!]| (?:che|e|"
        r"non|senza|basat\w|addestrat\w|sviluppat\w|creat\w|progettat\w)\b| ?\Z)"
    ),
    preface=(
        r"(?:grazie|ti ringrazio|la ringrazio|capisco|comprendo|apprezzo|sarei|sarò|certo|volentieri|ciao|mi "
        r"piacerebbe|so che)"
    ),
    opens=(
        r"(?:(?:oh|ah|ciao|bene|certo|sì|no|ma|però|tuttavia|quindi|dunque|inoltre|attualmente|al momento|per ora|"
        r"per il momento)[,.!:]* ){0,3}(?:non (?:mi|spetta|\w+rò|posso|possiamo|sono|ho|vedo|"
        r"riesco|dispongo|è "
        r"(?:stat|possibile|presente)|sono|hai|ha|c'è|risulta|trovo|ricevo|voglio|devo|so|potrò|siamo|ci)|io\b|"
        r"mi\b|il mio|la mia|le mie|sono\b|devo|preferisco|preferirei|elaboro\b|lavoro\b|posso\b|sembra|pare|prima|"
        r"ho bisogno|l'analisi|la richiesta|il contenuto|tu\b|hai\b|in quanto|come\b|essendo|poiché|dato che|"
        r"senza\b|per\b|in base|questa (?:richiesta|immagine (?:contiene|viola))|questo (?:contenuto|tipo)|anche "
        r"se|se\b|sebbene|descrivere|identificare|ciò)"
    ),
    of_media=(
        r"(?:non (?:c'è|è stat|risulta)|nessuna? (?:immagine|foto|video|file)|l'immagine|la (?:foto|fotografia)|il "
        r"(?:video|file|link)|manca)"
    ),
    cannot=(
        r"\bnon (?:l[oae] |ti |mi |ci |ne |le |vi )?(?:spetta|\w+rò|ci sono riuscit\w|sono riuscit\w|siamo "
        r"riuscit\w|posso|possiamo|potrò|potrei|potevo|sono (?:in grado|autorizzat|programmat|progettat|capac|ancora|"
        r"a mio agio|a "
        r"conoscenza|abilitat)|ho|riesco|dispongo|vedo|trovo|ricevo|voglio|devo|so|mi è (?:\w+ )?(?:possibile|"
        r"consentito|permesso)|mi sento|elaboro|percepisco|supporto|poter|intendo|rientra)\b|\bmi è impossibile|"
        r"\bincapace\b|\bdevo (?:\w+ )?(?:declinare|rifiutare|astenermi)|\b(?:preferisco|preferirei) (?:\w+ "
        r")?(?:non|declinare|evitare)|\bmi astengo|\bnon sono (?:in grado|autorizzat\w|capace|progettat\w|"
        r"programmat\w)|\b(?:posso|elaboro|lavoro|tratto|gestisco|capisco) (?:\w+ )?(?:solo|soltanto|unicamente|"
        r"esclusivamente)|\brifiuto di\b|\bnon rientra\b"
    ),
    work=phrases("""
        aiut* assist* richiest* compito domand* rispond* rispost* descri* identific* identità riconosc* analizz*
        analisi elabor* gener* creare scriv* forni* didascali* titol* riassu* trascri* interpret* comment* rivelar*
        determin* chi_(?:è|sono|sia) vol?t[oi] informazion* minori* appropriat* person* contenut* material* soddisf*
        continuar* complet* questo ciò esegui*
    """),
    sees=phrases(
        "veder* vedo visualizz* acced* access* apr* guard* riprodur* caric* legger* ascolt* percep* osserv* ricev* "
        "trov*"
    ),
    media=phrases(
        "(?:l'|un'|all'|dell'|un_)?immagin* foto fotografi* video clip schermat* file link allegat* visiv* fotogramm*"
    ),
    not_given=(
        r"\bnon (?:\w+ ){0,5}?(?:allegat|fornit|caricat|inviat|condivis|inclus|ricevut|arrivat|visibil|disponibil|"
        r"accessibil|compare|appare|trovat|apert|vist|presente|pervenut|giunt|mostr|compaiono|mandat|risulta|"
        r"funzion)|\b(?:nessuna?|alcuna?) (?:immagine|foto\w*|video|file|clip)(?! (?:al|alla|sul|sulla) )|\bsenza "
        r"(?:l'|la |alcuna |un'|vedere )*(?:immagine|foto|video)|\bmanca\w*\b|\bdimenticat\w+ di|\berrore (?:nel|"
        r"durante)|\bbisogno (?:che|di)"
    ),
    you=(
        r"\b(?:tu|ti|tuo|tua|hai|vuoi|puoi|potresti|potrebbe|può|mi|io|mio|posso|vedo|riesco|riprova\w*|per favore|"
        r"ho|descriverla|descriverlo|inviarmel\w|carichi)\b|\bè stata? (?:fornit|allegat|ricevut|caricat|"
        r"inclus)\w+ (?:alcuna|nessuna) immagine[.!]?$|\b(?:fornit|allegat|ricevut)\w+[.!]?$"
    ),
    forbidden=(
        r"\b(?:contro|viola\w*|contrari\w+ (?:a|alle)|in contrasto con|al di fuori|non conforme\w*|infrange) (?:di "
        r"|delle )?(?:le |i |la )?(?:mie|nostre|miei|linee|norme|politiche)(?: \w+){0,2}? ?(?:linee guida|"
        r"politiche|regole|norme|principi|capacità|guida|utilizzo|programmazione)\b"
    ),
    asks=(
        r"(?:(?:allora|quindi|ma|e|prima),? )?(?:per favore|per piacere|potresti|potrebbe|puoi|può|ti (?:prego|"
        r"chiedo)|se (?:vuoi|puoi|mi|l)\w*|carica\w*|invia\w*|condivid\w+|fornisci\w*|allega\w*|riprova\w*|quale|"
        r"prova)\b[^.!?]{0,60}?(?:immagin|foto|video|file|link|riprova|di nuovo|nuovamente|caricarl|inviarl|"
        r"allegarl|condividerl)"
    ),
    quoted=(
        r"\b(?:è (?:scritto|dipinto|inciso|ricamato) (?:su\w*|in|nel\w*)|compare sullo schermo)\b|"
        r"[,;!?–—-] ?(?!(?:come|anche|oltre|mentre|sebbene|dalla|nella|sulla|della|alla|senza|contro|quella|questa|"
        r"inoltre|ovvero)\b)\w{4,12}[ae] (?:il |la |lo |l'|una? |un'|sua? )(?!immag|foto|video|file|link)\w{3,}|"
        r"[,;:!?–—-] ?(?:(?:gli|le|mi|si) )?(?:dice|disse|recita|legge|indica|annuncia|avverte|avvisa|grida|"
        r"sussurra|canta|scrive|scrisse|risponde|rispose|esclama|mormora|spiega|chiede|proclama|c'è scritto|sta "
        r"scritto|è scritto)\b"
    ),
)
