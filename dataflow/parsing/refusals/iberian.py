"""How models decline in Spanish and Portuguese."""

from __future__ import annotations

from dataflow.parsing.refusals.grammar import Grammar, phrases

SPANISH = Grammar(
    sorry=(
        r"(?:(?:oh|ah|ay|hola|vaya|pero|sin embargo|no obstante|gracias)[,.!¡]* ){0,2}¡?(?:lo siento(?: mucho)?|lo "
        r"lamento(?: mucho)?|lamento|"
        r"siento|sentimos|lamentamos|lo sentimos|disculp\w*|perd[oó]n\w*|mis disculpas|pido disculpas|te pido "
        r"disculpas|le pido disculpas|"
        r"desafortunadamente|desgraciadamente|lamentablemente|por desgracia|me temo|una disculpa|me disculpo)\b"
    ),
    machine=(
        r"\b(?:como|soy|al ser|siendo|dado que soy|ya que soy|por ser) (?:solo |sólo |simplemente |solamente "
        r")?(?:una? )?(?:gran |mero )?(?:(?:modelo|asistente|"
        r"sistema|programa|chatbot|agente)(?: \w+){0,2}? (?:de )?(?:ia|inteligencia artificial|lenguaje|texto|"
        r"idioma|virtual|"
        r"digital|texto)|ia|inteligencia artificial|asistente)(?: (?:de )?(?:ia|inteligencia artificial|texto|"
        r"lenguaje|virtual))*(?= ?[,.;:!]| (?:que|y|no|sin|basad\w|entrenad\w|"
        r"desarrollad\w|creado|diseñad\w)\b| ?\Z)"
    ),
    preface=r"(?:gracias|entiendo|comprendo|agradezco|me encantaría|con gusto|estaré encantad|claro|hola|sé que)",
    opens=(
        r"(?:(?:oh|ah|hola|bueno|claro|sí|no|pero|sin embargo|no obstante|así que|además|actualmente|por el momento|"
        r"en este momento|"
        r"de momento|ahora mismo|por ahora|por tanto|por lo tanto)[,.!:]* ){0,3}(?:no (?:se (?:ha|han|adjunt|"
        r"proporcion|recib|incluy|detect)|h\w+|me|"
        r"puedo|podemos|pude|podré|soy|estoy|tengo|dispongo|cuento|logro|consigo|veo|he|recib|encuentro|quiero|debo|"
        r"voy|sé|"
        r"has|ha|adjunt|proporcion|subi|envi)|yo\b|me\b|mi\b|mis\b|soy\b|debo\b|prefiero\b|tengo que|parece\b|"
        r"todavía\b|aún\b|"
        r"necesito|necesitaría|primero|ninguna? (?:imagen|foto|vídeo|video)|la (?:imagen|foto|captura|fotografía|"
        r"solicitud)|el (?:vídeo|video|archivo|enlace|clip|contenido|mensaje)|"
        r"tu\b|su\b|como\b|al ser|dado que|ya que|sin\b|para\b|basándome|con la información|esta (?:solicitud|"
        r"petición|imagen (?:contiene|infringe|viola))|este (?:contenido|tipo)|"
        r"aunque|si\b|describir|identificar|es imposible|eso\b|carezco|ahí|hay un)"
    ),
    cannot=(
        r"\bno (?:l[oae]s? |te |me |se |nos )?(?:puedo|podemos|podr[ée]|pude|podría|soy capaz|somos capaces|estoy "
        r"(?:autorizad|en condiciones|"
        r"capacitad|programad|diseñad|preparad)|tengo|dispongo|cuento con|es posible|resulta posible|está permitido|"
        r"permite|logro|"
        r"consigo|veo|he (?:recibido|podido)|recibo|encuentro|siento cómod|quiero|debo|voy a|sé|proceso|analizo|"
        r"describo|poseo|"
        r"corresponde|ayudaré)|\bme (?:es|resulta) imposible|\bme es (?:del todo )?imposible|\bincapaz\b|"
        r"\bcarezco\b|\b(?:debo|tengo que|"
        r"prefiero|he de|quisiera) (?:\w+ ){0,2}?(?:declinar|rechazar|negarme|abstenerme|no)\b|\bme abst|\bes "
        r"imposible\b|\brehúso\b|"
        r"\b(?:solo|sólo|únicamente|solamente) (?:puedo|proceso|trabajo)\b|\bprefiero no\b"
    ),
    work=phrases("""
        ayud* asist* apoy* solicitud* petición peticiones pedido tarea pregunta* cuestión consulta* respond* contest*
        descri* descripci* identific* identidad* reconoc* analiz* análisis proces* genera* crear elabor* redact*
        proporcion* ofrec* leyenda* título* pie_de_foto resum* transcri* interpret* comentar revel* determinar quién
        persona personas contenido* material* cumpl* realiz* continuar complac* complet* eso esto
    """),
    sees=phrases(
        "ver veo visualiz* acced* acceso abr* mir* reproduc* carg* leer escuch* percib* observ* recib* encuentr* "
        "visionar"
    ),
    media=phrases("""
        imagen imágenes foto fotos fotografía* vídeo* video* clip* captura* fotograma* archivo* enlace* adjunto*
        visual visuales
    """),
    not_given=(
        r"\bno (?:se |me |has |ha |han |he |hay |l[aeo]s? |aparece\w* |veo |logro |\w+ ){0,5}?(?:adjunt|proporcion|"
        r"sub(?:ido|iste|ió|ir)|envi|compart|inclu|"
        r"recib|carg|llegad|llegó|ve\b|aparec|encuentr|detect|facilit|suministr|mostr|visible|disponible|accesible|"
        r"abr|abierto|present)"
        r"|\bningun[ao]? (?:imagen|foto\w*|vídeo|video|archivo|clip)(?! en (?:la pared|el tablón))|\bsin (?:la |"
        r"ninguna? |una )?(?:imagen|foto\w*|vídeo|video)\b|\bfalt(?:a|ó|ado)\b|"
        r"\bolvid\w+ (?:de )?(?:adjunt|inclu|sub|envi)|\berror al (?:cargar|subir|abrir)|\bfall\w+ (?:al|la) "
        r"(?:cargar|carga|subir)|\bnecesito (?:que \w+|ver)"
    ),
    you=(
        r"\b(?:me|mi|yo|te|tu|tus|su|sus|usted|ustedes|has|puedes|podrías|podría|puede|vuelv[ea]s?|por favor|que "
        r"(?:has|ha|mencionas|proporcion\w+)|envía\w*|"
        r"puedo|veo|he|necesito|proporcionaste|proporcionó|súbel?a?|subas)\b|\bse (?:ha|han) (?:adjuntado|"
        r"proporcionado|recibido|cargado|detectado|"
        r"incluido|subido) \w+ \w+[.!]?$"
    ),
    forbidden=(
        r"\b(?:en contra de|contra|viola\w*|infring\w+|incumpl\w+|contrari\w+ a|fuera de|va más allá de|no (?:está "
        r")?permitid\w+ por) (?:con )?(?:mis|nuestras|las|los|mi|sus)"
        r"(?: \w+){0,2}? ?(?:políticas?|directrices|normas|reglas|pautas|principios|capacidades|programación|"
        r"términos)\b"
    ),
    asks=(
        r"(?:(?:entonces|así que|pero|y|primero|bien),? )?¿?(?:por favor|podrías|podría|puedes|puede|me (?:podrías|"
        r"puedes)|"
        r"te (?:pido|agradecería)|le agradecería|si (?:me |la |lo )?\w+|adjunt\w+|sub[ea]\w*|envía\w*|envíe\w*|"
        r"compart\w+|proporcion\w+|vuelv[ea]\w*|intent\w+|qué|cuál|"
        r"necesit\w+)\b[^.!?]{0,60}?(?:\b(?:imagen|imágenes|foto|fotos|fotografía|vídeo|video|archivo|enlace|"
        r"subirl[ao]|"
        r"enviarl[ao]|adjuntarl[ao]|compartirl[ao]|súbela|envíala|de nuevo|otra vez|nuevamente)\b)"
    ),
    quoted=(
        r"[,;:!?–—-] ?(?:(?:le|les|me|se|nos) )?(?:dice|dijo|reza|lee|indica|anuncia|advierte|avisa|grita|susurra|"
        r"canta|escribe|"
        r"escribió|pone|puede leerse|responde|respondió|contesta|exclama|murmura|explica|pide|proclama|así (?:dice|"
        r"reza)|está escrito)\b"
    ),
)

PORTUGUESE = Grammar(
    sorry=(
        r"(?:(?:oh|ah|olá|oi|mas|porém|contudo|no entanto|obrigad[oa])[,.! ]* ){0,2}(?:desculp\w*|me desculp\w*|"
        r"sinto (?:muito|muitíssimo|imenso)|lamento\w*|lamentamos|peço "
        r"(?:desculpas?|perdão)|perd[oã]\w*|infelizmente|lamentavelmente|minhas desculpas|receio|as minhas "
        r"desculpas|sentimos muito|temo)\b"
    ),
    machine=(
        r"\b(?:como|sou|sendo|por ser|já que sou|enquanto) (?:apenas |só |somente )?(?:uma? )?(?:grande "
        r")?(?:(?:modelo|assistente|sistema|programa|agente)(?: \w+){0,2}? ?(?:de )?(?:"
        r"linguagem|ia|inteligência artificial|virtual|texto|textual|digital)|ia|inteligência artificial|"
        r"assistente)(?: (?:de ia|de "
        r"inteligência artificial|de texto|virtual))*(?= ?[,.;:!]| (?:que|e|não|sem|basead\w|treinad\w|"
        r"desenvolvid\w|criad\w|projetad\w)\b| ?\Z)"
    ),
    preface=r"(?:obrigad[oa]|entendo|compreendo|agradeço|adoraria|ficarei|claro|com prazer|olá|oi\b|gostaria|sei que)",
    opens=(
        r"(?:(?:oh|ah|olá|oi|bem|claro|sim|não|mas|porém|contudo|no entanto|então|além disso|atualmente|no momento|"
        r"por enquanto|neste momento|por ora|todavia|por isso)[,.!:]* ){0,3}(?:não (?:me|posso|"
        r"podemos|consigo|conseguimos|sou|estou|tenho|vejo|disponho|foi|foram|há|recebi|recebo|encontro|quero|devo|"
        r"vou|sei|é possível|pude|poderei|você|houve)|"
        r"eu\b|me\b|meu\b|minha\b|minhas\b|sou\b|devo\b|prefiro\b|tenho de|tenho que|preciso|parece|primeiro|ainda|"
        r"nenhuma? (?:imagem|foto|vídeo|arquivo|ficheiro)|a (?:imagem|foto|"
        r"fotografia|análise|solicitação)|o (?:vídeo|arquivo|ficheiro|link|conteúdo|pedido)|você\b|sua\b|seu\b|"
        r"como\b|sendo|sem\b|para\b|com base|este (?:pedido|conteúdo|"
        r"tipo)|esta (?:solicitação|imagem (?:contém|viola))|essa (?:solicitação)|esse (?:pedido|conteúdo|tipo)|"
        r"embora|se\b|descrever|identificar|é impossível|isso|uma vez que|já que)"
    ),
    cannot=(
        r"\bnão (?:o |a |te |me |lhe |os |as )?(?:posso|podemos|poderei|pude|poderia|consigo|conseguimos|sou capaz|"
        r"estou (?:autorizad|em condições|apto|habilitad|programad|confortável)|"
        r"tenho|disponho|vejo|recebi|recebo|encontro|quero|devo|vou|sei|é possível|é permitido|processo|percebo|"
        r"suporto|poder|faz parte|possuo|me é)\b|\bme é (?:\w+ )?"
        r"(?:impossível|possível|permitido)|\bincapaz\b|\b(?:preciso|devo|tenho (?:de|que)|vou) (?:\w+ )?(?:recus|"
        r"declin|negar|abster)\w*|\bprefiro (?:\w+ )?(?:não|recusar)|\bé impossível\b|"
        r"\bnão (?:estou|sou) (?:\w+ )?(?:autorizad\w|capaz|habilitad\w|programad\w|projetad\w)|\b(?:só|apenas|"
        r"somente) (?:posso|consigo|processo|trabalho)\b"
    ),
    work=phrases("""
        ajud* assist* auxili* solicita* pedido* tarefa pergunta* quest* respond* respost* descrev* descri* identific*
        identidad* reconhec* analis* análise* process* gera* criar elabor* escrev* fornec* oferec* legenda* título*
        resum* transcre* interpret* comentar revelar determinar quem pessoa* conteúdo* material atend* cumpr* realizar
        continuar complet* isso isto
    """),
    sees=phrases(
        "ver vejo visualiz* acess* abr* olhar assistir reproduz* carreg* ler ouvir perceb* observ* receb* encontr*"
    ),
    media=phrases(
        "imagem imagens foto fotos fotografia* vídeo* clipe* captura* arquivo* ficheiro* link* anexo* visual visuais"
    ),
    not_given=(
        r"\bnão (?:\w+ ){0,5}?(?:anex|fornec|carreg|envi|compartilh|partilh|inclu|receb|cheg|visível|disponível|"
        r"acessível|aparec|encontr|"
        r"abert|abr|vejo|present|mostr|adicion|mand)\w*|\bnenhuma? (?:imagem|foto\w*|vídeo|arquivo|ficheiro)(?! "
        r"(?:na parede|no mural))|\bsem (?:a |uma |nenhuma |ver )*(?:imagem|foto|vídeo)|\bfalt(?:a|ou|ando)\b|"
        r"\besquec\w+ (?:de )?(?:anex|inclu|envi|carreg)|\berro ao (?:carregar|abrir|enviar)|\bfalh\w+ (?:ao|no)|"
        r"\bpreciso (?:que \w+|ver)"
    ),
    you=(
        r"\b(?:você|vocês|seu|sua|teu|tua|te|eu|me|mim|meu|minha|posso|consigo|vejo|pode|poderia|por favor|tente|"
        r"tenta|descrevê-la|descrevê-lo|enviou|forneceu|"
        r"envie|envia|recebi)\b|\bfoi (?:fornecid|anexad|recebid|enviad|carregad)\w+[.!]?$"
    ),
    forbidden=(
        r"\b(?:contra|viola\w*|contrári\w+ a|fora d[aeo]s?|infring\w+|vai de encontro a|além d[aeo]s?) ?(?:as|os|"
        r"a)? ?(?:minhas|meus|nossas|diretrizes|políticas)(?: \w+){0,2}? ?(?:diretrizes|políticas?|regras|"
        r"normas|princípios|capacidades|uso|programação)?\b"
    ),
    asks=(
        r"(?:(?:então|mas|e|primeiro),? )?(?:por favor|poderia|você (?:poderia|pode)|pode\b|podes|se (?:você|me|"
        r"puder)|envie|forneça|anexe|carregue|compartilhe|partilhe|tente|qual|peço)\b"
        r"[^.!?]{0,60}?(?:imagem|imagens|foto|vídeo|arquivo|ficheiro|link|novamente|de novo|outra vez|enviá-l|"
        r"anexá-l|carregá-l|compartilhá-l)"
    ),
    quoted=(
        r"[,;:!?–—-] ?(?:(?:lhe|me|se) )?(?:diz|disse|lê-se|indica|anuncia|avisa|alerta|grita|sussurra|canta|"
        r"escreve|escreveu|responde|"
        r"respondeu|exclama|murmura|explica|pede|proclama|está escrito)\b"
    ),
)
