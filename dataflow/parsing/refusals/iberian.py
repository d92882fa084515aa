"""How models decline in Spanish and Portuguese."""

from __future__ import annotations

from dataflow.parsing.refusals import outright_romance as outright
from dataflow.parsing.refusals.grammar import Grammar, phrases

SPANISH = Grammar(
    outright=outright.SPANISH,
    negated=(
        r"\b(?:no|ningun[ao]?|imposible|inapropiad\w|inadecuad\w|sin|error|fall\w+|fuera|contra|nada|tampoco|"
        r"viola\w*)\b"
    ),
    sorry=(
        r"(?:(?:oh|ah|ay|hola|vaya|pero|sin embargo|no obstante|gracias)[,.!¡]* ){0,2}¡?(?:lo siento(?: mucho)?|lo "
        r"lamento(?: mucho)?|lamento|siento|sentimos|lamentamos|lo sentimos|disculp\w*|perd[oó]n\w*|mis disculpas|"
        r"pido disculpas|te pido disculpas|le pido disculpas|desafortunadamente|desgraciadamente|lamentablemente|"
        r"por desgracia|me temo|una disculpa|me disculpo|ups|oops|mil disculpas)\b"
    ),
    machine=(
        r"\b(?:como|soy|al ser|siendo|dado que soy|ya que soy|por ser) (?:solo |sólo |simplemente |solamente "
        r")?(?:una? )?(?:gran |mero )?(?:(?:modelo|asistente|sistema|programa|chatbot|agente)(?: \w+){0,2}? (?:de "
        r")?(?:ia|inteligencia artificial|lenguaje|texto|idioma|virtual|digital|texto)|ia|inteligencia artificial|"
        r"asistente)(?: (?:de )?(?:ia|inteligencia artificial|texto|lenguaje|virtual))*(?= ?[,.;:!]| (?:que|y|no|"
        r"sin|basad\w|entrenad\w|desarrollad\w|creado|diseñad\w)\b| ?\Z)"
    ),
    preface=r"(?:gracias|entiendo|comprendo|agradezco|me encantaría|con gusto|estaré encantad|claro|hola|sé que)",
    opens=(
        r"(?:(?:oh|ah|hola|bueno|claro|sí|no|pero|sin embargo|no obstante|así que|además|actualmente|por el "
        r"momento|en este momento|de momento|ahora mismo|por ahora|por tanto|"
        r"por lo tanto)[,.!:]* ){0,3}(?:no "
        r"(?:se (?:ha|han|adjunt|proporcion|recib|incluy|detect)|h\w+|me|puedo|podemos|pude|podré|soy|estoy|tengo|"
        r"dispongo|cuento|logro|consigo|veo|he|recib|encuentro|quiero|debo|voy|sé|has|ha|adjunt|proporcion|subi|"
        r"envi)|yo\b|me\b|mi\b|mis\b|soy\b|debo\b|prefiero\b|tengo que|parece\b|todavía\b|aún\b|necesito|"
        r"necesitaría|primero|s[oó]lo\b|únicamente|trabajo\b|proceso\b|la solicitud|el (?:contenido|mensaje)|tu\b|"
        r"como\b|al ser|dado que|ya que|sin\b|para\b|basándome|con la información|esta (?:solicitud|petición|"
        r"imagen (?:contiene|infringe|viola))|este (?:contenido|tipo)|aunque|si\b|describir|identificar|eso\b|"
        r"carezco|preferir[ií]a|ese (?:contenido|pedido|tipo))"
    ),
    of_media=(
        r"(?:no (?:hay|se (?:ha|han|adjunt|proporcion|recib|incluy|detect))|ninguna? (?:imagen|foto|vídeo|video)|"
        r"la (?:imagen|foto|captura|fotografía)|el (?:vídeo|video|archivo|enlace|clip)|hay un|ahí|falta)"
    ),
    cannot=(
        r"\bno (?:l[oae]s? |te |me |se |nos )?(?:puedo|podemos|podr[ée]|pude|podría|soy capaz|somos capaces|estoy "
        r"(?:autorizad|en condiciones|capacitad|programad|diseñad|preparad)|tengo|dispongo|cuento con|me es "
        r"posible|me resulta posible|está permitido|permite|logro|consigo|veo|(?:he|hemos) (?:recibido|podido|"
        r"logrado|conseguido)|me (?:corresponde|toca)|\w+ré|recibo|encuentro|siento cómod|quiero|debo|voy a|sé|"
        r"proceso|analizo|describo|poseo|corresponde|ayudaré)|\bme (?:es|resulta) imposible|\bme es (?:del todo "
        r")?imposible|\bincapaz\b|\bcarezco\b|\b(?:debo|tengo que|prefiero|preferiría|he de|quisiera) (?:\w+ "
        r"){0,2}?(?:declinar|rechazar|negarme|abstenerme|no)\b|\bme abst|\brehúso\b|\b(?:solo|sólo|únicamente|"
        r"solamente) (?:puedo|proceso|trabajo|manejo|entiendo)\b|\b(?:puedo|proceso|trabajo|manejo|entiendo) "
        r"(?:solo|sólo|únicamente|solamente)\b|\bprefer(?:iero|iría) no\b"
    ),
    work=phrases("""
        ayud* asist* apoy* solicitud* petición peticiones pedido tarea pregunta* cuestión consulta* respond* contest*
        descri* descripci* identific* identidad* reconoc* analiz* análisis proces* genera* crear elabor* redact*
        proporcion* ofrec* leyenda* título* pie_de_foto resum* transcri* interpret* comentar revel* determinar quién
        rostro* información menor* apropiad* persona personas contenido* material* cumpl* realiz* continuar complac*
        complet* eso esto
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
        r"sub(?:ido|iste|ió|ir)|envi|compart|inclu|recib|carg|llegad|llegó|ve\b|aparec|encuentr|detect|facilit|"
        r"suministr|mostr|visible|disponible|accesible|abr|abierto|present)|\bningun[ao]? (?:imagen|foto\w*|vídeo|"
        r"video|archivo|clip)(?! en (?:la pared|el tablón))|\bsin (?:la |ninguna? |una )?(?:imagen|foto\w*|vídeo|"
        r"video)\b|\bfalt(?:a|ó|ado)\b|\bolvid\w+ (?:de )?(?:adjunt|inclu|sub|envi)|\berror al (?:cargar|subir|"
        r"abrir)|\bfall\w+ (?:al|la) (?:cargar|carga|subir)|\bnecesito (?:que \w+|ver)"
    ),
    you=(
        r"\b(?:me|mi|yo|te|tu|tus|su (?:mensaje|solicitud|imagen|foto)|usted|ustedes|has|puedes|podrías|podría|"
        r"puede|vuelv[ea]s?|por favor|que (?:has|ha|mencionas|proporcion\w+)|envía\w*|puedo|veo|he|necesito|"
        r"proporcionaste|proporcionó|súbel?a?|subas)\b|\bse (?:ha|han) (?:adjuntado|proporcionado|recibido|cargado|"
        r"detectado|incluido|subido) \w+ \w+[.!]?$"
    ),
    forbidden=(
        r"\b(?:en contra de|contra|viola\w*|infring\w+|incumpl\w+|contrari\w+ a|fuera de|va más allá de|"
        r"va (?:en )?contra(?: de)?|no (?:está "
        r")?permitid\w+ por) (?:con )?(?:mis|nuestras|las|los|mi|sus|tus)(?: \w+){0,2}? ?(?:políticas?|directrices|"
        r"normas|reglas|pautas|principios|capacidades|programación|términos)\b"
    ),
    asks=(
        r"(?:(?:entonces|así que|pero|y|primero|bien),? )?¿?(?:por favor|podrías|podría|puedes|puede|me (?:podrías|"
        r"puedes)|te (?:pido|agradecería)|le agradecería|si (?:me |la |lo )?\w+|adjunt\w+|sub[ea]\w*|envía\w*|"
        r"envíe\w*|compart\w+|proporcion\w+|vuelv[ea]\w*|intent\w+|qué|cuál|"
        r"necesit\w+)\b[^.!?]{0,60}?(?:\b(?:imagen|imágenes|foto|fotos|fotografía|vídeo|video|archivo|enlace|"
        r"subirl[ao]|enviarl[ao]|adjuntarl[ao]|compartirl[ao]|súbela|envíala|de nuevo|otra vez|nuevamente)\b)"
    ),
    quoted=(
        r"\b(?:está (?:escrito|pintado|bordado|grabado) (?:en|sobre)|aparece en la pantalla)\b|"
        r"[,;!?–—-] ?(?!(?:para|hasta|contra|hacia|sea|desde|sobre|donde|ahora|cada|toda|esta|esa|incluye|aunque|"
        r"porque)\b)"
        r"\w{3,12}[ae] (?:el|la|una?|su) (?!imag|foto|v[ií]deo|arquivo|archivo|ficheiro|enlace|link)\w{3,}|"
        r"[,;:!?–—-] ?(?:(?:le|les|me|se|nos) )?(?:dice|dijo|reza|lee|indica|anuncia|advierte|avisa|grita|susurra|"
        r"canta|escribe|escribió|pone|puede leerse|responde|respondió|contesta|exclama|murmura|explica|pide|"
        r"proclama|así (?:dice|reza)|está escrito)\b"
    ),
)

PORTUGUESE = Grammar(
    outright=outright.PORTUGUESE,
    negated=(
        r"\b(?:n[ãa]o|nenhuma?|impossível|inapropriad\w|inadequad\w|sem|erro|fora|contra|nada|viola\w*|falh\w+)\b"
    ),
    sorry=(
        r"(?:(?:oh|ah|olá|oi|mas|porém|contudo|no entanto|obrigad[oa])[,.! ]* ){0,2}(?:desculp\w*|me desculp\w*|"
        r"sinto (?:muito|muitíssimo|imenso)|lamento\w*|lamentamos|foi mal|me perdoe|peço (?:desculpas?|perdão)|"
        r"perd[oã]\w*|"
        r"infelizmente|lamentavelmente|minhas desculpas|receio|as minhas desculpas|sentimos muito|temo|ops|ups|oops)\b"
    ),
    machine=(
        r"\b(?:como|sou|sendo|por ser|já que sou|enquanto) (?:apenas |só |somente )?(?:uma? )?(?:grande "
        r")?(?:(?:modelo|assistente|sistema|programa|agente)(?: \w+){0,2}? ?(?:de )?(?:linguagem|ia|inteligência "
        r"artificial|virtual|texto|textual|digital)|ia|inteligência artificial|assistente)(?: (?:de ia|de "
        r"inteligência artificial|de texto|virtual))*(?= ?[,.;:!]| (?:que|e|não|sem|basead\w|treinad\w|"
        r"desenvolvid\w|criad\w|projetad\w)\b| ?\Z)"
    ),
    preface=r"(?:obrigad[oa]|entendo|compreendo|agradeço|adoraria|ficarei|claro|com prazer|olá|oi\b|gostaria|sei que)",
    opens=(
        r"(?:(?:oh|ah|olá|oi|bem|claro|sim|não|mas|porém|contudo|no entanto|então|além disso|atualmente|no momento|"
        r"por enquanto|neste momento|por ora|todavia|por isso)[,.!:]* ){0,3}(?:n[ãa]o (?:me|posso|"
        r"podemos|consigo|"
        r"consegui\w*|cabe|\w+rei|conseguimos|sou|estou|tenho|vejo|disponho|foi|foram|recebi|recebo|encontro|quero|"
        r"devo|vou|sei|pude|poderei|você|houve)|eu\b|me\b|meu\b|minha\b|minhas\b|sou\b|devo\b|prefiro\b|tenho de|"
        r"tenho que|preciso|parece|primeiro|só\b|apenas\b|trabalho\b|processo\b|ainda|a (?:análise|solicitação)|o "
        r"(?:conteúdo|pedido)|você\b|sua mensagem|seu pedido|como\b|sendo|sem\b|para\b|com base|este (?:pedido|"
        r"conteúdo|tipo)|esta (?:solicitação|imagem (?:contém|viola))|essa (?:solicitação)|esse (?:pedido|conteúdo|"
        r"tipo)|embora|se\b|descrever|identificar|pref(?:iro|eriria)\b|isso|uma vez que|já que)"
    ),
    of_media=(
        r"(?:não (?:há|foi|foram)|nenhuma? (?:imagem|foto|vídeo|arquivo|ficheiro)|a (?:imagem|foto|fotografia)|o "
        r"(?:vídeo|arquivo|ficheiro|link)|falta)"
    ),
    cannot=(
        r"\bn[ãa]o (?:o |a |te |me |lhe |os |as )?(?:cabe|consegui|conseguimos|pudemos|\w+rei|posso|podemos|poderei|"
        r"pude|poderia|consigo|conseguimos|sou capaz|estou (?:autorizad|em condições|apto|habilitad|programad|"
        r"confortável)|me (?:sinto|cabe|é)|tenho|disponho|vejo|recebi|recebo|encontro|quero|devo|vou|sei|"
        r"me é possível|processo|"
        r"percebo|suporto|poder|faz parte|possuo|me é)\b|\bme é (?:\w+ )?(?:impossível|possível|permitido)|"
        r"\bincapaz\b|\b(?:preciso|devo|tenho (?:de|que)|vou) (?:\w+ )?(?:recus|declin|negar|abster)\w*|"
        r"\bpref(?:iro|eriria) (?:\w+ )?(?:não|recusar)|\bnão (?:estou|sou) (?:\w+ )?(?:autorizad\w|capaz|"
        r"habilitad\w|programad\w|projetad\w)|\b(?:só|apenas|somente) (?:posso|consigo|processo|trabalho|lido)\b|"
        r"\b(?:posso|processo|trabalho|lido) (?:só|apenas|somente|unicamente)\b"
    ),
    work=phrases("""
        ajud* assist* auxili* solicita* pedido* tarefa pergunta* quest* respond* respost* descrev* descri* identific*
        identidad* reconhec* analis* análise* process* gera* criar elabor* escrev* fornec* oferec* legenda* título*
        resum* transcre* interpret* comentar revelar determinar quem rosto* informação menor* apropriad* pessoa*
        conteúdo* material atend* cumpr* realizar continuar complet* isso isto
    """),
    sees=phrases(
        "ver vejo visualiz* acess* abr* olhar assistir reproduz* carreg* ler ouvir perceb* observ* receb* encontr*"
    ),
    media=phrases(
        "imagem imagens foto fotos fotografia* vídeo* clipe* captura* arquivo* ficheiro* link* anexo* visual visuais"
    ),
    not_given=(
        r"\bnão (?:\w+ ){0,5}?(?:anex|fornec|carreg|envi|compartilh|partilh|inclu|receb|cheg|visível|disponível|"
        r"acessível|aparec|encontr|abert|abr|vejo|present|mostr|adicion|mand)\w*|\bnenhuma? (?:imagem|foto\w*|"
        r"vídeo|arquivo|ficheiro)(?! (?:na parede|no mural))|\bsem (?:a |uma |nenhuma |ver )*(?:imagem|foto|vídeo)|"
        r"\bfalt(?:a|ou|ando)\b|\besquec\w+ (?:de )?(?:anex|inclu|envi|carreg)|\berro ao (?:carregar|abrir|enviar)|"
        r"\bfalh\w+ (?:ao|no)|\bpreciso (?:que \w+|ver)"
    ),
    you=(
        r"\b(?:você|vocês|(?:sua|tua) mensagem|teu|tua|te|eu|me|mim|meu|minha|posso|consigo|vejo|pode|poderia|por "
        r"favor|tente|tenta|descrevê-la|descrevê-lo|enviou|forneceu|envie|envia|recebi)\b|\bfoi (?:fornecid|anexad|"
        r"recebid|enviad|carregad)\w+[.!]?$"
    ),
    forbidden=(
        r"\b(?:contra|viola\w*|contrári\w+ a|fora d[aeo]s?|infring\w+|vai de encontro a|além d[aeo]s?) ?(?:as|os|"
        r"a)? ?(?:minhas|meus|nossas|diretrizes|políticas)(?: \w+){0,2}? ?(?:diretrizes|políticas?|regras|normas|"
        r"princípios|capacidades|uso|programação)?\b"
    ),
    asks=(
        r"(?:(?:então|mas|e|primeiro),? )?(?:por favor|poderia|você (?:poderia|pode)|pode\b|podes|se (?:você|me|"
        r"puder)|envie|forneça|anexe|carregue|compartilhe|partilhe|tente|qual|peço)\b[^.!?]{0,60}?(?:imagem|"
        r"imagens|foto|vídeo|arquivo|ficheiro|link|novamente|de novo|outra vez|enviá-l|anexá-l|carregá-l|"
        r"compartilhá-l)"
    ),
    quoted=(
        r"\b(?:está (?:escrito|pintado|bordado|gravado) (?:n[oa]s?|em|sobre)|aparece na tela)\b|"
        r"[,;!?–—-] ?(?!(?:para|contra|sobre|desde|onde|agora|cada|toda|esta|essa|porque|embora|sempre)\b)\w{3,12}[ae] "
        r"(?:o|a|uma?|sua) (?!imag|foto|v[ií]deo|arquivo|archivo|ficheiro|enlace|link)\w{3,}|"
        r"[,;:!?–—-] ?(?:(?:lhe|me|se) )?(?:diz|disse|lê-se|indica|anuncia|avisa|alerta|grita|sussurra|canta|"
        r"escreve|escreveu|responde|respondeu|exclama|murmura|explica|pede|proclama|está escrito)\b"
    ),
)
