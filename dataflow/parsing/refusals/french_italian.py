"""How models decline in French and Italian."""

from __future__ import annotations

from dataflow.parsing.refusals.grammar import Grammar, phrases

FRENCH = Grammar(
    sorry=(
        r"(?:(?:oh|ah|hélas|bonjour|salut|mais|cependant|toutefois|merci)[,.! ]* ){0,2}(?:(?:je suis|nous sommes) "
        r"(?:vraiment |sincèrement |"
        r"profondément |navrée? et |tout à fait )?(?:désolée?s?|navrée?s?|confuse?)|désolée?|navrée?|pardon\w*|"
        r"excuse\w*-?\w*|toutes? mes excuses|mes excuses|"
        r"je (?:m'excuse|regrette|vous prie de m'excuser|vous présente mes excuses|crains|te prie)|malheureusement|"
        r"regrettablement|j'ai (?:bien )?peur)\b"
    ),
    machine=(
        r"\b(?:en tant qu(?:e |')|je (?:ne )?suis (?:qu')?|étant |comme je suis |puisque je suis )(?:une? |simple |"
        r"seulement )*(?:grand )?(?:(?:modèle|assistante?|système|"
        r"programme|agent)(?: (?:de |d')?\w+){0,2}? ?(?:de |d'|par )?(?:langage|langue|ia|intelligence artificielle|"
        r"virtuel\w*|textuel\w*|texte|numérique)|ia\b|"
        r"intelligence artificielle|assistante? ia|assistant)(?: (?:textuelle|conversationnelle|de langage|d'ia|"
        r"virtuel\w*))*(?= ?[,.;:!]| (?:qui|et|je|sans|basé\w*|"
        r"conçu\w*|entraîné\w*|développé\w*|créé\w*)\b| ?\Z)"
    ),
    preface=(
        r"(?:merci|je comprends|j'apprécie|je vous remercie|je te remercie|je serais|je serai|bien sûr|bonjour|avec "
        r"plaisir|j'aimerais|je sais que)"
    ),
    opens=(
        r"(?:(?:oh|ah|bonjour|bon|bien sûr|certes|oui|non|mais|cependant|toutefois|donc|actuellement|pour le moment|"
        r"pour l'instant|"
        r"à l'heure actuelle|en revanche)[,.!:]* ){0,3}(?:je\b|j'|il (?:semble|semblerait|m'est|ne m'est|n'y a|est|"
        r"me faut|manque|s'avère)|mon\b|"
        r"ma\b|mes\b|aucune? (?:image|photo|vidéo|fichier|pièce)|l(?:a|e|'|es) ?(?:image|photo|vidéo|fichier|lien|"
        r"capture|pièce|clip|contenu|"
        r"analyse|demande)|vous\b|votre\b|tu\b|en tant|étant|sans\b|pour\b|puisque|comme\b|d'après|sur la base|"
        r"cette (?:demande|requête|"
        r"image (?:contient|enfreint|viole))|ce (?:contenu|type|n'est)|bien que|si\b|décrire|identifier|cela\b|"
        r"d'abord|impossible|on ne m'a)"
    ),
    cannot=(
        r"\bje ne (?:\w+ ){0,2}?(?:peux|pourrai|pourrais|pouvais|suis|vois|dispose|dois|possède|trouve|reçois|sais|"
        r"souhaite|parviens|"
        r"veux|traite|peut|serai|saurais|perçois|prends)\b|\bje n'(?:ai|arrive|aperçois|accepte|étais|analyse)\b|"
        r"\b(?:m'est|me serait|m'est pas) (?:\w+ )?"
        r"(?:impossible|possible|permis|interdit)|\bje (?:suis (?:\w+ )?(?:incapable|dans l'(?:incapacité|"
        r"impossibilité)|contraint|obligé)|refuse|décline|"
        r"préfère ne|préférerais ne|crains de ne|dois(?: \w+)? (?:\w+ )?(?:décliner|refuser|m'abstenir)|m'abstiens|"
        r"regrette de ne)|\bdois (?:donc |malheureusement |l[ae] )*"
        r"(?:décliner|refuser)|\b(?:je ne peux|peux) (?:que|uniquement)|\bne (?:fait|font) pas partie de mes|\bpas "
        r"(?:dans|de) mes (?:capacités|compétences)"
        r"|^(?:impossible|incapable) de\b|\bn'(?:est|a) pas (?:\w+ )?(?:possible|permis)"
    ),
    work=phrases("""
        aid* assist* demande* requête* tâche* question* répond* décri* descri* identifi* identité* reconn* analys*
        trait* génér* créer rédig* fourni* légende* titre* résum* transcri* interprét* comment* révél* détermin*
        qui_est qui_sont personne* contenu* matériel satisf* continuer accompl* cela aider effectu* donner proposer
        écrire
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
        r"fourni\w*|téléchargé\w*|partag\w+|envoy\w+|inclus\w*|reçue?|"
        r"charg\w+|parvenue?|transmi\w+|visible\w*|disponible\w*|accessible\w*|affich\w+|apparaît\w*|trouv\w+|"
        r"ouvert\w*|télévers\w+|lue?\b|import\w+|vu\b)|"
        r"\baucune? (?:image|photo|vidéo|fichier|pièce)(?! (?:au|sur le) (?:mur|tableau))|\bsans (?:l'|la |aucune? |"
        r"une? |voir )*(?:image|photo|vidéo)|\bmanqu\w+\b|\boublié (?:de )?(?:joindre|d'\w+|l')|"
        r"\bn'apparaît pas|\bn'est pas (?:\w+ )?(?:visible|jointe|arrivée)|\béchec|\bpas pu être|\bn'ayez pas "
        r"(?:joint|fourni|envoyé|partagé|téléchargé|inclus)|\bbesoin (?:que|de)"
    ),
    you=(
        r"\b(?:vous|votre|vos|tu|ton|ta|te|je|me|moi|mon|veuillez|pourriez|pouvez|peux-tu|réessayez|mentionnée)\b|"
        r"\b(?:j|m|t|l)'|"
        r"\bn'a été (?:fournie?|jointe?|reçue?|partagée?|envoyée?)\b"
    ),
    forbidden=(
        r"\b(?:à l'encontre de|contre|viole\w*|enfrein\w+|contraire\w* à|contrevien\w+ à|en dehors de|hors de|"
        r"dépasse|ne respecte pas) (?:mes|nos|les|la|mon|ma|la portée de mes)"
        r"(?: \w+){0,2}? ?(?:règles|politiques?|directives|principes|consignes|capacités|conditions|programmation|"
        r"charte)\b"
    ),
    asks=(
        r"(?:(?:alors|donc|mais|et|d'abord),? )?(?:veuillez|pourriez-vous|pouvez-vous|peux-tu|pourrais-tu|merci de|"
        r"s'il (?:vous|te) plaît|"
        r"si vous|si tu|vous (?:pouvez|devez)|envoy\w+|partag\w+|fourni\w+|joignez|téléchargez|réessayez|quelle|"
        r"essayez|n'hésitez)\b[^.!?]{0,60}?(?:image|photo|"
        r"vidéo|fichier|lien|réessayer|à nouveau|de nouveau|l[ae] (?:télécharger|partager|renvoyer|joindre)|me "
        r"l[ae] |réessayez)"
    ),
    quoted=(
        r"[,;:!?–—-] ?(?:(?:lui|leur|me|se|on) )?(?:peut-on lire|lit-on|dit|dit-il|dit-elle|dit-on|indique|annonce|"
        r"avertit|prévient|crie|murmure|chante|écrit|a écrit|"
        r"répond|répond-il|répond-elle|s'exclame|explique|proclame|lance|est-il écrit|est écrit|soupire|chuchote|"
        r"demande)\b"
    ),
)

ITALIAN = Grammar(
    sorry=(
        r"(?:(?:oh|ah|ciao|ma|però|tuttavia|grazie)[,.! ]* ){0,2}(?:mi (?:dispiace|spiace|rincresce|scuso|duole)(?: "
        r"molto| davvero| tanto)?|ci (?:dispiace|scusiamo|spiace)|"
        r"(?:sono|siamo) (?:davvero |molto |veramente )?(?:spiacente|spiacenti|desolat\w|dispiaciut\w)|scus[aio]\w*|"
        r"le mie scuse|chiedo scusa|perdon\w*|"
        r"purtroppo|sfortunatamente|spiacente|temo|ho paura che)\b"
    ),
    machine=(
        r"\b(?:in quanto|come|sono|essendo|poiché sono|in qualità di) (?:solo |soltanto |semplicemente )?(?:una? |"
        r"un')?(?:grande )?(?:(?:modello|assistente|sistema|programma|agente)(?: \w+){0,2}? "
        r"?(?:di )?(?:linguaggio|linguistico|ia|ai|intelligenza artificiale|virtuale|testuale|digitale)|ia|ai|"
        r"intelligenza artificiale|"
        r"assistente)(?: (?:di intelligenza artificiale|di ia|testuale|virtuale|basat\w))*(?= ?[,.;:!]| (?:che|e|"
        r"non|senza|basat\w|addestrat\w|sviluppat\w|"
        r"creat\w|progettat\w)\b| ?\Z)"
    ),
    preface=(
        r"(?:grazie|ti ringrazio|la ringrazio|capisco|comprendo|apprezzo|sarei|sarò|certo|volentieri|ciao|mi "
        r"piacerebbe|so che)"
    ),
    opens=(
        r"(?:(?:oh|ah|ciao|bene|certo|sì|no|ma|però|tuttavia|quindi|dunque|inoltre|attualmente|al momento|per ora|"
        r"per il momento)[,.!:]* ){0,3}(?:non (?:mi|"
        r"posso|possiamo|sono|ho|vedo|riesco|dispongo|è (?:stat|possibile|presente)|sono|hai|ha|c'è|risulta|trovo|"
        r"ricevo|voglio|devo|so|potrò|siamo|ci)|"
        r"io\b|mi\b|il mio|la mia|le mie|sono\b|devo|preferisco|preferirei|sembra|pare|prima|ho bisogno|nessuna? "
        r"(?:immagine|foto|video|file)|l'(?:immagine|analisi)|la (?:foto|"
        r"richiesta|fotografia)|il (?:video|file|link|contenuto)|tu\b|hai\b|in quanto|come\b|essendo|poiché|dato "
        r"che|senza\b|per\b|in base|questa (?:"
        r"richiesta|immagine (?:contiene|viola))|questo (?:contenuto|tipo)|anche se|se\b|sebbene|descrivere|"
        r"identificare|è impossibile|ciò)"
    ),
    cannot=(
        r"\bnon (?:l[oae] |ti |mi |ci |ne |le |vi )?(?:posso|possiamo|potrò|potrei|potevo|sono (?:in grado|"
        r"autorizzat|programmat|progettat|capac|a conoscenza|abilitat)|ho|riesco|dispongo|"
        r"vedo|trovo|ricevo|voglio|devo|so|è possibile|è consentito|è permesso|elaboro|percepisco|supporto|poter|"
        r"intendo|rientra)\b|\bnon (?:mi )?è (?:\w+ )?(?:possibile|"
        r"consentito|permesso)|\bmi è impossibile|\bincapace\b|\bdevo (?:\w+ )?(?:declinare|rifiutare|astenermi)|"
        r"\b(?:preferisco|preferirei) (?:\w+ )?(?:non|declinare|evitare)|\bmi astengo|"
        r"\bè impossibile\b|\bnon sono (?:in grado|autorizzat\w|capace|progettat\w|programmat\w)|\b(?:posso|elaboro|"
        r"lavoro) (?:solo|soltanto)|\brifiuto di\b|\bnon rientra\b"
    ),
    work=phrases("""
        aiut* assist* richiest* compito domand* rispond* rispost* descri* identific* identità riconosc* analizz*
        analisi elabor* gener* creare scriv* forni* didascali* titol* riassu* trascri* interpret* comment* rivelar*
        determin* chi_(?:è|sono|sia) person* contenut* material* soddisf* continuar* complet* questo ciò esegui*
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
        r"accessibil|compare|appare|"
        r"trovat|apert|vist|presente|pervenut|giunt|mostr|compaiono|mandat|risulta|funzion)|\b(?:nessuna?|alcuna?) "
        r"(?:immagine|foto\w*|video|file|clip)(?! (?:al|alla|sul|sulla) )|"
        r"\bsenza (?:l'|la |alcuna |un'|vedere )*(?:immagine|foto|video)|\bmanca\w*\b|\bdimenticat\w+ di|\berrore "
        r"(?:nel|durante)|\bbisogno (?:che|di)"
    ),
    you=(
        r"\b(?:tu|ti|tuo|tua|hai|vuoi|puoi|potresti|potrebbe|può|lei|suo|sua|mi|io|mio|posso|vedo|riesco|riprova\w*|"
        r"per favore|ho|descriverla|descriverlo|inviarmel\w|"
        r"carichi)\b|\bè stata? (?:fornit|allegat|ricevut|caricat|inclus)\w+ (?:alcuna|nessuna) immagine[.!]?$|"
        r"\b(?:fornit|allegat|ricevut)\w+[.!]?$"
    ),
    forbidden=(
        r"\b(?:contro|viola\w*|contrari\w+ (?:a|alle)|in contrasto con|al di fuori|non conforme\w*|infrange) (?:di |"
        r"delle )?(?:le |i |la )?(?:mie|nostre|miei|linee|norme|politiche)(?: \w+){0,2}? ?"
        r"(?:linee guida|politiche|regole|norme|principi|capacità|guida|utilizzo|programmazione)\b"
    ),
    asks=(
        r"(?:(?:allora|quindi|ma|e|prima),? )?(?:per favore|per piacere|potresti|potrebbe|puoi|può|ti (?:prego|"
        r"chiedo)|se (?:vuoi|puoi|mi|l)\w*|carica\w*|invia\w*|condivid\w+|"
        r"fornisci\w*|allega\w*|riprova\w*|quale|prova)\b[^.!?]{0,60}?(?:immagin|foto|video|file|link|riprova|di "
        r"nuovo|nuovamente|caricarl|inviarl|allegarl|condividerl)"
    ),
    quoted=(
        r"[,;:!?–—-] ?(?:(?:gli|le|mi|si) )?(?:dice|disse|recita|legge|indica|annuncia|avverte|avvisa|grida|"
        r"sussurra|canta|scrive|scrisse|"
        r"risponde|rispose|esclama|mormora|spiega|chiede|proclama|c'è scritto|sta scritto|è scritto)\b"
    ),
)
