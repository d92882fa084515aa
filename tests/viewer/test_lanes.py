"""What takes long is made aside, one after another, and what cost its process is not tried again."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import pytest

from dataflow.core.errors import MediaError
from dataflow.media.pool import Costly, TooSlow
from dataflow.viewer.lanes import FIRST, LAST, Lanes, StillDecoding, Try
from tests.media import bombs
from tests.viewer.pages import viewing, write_dataset

Make = Callable[[Try], Awaitable[bytes]]


def made_by(tries: list[Try], **ends: Exception) -> Make:
    """A picture whose tries are noted and end as told; the others with the picture."""

    async def make(how: Try) -> bytes:
        tries.append(how)
        wrong = ends.get("first" if how is FIRST else "last")
        if wrong:
            raise wrong
        return b"a picture"

    return make


async def asked(lanes: Lanes[bytes], make: Make, times: int) -> list[object]:
    """What comes of asking so often, whatever was begun having ended in between."""
    answers: list[object] = []
    for _ in range(times):
        try:
            answers.append(await lanes.get("key", make))
        except Exception as error:
            answers.append(type(error))
        await asyncio.sleep(0.01)
    return answers


def test_what_takes_long_comes_to_who_asks_again():
    tries: list[Try] = []
    found = asyncio.run(asked(Lanes(100, len), made_by(tries, first=TooSlow("slow")), 3))
    assert found == [StillDecoding, b"a picture", b"a picture"]
    assert tries == [FIRST, LAST]


@pytest.mark.parametrize(
    ("ends", "tried", "heard"),
    [
        ({"first": TooSlow("slow"), "last": TooSlow("slow")}, [FIRST, LAST], [StillDecoding, *[MediaError] * 4]),
        ({"first": Costly("crash")}, [FIRST], [Costly, *[MediaError] * 4]),
        ({"first": MediaError("broken")}, [FIRST] * 5, [MediaError] * 5),
    ],
    ids=["too slow for both", "crashed", "merely broken"],
)
def test_what_cost_its_process_is_not_tried_again(ends, tried, heard):
    tries: list[Try] = []
    assert asyncio.run(asked(Lanes(100, len), made_by(tries, **ends), 5)) == heard
    assert tries == tried


def still_film(path: Path, frames: int = 6_000) -> Path:
    """A large film in which nothing moves: one packet that says so, again and again."""
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("mpeg4", rate=25, options={"g": "600", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 3840, 2160, "yuv420p"
        whole, same = (next(iter(stream.encode(blank(at)))) for at in range(2))
        for at in range(frames):
            packet = av.Packet(bytes(same if at else whole))
            packet.stream, packet.time_base, packet.is_keyframe = stream, whole.time_base, at == 0
            packet.pts = packet.dts = at * same.pts
            out.mux(packet)
    return path


def blank(number: int) -> av.VideoFrame:
    frame = av.VideoFrame(3840, 2160, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes([128]) * plane.buffer_size)
    frame.pts = number
    return frame


def test_six_bombs_in_a_list_do_not_keep_a_good_thumbnail_waiting(tmp_path):
    """A browser has six connections: the bombs' end before they are decoded, or the good one is not asked for."""
    film = still_film(tmp_path / "film0.mp4").read_bytes()
    for number in range(1, 5):
        (tmp_path / f"film{number}.mp4").write_bytes(film)
    (tmp_path / "large.tif").write_bytes(bombs.KINDS["float.tif"](0, 0, 9_000))
    (tmp_path / "good.png").write_bytes(bombs.blank("PNG", 3000) + bytes(70_000))
    rows = [{"id": str(at), "video": [f"film{at}.mp4"]} for at in range(5)]
    rows += [{"id": "5", "image": ["large.tif"]}, {"id": "good", "image": ["good.png"]}]
    with viewing(write_dataset(tmp_path, rows)) as viewer, ThreadPoolExecutor(6) as browser:
        *hostile, good = browser.map(lambda at: viewer.get(f"thumb/1/rows/{at}"), range(7))
        assert good.status == 200, good.body
        assert [one.status for one in hostile] == [503] * 6
        assert all(one.headers["retry-after"] for one in hostile)
        again = [viewer.get(f"thumb/1/rows/{at}").status for at in range(6)]
    assert again.count(503) >= 4, "they are made one after another, and this one was asked for again at once"
