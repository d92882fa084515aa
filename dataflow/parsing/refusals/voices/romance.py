"""How a model that tells of itself is known in French, Spanish, Portuguese and Italian."""

from __future__ import annotations

from dataflow.parsing.refusals.grammar import phrases
from dataflow.parsing.refusals.voices.voice import Voice

FRENCH = Voice(
    hints="""
        ce cet dans oublié désolé désolée pardon côté faut devez dois je me moi mon ma mes nos j m notre cette votre
        ton ta renvoyer renvoyez renvoie nouveau filtre politique
    """,
    me=(
        (r"\b(?:je|me|moi|nos (?:règles|politiques|directives|conditions))\b|\b[jm]'" + r"|\A(?:désolée?|pardon)\b")
        + r"|\b(?:mon|ma|mes) (?:\w+ ){0,2}?(?:consigne|directive|règle|politique|principe|programm|entraînement|"
        r"capacité|fonction|rôle|mission|instruction|valeur|connaissance|côté|part\b|réponse|concept|limite|portée|"
        r"compétence|excuse|système)|\bde ma part\b"
    ),
    denies=r"\bn'|"
    + phrases("""
        ne pas aucun* rien jamais impossible* inapproprié* erreur* échec* échoué sans hors contraire* encontre
        enfrein* viol* contrev* refus* déclin* abst* évit* interdi* empêch* limit* dépass* seulement uniquement
        incapable* incapacité impossibilité manqu* difficile* vide endommag* passer_mon_tour déplacé*
    """),
    task=phrases("""
        décri* description* légende* identif* identité* reconn* analys* interpr* transcri* résum* tradui* comment*
        spécul* devin* jug* évalu* estim* révél* divulg* nomm* nom noms qui image* photo* vidéo* clip* fichier* lien*
        pièce* capture* visue* contenu* demande* requête* question* tâche* consigne* directive* politique* règle*
        programm* capacité* compétence* aid* assist* répon* satisf* génér* créer fourn* rédig* gens individu* visage*
        sujet information* cela ça faire scène outil* parven* reproduis reprodui* c'est yeux écran* représent*
        extrait* joint* joindre envoyé* partagé*
    """),
    media=r"\b(?:image|photo|vidéo|clip|fichier|lien|pièce jointe|capture)\w*",
    chat=(
        (
            r"\b(?:notre|cette|ce|votre|ton|ta) (?:\w+ )?(?:conversation|discussion|échange|message|demande|requête|"
            r"chat)\b"
        )
        + r"|\bici\b(?=[^.!?]*\bpièces? jointes?\b)"
    ),
    broken=(
        r"\b(?:charg|joint|jointe|ouvr|trait|afficha|reçu|fourni|téléverse|erreur|échou|échec|manqu|corromp|"
        r"parvenu|transmis)"
    ),
    looks=(
        r"\bje (?:me tiens|suis (?:debout|assise?)|tiens|porte|marche|filme|conduis|cours|pose|montre)\b|"
        r"\bje (?:peux voir|vois|remarque|constate|pense|crois)\b(?! (?:aucun|rien|pas|votre))|\b(?:image|photo|"
        r"vidéo|scène) "
        r"(?:montre|présente|représente|illustre)\b"
    ),
    tells=r"\b(?:vous|te) (?:le |la )?(?:dire|aider|donner|indiquer|communiquer)",
    blocked=(
        r"(?=[^.!?\n]*(?:filtre|politique|sécurité|sensible|modération|inapproprié|règles))"
        r"(?:(?:la|votre|cette|ta|le|ce) (?:réponse|demande|requête|contenu|sortie|invite))[^.!?\n]{0,80}?(?:bloqu|"
        r"filtr|rejet|refus|censur)"
    ),
    resend=(
        (
            r"\b(?:re-?envoy|renvoy|retélécharg|repartag)\w*\b|\b(?:envoy|partag|télécharg|joign|import|"
            r"charg)\w*\b[^.!?]{0,40}?\b(?:à nouveau|de nouveau|une nouvelle fois|encore une fois)\b"
        )
        + r"|\boublié (?:de |d')(?:joindre|inclure|envoyer|ajouter|télécharger|partager)"
    ),
    needs=(
        r"\b(?:il faut|il faudrait|vous devez|tu dois|il me faut|il me faudrait)\b[^.!?]{0,30}?(?:envoy|partag|"
        r"joind|télécharg|téléverse|fourni|l'image|la photo|la vidéo)"
    ),
)


SPANISH = Voice(
    hints="""
        aquí evito sé olvidaste como creo paso no primero yo me mi mis puedo podré podre podría pude tengo debo voy
        soy estoy he carezco dispongo prefiero preferiría quiero logro consigo veo hago admito recibo identifico
        describo analizo proceso acepto ofrezco comento genero reconozco revelo interpreto transcribo doy soporto
        percibo nuestra nuestro nuestras esta tu su nuevo otra nuevamente filtro política sensible
    """,
    me=(
        (
            phrases("""
        yo me puedo podr[ée] decidido podría pude tengo debo voy soy estoy he carezco dispongo prefiero preferiría
        quiero logro consigo veo nuestras_(?:políticas|normas|directrices) evito sé
    """)
            + r"|\bno (?:l[oae]s? |te |le )?(?:hago|admito|recibo|identifico|describo|analizo|proceso|acepto|ofrezco|"
            r"comento|"
            r"genero|"
            r"reconozco|revelo|interpreto|transcribo|doy|soporto|percibo|reproduzco|respondo|contesto)\b|\b\w{2,}ré\b"
            + r"|\bcomo (?:una? )?ia\b|\bno (?:creo|produzco|escribo|redacto) |\basí que paso\b"
        )
        + r"|\bmis? (?:\w+ ){0,2}?(?:directri|política|norma|regla|pauta|principio|programación|entrenamiento|"
        r"capacidad|habilidad|función|rol|propósito|instruccion|valor|conocimiento|lado|parte\b|respuesta|diseño|"
        r"límite|alcance|disculpa|sistema)"
    ),
    denies=phrases("""
        no ningun* ningún nada nunca tampoco imposible* inapropiad* inadecuad* sin error* fall* fuera contra
        contrari* viol* infring* incumpl* rechaz* declin* negarme abst* evit* prohib* impid* imped* limit* excede*
        solo sólo únicamente incapaz falta* carezco prefiero preferiría incómod* más_allá difícil vacía vacío dañad*
        paso
    """),
    task=phrases("""
        descri* leyenda* título* identif* identidad* reconoc* analiz* análisis interpret* transcri* resum* traduc*
        coment* especul* adivin* juzg* valor* evalu* revel* divulg* nombr* quién quien imagen* imágenes foto* vídeo*
        video* clip* captura* archivo* enlace* adjunt* visual* contenid* solicitud* petici* pregunta* tarea*
        consulta* directri* política* norma* regla* pauta* instruccion* programación capacidad* ayud* asist* respond*
        contest* atender cumpl* gener* crear proporcion* ofrec* reproduz* material* escena herramienta* llegado
        rostro* gente persona* individuo* tema información eso esto ojos pantalla* representac* respuest*
    """),
    media=phrases("imagen* imágenes foto* vídeo* video* clip* captura* archivo* enlace* adjunt*"),
    chat=(
        r"\b(?:nuestr[ao]|est[ae]|tu|su) (?:\w+ )?(?:conversación|chat|mensaje|solicitud|consulta|petición|diálogo)\b"
        + r"|\baquí\b(?=[^.!?]*\badjunt\w+\b)"
    ),
    broken=r"\b(?:carg|adjunt|subi|abri|proces|recibi|proporcion|inclui|envia|error|fall|falta|dañad|corrupt|lleg)",
    looks=(
        r"\b(?:estoy (?:de pie|sentad[oa]|parad[oa])|sostengo|llevo puest|camino|grabo|conduzco|poso)\b|"
        r"(?<!no )(?<!no logro )\b(?:puedo ver|veo|observo|noto|creo)\b(?! (?:ning|nada|que no (?:has|ha|se|hay)))|"
        r"\b(?:imagen|foto|vídeo|video|escena) (?:muestra|presenta|representa)\b"
    ),
    tells=r"\b(?:decir|ayudar|dar)(?:te|le|los)\b|\b[tl]e (?:puedo|podría) (?:decir|ayudar)",
    blocked=(
        r"(?=[^.!?\n]*(?:filtro|política|seguridad|sensible|moderación|inapropiad|normas))"
        r"(?:(?:la|tu|su|esta|el|este) (?:respuesta|solicitud|petición|contenido|salida|mensaje|"
        r"entrada))[^.!?\n]{0,80}?(?:bloque|filtr|rechaz|deneg|censur)"
    ),
    resend=(
        (
            r"\b(?:env[ií]|mand|sub|súb|compart|adjunt|carg|reenv)\w*\b[^.!?]{0,40}?\b(?:de nuevo|otra vez|"
            r"nuevamente)\b|\breenví\w+\b|\bvolver a (?:enviar|subir|compartir|adjuntar|cargar)|"
            r"\bvuelv[ea]s? a (?:enviar|subir|compartir|adjuntar|cargar)"
        )
        + r"|\b(?:olvidaste|has olvidado|hayas olvidado|se te olvidó) (?:de )?(?:adjuntar|subir|enviar|incluir|"
        r"compartir)"
    ),
    needs=(
        r"\b(?:tienes que|tiene que|debes|debe|hace falta|necesitas|necesito que)\b[^.!?]{0,24}?(?:sub|env|adjunt|"
        r"compart|mand)"
    ),
)


PORTUGUESE = Voice(
    hints="""
        aqui evito sei esquecido esqueceu como meu decidi não você preciso eu me mim meu minha meus minhas posso
        consigo poderei poderia pude tenho devo vou sou estou prefiro preferiria quero vejo lamento recebi recebo
        decidi faço aceito identifico descrevo analiso processo ofereço comento gero reconheço revelo interpreto
        transcrevo dou suporto percebo nossas nossa nosso sua seu tua teu novo novamente outra filtro política
        sensíveis sensível
    """,
    me=(
        (
            phrases("""
        eu me mim posso consigo poderei poderia pude tenho devo vou sou estou prefiro preferiria quero vejo lamento
        recebi recebo nossas_(?:políticas|diretrizes|normas) decidi evito sei
    """)
            + r"|\bnão (?:[oa]s? |te |lhe )?(?:faço|aceito|identifico|descrevo|analiso|processo|ofereço|comento|gero|"
            r"reconheço|"
            r"revelo|interpreto|transcrevo|dou|suporto|percebo|reproduzo|respondo)\b|\b\w{2,}rei\b"
            + r"|\bcomo (?:uma )?ia\b|\bnão (?:crio|produzo|escrevo|redijo)\b"
        )
        + r"|\b(?:meu|minha)s? (?:\w+ ){0,2}?(?:diretriz|polític|norma|regra|princípio|programação|treinamento|"
        r"treino|capacidade|habilidade|função|papel|propósito|instruç|valor|conheciment|lado|parte\b|resposta|"
        r"limite|alcance|desculpa|sistema)"
    ),
    denies=phrases("""
        não nao nenhum* nada nunca impossível inapropriad* inadequad* sem erro* falh* fora contra contrári* viol*
        infring* recus* declin* neg[oa]* abst* evit* proib* imped* impeç* limit* excede* só apenas somente unicamente
        incapaz falta* prefiro preferiria além desconfort* difícil vazia vazio danificad* passar
    """),
    task=phrases("""
        descr* legenda* título* identif* identidade* reconhec* analis* análise* interpret* transcr* resum* tradu*
        coment* especul* adivinh* julg* avali* revel* divulg* nome* quem imagem imagens foto* vídeo* video* clipe*
        captura* arquivo* ficheiro* link* anex* visua* conteúdo* solicita* pedido* pergunta* tarefa* consulta*
        diretri* polític* norma* regra* instruç* programação capacidade* ajud* assist* auxili* respond* respost*
        atend* cumpr* ger[ae]* criar fornec* oferec* cena ferramenta* reproduz* material* cheg* escrev* pessoa*
        rosto* indivíduo* tema assunto informaç* isso isto olhos tela* representaç*
    """),
    media=phrases("imagem imagens foto* vídeo* video* clipe* captura* arquivo* ficheiro* link* anexo*"),
    chat=(
        (
            r"\b(?:noss[ao]|est[ae]|ess[ae]|n?est[ae]|sua|seu|tua|teu) (?:\w+ )?(?:conversa|chat|mensagem|solicitação|"
            r"pedido|diálogo)\b"
        )
        + r"|\baqui\b(?=[^.!?]*\banex\w+\b)"
    ),
    broken=r"\b(?:carreg|anex|abr|process|receb|forneci|inclu|envia|erro|falh|falta|corromp|cheg)",
    looks=(
        r"\b(?:estou (?:de pé|sentad[oa]|parad[oa])|caminho|filmo|dirijo|poso)\b|"
        r"(?<!não )\b(?:posso ver|consigo ver|vejo|observo|noto|acho)\b(?! (?:nenh|nada|que (?:não|você|nenh)))|"
        r"\b(?:imagem|"
        r"foto|vídeo|cena) (?:mostra|apresenta|retrata)\b"
    ),
    tells=r"\b(?:dizer|informar|ajud[áa])\b|\b(?:lhe|te) (?:dizer|dar|ajudar)\b",
    blocked=(
        r"(?=[^.!?\n]*(?:filtro|política|segurança|sensív|moderação|inapropriad|diretrizes))"
        r"(?:(?:a|sua|tua|esta|o|este|seu) (?:resposta|solicitação|conteúdo|pedido|saída|mensagem|"
        r"entrada))[^.!?\n]{0,80}?(?:bloque|filtr|rejeit|recus|negad|censur)"
    ),
    resend=(
        (
            r"\b(?:envi|mand|carreg|compartilh|partilh|anex|reenvi)\w*\b[^.!?]{0,40}?\b(?:de novo|novamente|"
            r"outra vez)\b|\breenvi\w+\b"
        )
        + r"|\b(?:você|tenha|te)\b[^.!?]{0,20}?\besquec\w+ (?:de )?(?:anexar|enviar|incluir|carregar|compartilhar)"
    ),
    needs=(
        r"\b(?:você (?:precisa|deve|tem (?:que|de))|é preciso|precisas?|preciso que)\b[^.!?]{0,24}?(?:envi|carreg|"
        r"anex|compartilh|mand)"
    ),
)


ITALIAN = Voice(
    hints="""
        qui evito dimenticato quanto passo non devi però io me mi mio mia miei mie posso riesco riuscirei potrò
        potrei devo ho voglio preferisco preferirei vedo dispongo so faccio ricevo saprei accetto identifico descrivo
        analizzo elaboro offro commento genero riconosco rivelo interpreto trascrivo supporto percepisco fornisco
        nostre nostra nostro tua tuo sua suo questa nuovo nuovamente rimandi rimanda ricaricare ricaricarla filtro
        sensibili politica
    """,
    me=(
        (
            (
                phrases("""
        io me mi posso riesco riuscirei potrò potrei devo ho voglio preferisco preferirei vedo dispongo so faccio
        ricevo nostre_(?:politiche|norme|linee_guida) saprei evito
    """)
                + r"|\bnon (?:ne |l[oaie] |ti |vi )?(?:accetto|identifico|descrivo|analizzo|elaboro|offro|commento|"
                r"genero|"
                r"riconosco|"
                r"rivelo|interpreto|trascrivo|do|supporto|percepisco|fornisco|riproduco|rispondo)\b|"
                r"\b(?!però\b)\w{2,}rò\b|"
                r"\bsono (?:solo|soltanto|un |una |spiacente)|\bnon sono (?:in grado|autorizzat|programmat|progettat|"
                r"capace)" + r"|\bin quanto ia\b|\bnon (?:creo|produco|scrivo|redigo)\b|\bquindi passo\b"
            )
            + r"|\bnon sono riuscit[oa]\b"
        )
        + r"|\bmi[oae]i? (?:\w+ ){0,2}?(?:linee|politic|norm|regol|princip|programmazione|addestramento|capacit|"
        r"funzion|ruolo|scopo|istruzion|valor|conoscenz|lato|parte\b|risposta|limit|portata|scuse|sistema)|"
        r"\bda(?:l)? (?:mio lato|parte mia)\b"
    ),
    denies=phrases("""
        non nessun nessuna niente nulla mai impossibil* inappropriat* inadeguat* senza errore* fallit* fuori contro
        contrari* viol* infrang* rifiut* declin* asten* evit* viet* proib* imped* limit* super* solo soltanto
        unicamente incapace manca* oltre disagio difficile preferirei vuot* danneggiat* passo no
    """),
    task=phrases("""
        descri* didascali* titol* identif* identità riconosc* analiz* analisi interpret* trascri* riassu* tradu*
        comment* specul* indovin* giudic* valut* rivel* divulg* nome nomi chi immagin* foto* video* clip* schermat*
        file link allegat* visiv* contenut* richiest* domand* compito* linee_guida politic* norm* regol* istruzion*
        programmazione capacità aiut* assist* rispond* rispost* soddisf* esegui* gener* creare forni* scena strument*
        riproduc* arrivat* material* person* volt[oi] individu* argomento informazion* questo ciò occhi schermo
        rappresentaz*
    """),
    media=r"\b(?:(?:immagin|foto|video|clip|schermat|allegat)\w*|file|link)\b",
    chat=(
        (
            r"\b(?:nostr[ao]|quest[ao]|tu[ao]|su[ao]) (?:\w+ )?(?:conversazione|chat|messaggio|richiesta|dialogo|"
            r"discussione)\b"
        )
        + r"|\bqui\b(?=[^.!?]*\ballegat\w+\b)"
    ),
    broken=(
        r"\b(?:caric|allegat|apert|aprir|elabora|ricevut|fornit|inclus|inviat|errore|fallit|manca|danneggiat|"
        r"corrott|arrivat)"
    ),
    looks=(
        r"\b(?:sono (?:in piedi|sedut[oa]|ferm[oa])|tengo in mano|indosso|cammino|riprendo|guido|poso)\b|"
        r"(?<!non )\b(?:posso vedere|vedo|noto|osservo|credo)\b(?! (?:ness|nulla|che non (?:hai|è stat)))|"
        r"\b(?:immagine|foto|"
        r"video|scena) (?:mostra|presenta|raffigura|ritrae)\b"
    ),
    tells=r"\b(?:dir|aiutar|dar)(?:ti|vi|le)\b|\bti (?:so|posso) dire",
    blocked=(
        r"(?=[^.!?\n]*(?:filtro|politic|sicurezza|sensibil|moderazione|inappropriat|norme))"
        r"(?:(?:la|tua|questa|il|questo) (?:tua |sua )?(?:risposta|richiesta|contenuto|output|messaggio|"
        r"input))[^.!?\n]{0,80}?(?:blocc|filtr|rifiut|respin|censur|negat)"
    ),
    resend=(
        (
            r"\b(?:invi|mand|caric|condivid|alleg)\w*\b[^.!?]{0,40}?\b(?:di nuovo|nuovamente|ancora una volta)\b|"
            r"\brimand(?:a|i|ar)\w*\b\??|\breinvi\w+\b|\bricaric(?:a|ar|hi)\w*\b"
        )
        + r"|\b(?:hai|abbia|ha) dimenticato (?:di )?(?:allegar|caricar|inviar|includer|condivider)"
    ),
    needs=(r"\b(?:devi|deve|dovresti|bisogna|occorre)\b[^.!?]{0,24}?(?:caric|invi|alleg|condivid|mand)"),
)
