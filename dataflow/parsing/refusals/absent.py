"""Sentences in which a speaker does not see something in the picture and goes on to what it sees: they describe.

`I see no people in this picture, only an empty car park.` What is missing must not be the picture itself, and what
follows must begin as a description does.
"""

from __future__ import annotations

import re

_PATTERNS = (
    # English
    r"i (?:can |could )?(?:see|spot|notice|find|make out) (?:no|nobody|nothing|none)\b(GAP)[,;–—] ?(?:only|just|"
    r"but (?:a|an|the|there)|except)\b",
    r"i (?:don't|do not|can't|cannot|can not|couldn't) (?:see|spot|notice|find|make out)\b(GAP)[,;–—] ?(?:only|"
    r"just|but (?:a|an|the (?!text)|there))\b",
    # Spanish
    r"(?:en (?:la|esta) (?:imagen|foto\w*) )?no (?:veo|distingo|puedo (?:ver|distinguir|leer)|se ve[n]?)\b(GAP)"
    r"[,;–—] ?(?:solo|sólo|solamente|únicamente|pero (?:sí )?(?:se |hay |un|el |la |los |las ))",
    # French
    r"je ne (?:vois|distingue|peux pas (?:voir|lire|distinguer))\b(GAP)[,;–—] ?(?:seulement|juste|uniquement|"
    r"rien qu|mais (?:un|une|le|la|les|on |il y a)\b)",
    # German
    r"(?:auf (?:dem|diesem) (?:bild|foto) )?(?:ich (?:sehe|erkenne)|(?:sehe|erkenne) ich)\b((?=[^,;.!?]*"
    r"\b(?:kein|nicht|niemand))GAP)[,;–—] ?(?:nur|lediglich|bloß|aber (?:ein|der|die|das)\b|sondern)",
    # Italian
    r"(?:in questa (?:immagine|foto) )?non (?:vedo|scorgo|noto|riesco a (?:vedere|leggere))\b(GAP)[,;–—] ?"
    r"(?:solo|soltanto|solamente|ma (?:un|il|la|i|le|gli|si|c'è|ci)\b)",
    # Portuguese
    r"(?:n(?:a|esta|essa) (?:imagem|foto) )?não (?:vejo|noto|consigo (?:ver|ler|distinguir))\b(GAP)[,;–—] ?(?:só|"
    r"somente|apenas|mas (?:um|uma|o|a|os|as|há|vê)\b)",
    # Russian
    r"(?:на (?:этом |этой )?(?:снимке|фото\w*|изображении|картинке) )?(?:я )?не (?:вижу|замечаю|могу (?:прочитать|"
    r"разобрать))\b(GAP)[,;–—] ?(?:только|лишь|а (?:только|лишь)|но (?:рядом|там|на|в|у|за|перед)\b)",
    # Chinese, Japanese, Korean
    r"(?:在?(?:这|該|这张|该)[^，。]{0,6}[中里上])?，?我?(?:没有|没|未|看不)(?:看)?[到见]([^，。！？]{0,14})[，；]"
    r"(?:只|仅|但(?:有|是有|画面))",
    r"[^。、]{0,14}(?:に|には)([^。、]{0,10})(?:が|は)?(?:見え(?:ません|ない)|見当たり?ません)[^。]{0,4}[、。]?"
    r"[^。]{0,20}だけ",
    r"(?:저는 |나는 )?([^.,]{0,14})(?:을|를|은|는|이|가) (?:볼 수 없|보이지 않)(?:고|지만|으나)[^.]{0,40}"
    r"보(?:입니다|인다|여요)",
)

_ABSENT = re.compile("|".join(_PATTERNS).replace("GAP", "[^,;.!?–—]{1,80}"), re.IGNORECASE)

_ARTICLES = (
    r"any|an?|the|your|this|that|no|actual|such|uploaded|attached|here|currently|actually|ninguna?|la|el|tu|su|esta?|aquí|"
    r"pas|aucune?|l|votre|cette|ta|d|de|ici|kein\w*|das|ihr|dein|dieses|hier|leider|nessuna?|il|alcuna?|qui|nenhuma?|a|o|"
    r"sua|seu|aqui|никак\w+|ваш\w*|сам\w*|этого|здесь|任何|您的?|你的?|这[张个]?"
)
_PICTURES = (
    r"images?|pictures?|photos?|videos?|attach\w*|files?|uploads?|content|visual\w*|media|links?|input|im[aá]gen\w*|"
    r"imagem\w*|immagin\w*|foto\w*|v[ií]deo\w*|archivos?|arquivos?|adjunt\w*|fichiers?|pièces?|bild\w*|datei\w*|"
    r"anhang\w*|allegat\w*|anexos?|изображени\w*|картинк\w*|файл\w*|вложени\w*|видео|图|照片|视频|附件|文件|圖|画像|"
    r"写真|動画|이미지|사진|영상|파일"
)
_THE_PICTURE_ITSELF = re.compile(
    rf"\A ?(?:\w+ ){{0,3}}?(?:way|reason|option|means)\b|\A ?(?:(?:{_ARTICLES})[ ']?){{0,4}}(?:{_PICTURES})",
    re.IGNORECASE,
)


def tells_what_is_absent(sentence: str) -> bool:
    """Whether a sentence says what is not in the picture, and then what is.

    Args:
        sentence: with quotations blanked out and apostrophes straight.
    """
    found = _ABSENT.match(sentence)
    if found is None:
        return False
    missing = next((held for held in found.groups() if held is not None), "")
    return not _THE_PICTURE_ITSELF.match(missing)
