"""How models announce an answer and take leave in Spanish, French, Italian and Portuguese."""

from __future__ import annotations

from dataflow.parsing.small_talk.words import SmallTalk

SPANISH = SmallTalk(
    agrees=(
        r"¡?(?:claro(?: que sí)?|por supuesto|desde luego|con (?:mucho )?gusto|de acuerdo|perfecto|entendido|vale|"
        r"muy bien|hola|gracias(?: por [^.!?\n]{1,60})?|sin problema|encantad[oa][^.!?\n]{0,40}|estaré "
        r"encantad[oa][^.!?\n]{0,60}|con mucho placer)"
    ),
    announces=(
        r"(?:¡?claro(?: que sí)?[,!]? |por supuesto[,!]? |sí, )?(?:aquí (?:tienes?|está|te|le|va|tiene)|a "
        r"continuación|est[ae] es|te (?:presento|dejo|ofrezco)|le (?:presento|ofrezco)|(?:la|el|una?) (?:posible "
        r")?(?=descripción|leyenda(?! (?:dice|reza|del? |en |al |blanca|amarilla|afirma))|título|resumen)|"
        r"(?:basándome|según|con base)[^:\n.!?]{1,80}, )"
    ),
    nouns=(
        r"(?:descripción|leyenda|título|resumen|análisis|respuesta|pie de foto|lo que (?:veo|se ve|observo)|"
        r"explicación|transcripción)"
    ),
    as_follows=r"¡?(?:claro(?: que sí)?[,!]? |por supuesto[,!]? )?aquí (?:está|la tienes?|lo tienes?|va|tiene)",
    leaves=(
        r"¿?¡?(?:espero que (?:esto|esta|te|le|les|sea|la|el|mi)|si (?:necesitas?|quieres?|deseas?|tienes?|te "
        r"gustaría|hay|requieres?|usted|le)(?=[^.!?\n]{0,120}\b(?:más|otra|otro|algo|dime|avísame|pregunt\w+|"
        r"dud\w+|ayud\w+|háblame|házmelo|hazme|no dudes|puedo|puedes)\b)|avísame|háganmelo|hazme saber|házmelo "
        r"saber|dime si|déjame saber|no dudes? en|(?:te|le) gustaría (?:que|saber|más)|quieres que|quiere que|"
        r"necesitas (?:que|algo|más)|hay algo más|en qué (?:más|otra)|estoy (?:aquí|a tu disposición|a su "
        r"disposición)|deseas que|puedo ayudarte|algo más|nota: (?:esta descripción|la descripción))"
    ),
)

FRENCH = SmallTalk(
    agrees=(
        r"(?:bien sûr|certainement|avec (?:grand )?plaisir|d'accord|entendu|parfait|volontiers|absolument|bonjour|"
        r"très bien|merci(?: (?:pour|de|d'avoir) [^.!?\n]{1,60})?|je serais (?:ravi|heureux)[^.!?\n]{0,60}|pas de "
        r"problème|oui)"
    ),
    announces=(
        r"(?:bien sûr ?[,!]? |oui, |d'accord, )?(?:voici|voilà|ci-dessous|ce qui suit|il s'agit d'une|(?:d'après|"
        r"sur la base|en me basant)[^:\n.!?]{1,80}, |je vous (?:propose|présente)|une? (?:possible "
        r")?(?=description|légende(?! (?:dit|indique|sous |en |blanche))))"
    ),
    nouns=r"(?:description|légende|titre|résumé|analyse|réponse|ce que (?:je|l'on|montre)|explication|transcription)",
    as_follows=r"(?:bien sûr ?[,!]? )?(?:la |le )?voici",
    leaves=(
        r"(?:j'espère que (?:cela|cette|ce|ça|la)|n'hésite[zs]? pas|(?:faites|fais|laissez)-(?:le-)?moi (?:le "
        r")?savoir|dites-moi si|dis-moi si|souhaitez-vous|voulez-vous|veux-tu|souhaites-tu|aimeriez-vous|avez-vous "
        r"(?:d'autres|besoin)|y a-t-il autre|puis-je|je (?:suis|reste) (?:à votre disposition|là pour)|si vous "
        r"(?:avez|souhaitez|voulez|désirez|avez besoin)(?=[^.!?\n]{0,120}\b(?:autres?|plus|questions?|précisions|"
        r"besoin|hésitez|dites|je)\b)|si tu (?:as|veux|souhaites)(?=[^.!?\n]{0,120}\b(?:autres?|plus|questions?|"
        r"besoin|dis|hésite|je)\b)|besoin d'autre|remarque : cette description)"
    ),
)

ITALIAN = SmallTalk(
    agrees=(
        r"(?:certo|certamente|naturalmente|volentieri|con piacere|ovviamente|va bene|d'accordo|perfetto|capito|"
        r"ciao|grazie(?: per [^.!?\n]{1,60})?|assolutamente|nessun problema|sì|sarò (?:lieto|felice)[^.!?\n]{0,60})"
    ),
    announces=(
        r"(?:certo[,!]? |certamente[,!]? |sì, )?(?:ecco|di seguito|qui sotto|questa è|quella che segue|ti "
        r"(?:presento|propongo)|(?:in base|basandomi|sulla base)[^:\n.!?]{1,80}, |(?:una?|la) (?:possibile "
        r")?(?=descrizione|didascalia(?! (?:dice|recita|in |sul |sullo |bianca|gialla|riporta))))"
    ),
    nouns=(
        r"(?:descrizione|didascalia|titolo|riassunto|analisi|risposta|quello che vedo|ciò che|spiegazione|"
        r"trascrizione)"
    ),
    as_follows=r"(?:certo[,!]? |certamente[,!]? )?ecco(?:la|lo|ti|vi)?",
    leaves=(
        r"(?:spero (?:che|ti|vi|di)|fammi sapere|mi faccia sapere|fatemi sapere|se (?:hai|ha|desideri|desidera|"
        r"vuoi|vuole|ti serve|avete|hai bisogno)(?=[^.!?\n]{0,120}\b(?:altr\w|più|domand\w|bisogno|ulterior\w|"
        r"chied\w|fammi|dimmi|posso)\b)|non esitare|vuoi che|desideri (?:che|altro)|ti (?:serve|piacerebbe|"
        r"interessa)|hai (?:altre|bisogno)|posso (?:aiutarti|fare altro)|c'è altro|sono (?:qui|a tua disposizione|"
        r"a disposizione)|resto a disposizione|dimmi se|nota: questa descrizione)"
    ),
)

PORTUGUESE = SmallTalk(
    agrees=(
        r"(?:claro(?: que sim)?|com certeza|certamente|com (?:muito )?prazer|naturalmente|ok|tudo bem|perfeito|"
        r"entendido|olá|oi|obrigad[oa](?: (?:por|pela|pelo) [^.!?\n]{1,60})?|sem problemas?|sim|ficarei (?:feliz|"
        r"content)[^.!?\n]{0,60}|pois não)"
    ),
    announces=(
        r"(?:claro[,!]? |com certeza[,!]? |sim, )?(?:aqui (?:está|estão|vai|tem)|segue(?:-se)?|a seguir|abaixo|"
        r"esta é|eis|apresento|(?:com base|baseado|de acordo)[^:\n.!?]{1,80}, |(?:uma?|a) (?:possível "
        r")?(?=descrição|legenda(?! (?:diz|dizia|lê|mostra|no |na |em |do |branca|amarela|afirma))))"
    ),
    nouns=r"(?:descrição|legenda|título|resumo|análise|resposta|o que (?:vejo|se vê|observo)|explicação|transcrição)",
    as_follows=r"(?:claro[,!]? |com certeza[,!]? )?aqui (?:está|vai|tem)(?: ela)?",
    leaves=(
        r"(?:espero (?:que|ter)|se (?:precisar|quiser|desejar|tiver|você (?:precisar|quiser|tiver|desejar)|"
        r"houver)(?=[^.!?\n]{0,120}\b(?:mais|outr\w+|algo|dúvid\w+|pergunt\w+|avis\w+|diga|ajud\w+|é só|posso|"
        r"fale)\b)|me avise|avise-me|me diga|diga-me|fique à vontade|sinta-se à vontade|não hesite|gostaria (?:que|"
        r"de (?:mais|saber))|(?:você )?(?:quer|deseja|precisa) (?:que|de mais|mais|de algo)|há (?:mais )?algo|"
        r"posso (?:ajudar|fazer)|estou (?:aqui|à disposição|à sua disposição)|fico à disposição|mais alguma|nota: "
        r"esta descrição)"
    ),
)
