"""What a speaker does not see in a picture is a part of its description; the picture itself is none."""

import pytest

from dataflow.core import RefusedAnswer
from dataflow.parsing.free_text import free_text


@pytest.mark.parametrize(
    "text",
    [
        "I see no people in this picture, only a car.",
        "I don't see any people in this image, only empty chairs.",
        "No veo a nadie en la foto, solo una mesa puesta.",
        "No puedo distinguir el nombre del barco, pero se ven tres marineros.",
        "Je ne vois aucune personne sur cette image, seulement un chien.",
        "Ich sehe keine Menschen auf diesem Bild, nur ein leeres Parkhaus.",
        "Ich sehe auf dem Foto niemanden, nur einen Tisch.",
        "Ich kann drei Segelboote erkennen, die vor einer Mole liegen. Menschen sehe ich keine an Bord.",
        "Non vedo persone in questa immagine, solo un cane.",
        "Não vejo ninguém na foto, só uma mesa.",
        "На снимке я не вижу людей, только собаку.",
        "Невозможно определить, утро это или вечер: над рекой стоит густой туман.",
        "这张图片中我没有看到任何人，只有一辆车。",
        "저는 사람을 볼 수 없고 개만 보입니다.",
    ],
)
def test_what_is_not_in_the_picture_is_told(text: str) -> None:
    assert free_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "I don't see any image, only text.",
        "I see no image here, only your text.",
        "I can't see any way to identify this person, only the clothing.",
        "I don't see any people in this picture, just a blank frame. Please upload it again.",
        "No veo ninguna imagen, solo texto.",
        "Je ne vois pas d'image, seulement du texte.",
        "Ich sehe hier leider kein Bild, nur Ihre Nachricht.",
        "Non vedo immagini, solo testo.",
        "Não vejo nenhuma imagem, apenas texto.",
        "Я не вижу изображения, только текст.",
        "我没有看到图片，只有文字。",
        "이미지를 볼 수 없고 텍스트만 보입니다.",
        "**안내**\n\n업로드된 이미지가 없습니다.\n\n- 이미지를 첨부해 주세요",
    ],
)
def test_where_the_picture_itself_is_missing_nothing_is_told(text: str) -> None:
    with pytest.raises(RefusedAnswer):
        free_text(text)
