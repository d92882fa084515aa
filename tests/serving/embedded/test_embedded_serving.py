import asyncio
import pickle
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from dataflow.core import ImagePart, MediaError, Message, Request, TextPart, VideoPart
from dataflow.core.loop import run_blocking
from dataflow.serving.embedded import EmbeddedVLMServing
from tests.serving.embedded.drawing import draw_clip, write


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write(draw_clip(Random(3)), tmp_path_factory.mktemp("clips") / "clip.mp4"))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "red.png"
    Image.new("RGB", (40, 30), (200, 30, 30)).save(path)
    return path


def about(part: ImagePart | VideoPart, text: str = "Describe it.", **params: object) -> Request:
    return Request((Message("user", (part, TextPart(text))),), params)


def test_importing_it_imports_nothing_heavy() -> None:
    code = "import sys, dataflow.serving.embedded; print({'numpy', 'av', 'PIL', 'pydantic'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_it_says_that_it_is_no_model(picture: Path) -> None:
    serving = EmbeddedVLMServing()
    response = run_blocking(serving.answer(about(ImagePart(str(picture)))))
    assert serving.identity["model"] == response.model == "embedded"
    assert response.finish_reason == "stop"
    assert response.usage.input_tokens == 3
    assert response.usage.output_tokens == -(-len(response.text) // 4)
    assert response.media == ({"image": str(picture)},)


def test_the_same_video_gets_the_same_words_from_another_serving(clip: str) -> None:
    one, other = (EmbeddedVLMServing().generate_from_input(["Describe."], video_inputs=[clip]) for _ in range(2))
    assert one == other


def test_requests_at_once_and_later_ones_share_a_measurement(clip: str) -> None:
    serving = EmbeddedVLMServing()

    async def ask() -> set[str]:
        answers = await asyncio.gather(*(serving.answer(about(VideoPart(clip))) for _ in range(6)))
        answers.append(await serving.answer(about(VideoPart(clip))))
        return {answer.text for answer in answers}

    assert len(run_blocking(ask())) == 1
    assert serving._measurements is not None and serving._measurements.measured == 1


def test_a_file_that_changed_is_measured_again(picture: Path) -> None:
    serving = EmbeddedVLMServing()
    before = run_blocking(serving.answer(about(ImagePart(str(picture))))).text
    Image.new("RGB", (44, 30), (0, 0, 255)).save(picture)
    after = run_blocking(serving.answer(about(ImagePart(str(picture))))).text
    assert "mostly red" in before and "mostly blue" in after


def test_a_failure_is_not_remembered(tmp_path: Path) -> None:
    serving, path = EmbeddedVLMServing(), tmp_path / "late.png"
    with pytest.raises(MediaError, match=r"late\.png"):
        run_blocking(serving.answer(about(ImagePart(str(path)))))
    Image.new("RGB", (40, 30), "red").save(path)
    assert "mostly red" in run_blocking(serving.answer(about(ImagePart(str(path))))).text


def test_a_cancelled_request_does_not_cancel_the_measurement_of_others(clip: str) -> None:
    serving = EmbeddedVLMServing()

    async def ask() -> str:
        first = asyncio.ensure_future(serving.answer(about(VideoPart(clip))))
        second = asyncio.ensure_future(serving.answer(about(VideoPart(clip))))
        await asyncio.sleep(0.02)
        first.cancel()
        return (await second).text

    assert run_blocking(ask()).startswith("The video lasts")


def test_pictures_come_as_bytes_and_data_urls_too(picture: Path) -> None:
    from base64 import b64encode

    data = picture.read_bytes()
    url = f"data:image/png;base64,{b64encode(data).decode()}"
    serving = EmbeddedVLMServing()
    texts = {run_blocking(serving.answer(about(ImagePart(source)))).text for source in (str(picture), data, url)}
    assert len(texts) == 1


@pytest.mark.parametrize("content", [b"", b"this is no video at all", b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 64])
def test_what_is_no_video_is_an_error_that_names_the_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"broken\.mp4"):
        run_blocking(EmbeddedVLMServing().answer(about(VideoPart(str(path)))))


def test_a_text_named_jpg_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("dear diary")
    with pytest.raises(MediaError, match=r"notes\.jpg"):
        run_blocking(EmbeddedVLMServing().answer(about(ImagePart(str(path)))))


def test_a_token_limit_ends_the_text_with_a_sentence(clip: str) -> None:
    serving = EmbeddedVLMServing()
    whole = run_blocking(serving.answer(about(VideoPart(clip))))
    cut = run_blocking(serving.answer(about(VideoPart(clip), max_tokens=40)))
    assert cut.finish_reason == "length" and whole.finish_reason == "stop"
    assert cut.text.endswith(".") and whole.text.startswith(cut.text)
    assert cut.usage.output_tokens <= 40


def test_it_pickles_after_use(picture: Path) -> None:
    serving = EmbeddedVLMServing(max_workers=3)
    text = run_blocking(serving.answer(about(ImagePart(str(picture))))).text
    copy = pickle.loads(pickle.dumps(serving))  # noqa: S301 - our own object
    assert copy.max_workers == 3
    assert run_blocking(copy.answer(about(ImagePart(str(picture))))).text == text
