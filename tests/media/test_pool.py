"""A job that crashes, hangs or bloats its process costs that job and nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from dataflow.core.errors import MediaError, UsageError
from dataflow.core.loop import run_blocking
from dataflow.media.plan import parse_plan
from dataflow.media.pool import WORKERS, TooSlow, run_isolated
from tests.media import pool_jobs as jobs

REPOSITORY = Path(__file__).parents[2]


def test_values_come_back_as_they_went():
    value = [None, True, 3, 2.5, "é", b"\x00\xff", {"a": [b"x" * 100_000, "y"]}]
    assert run_blocking(run_isolated(jobs.echo, value)) == value


def test_arrays_come_back_with_shape_and_type():
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    back = run_blocking(run_isolated(jobs.echo, array))
    assert back.dtype == np.uint8
    assert (back == array).all()


def test_a_process_is_kept_for_the_next_job():
    assert run_blocking(run_isolated(jobs.process_id)) == run_blocking(run_isolated(jobs.process_id))


def test_jobs_run_in_as_many_processes_as_there_are_workers():
    async def several() -> list[int]:
        await asyncio.gather(*(run_isolated(jobs.sleep, 0.3) for _ in range(WORKERS)))
        return await asyncio.gather(*(run_isolated(jobs.process_id) for _ in range(4 * WORKERS)))

    assert 1 <= len(set(run_blocking(several()))) <= WORKERS


def test_two_jobs_run_at_the_same_time(tmp_path):
    async def both() -> list[bool]:
        one, other = str(tmp_path / "one"), str(tmp_path / "other")
        return await asyncio.gather(run_isolated(jobs.meet, one, other), run_isolated(jobs.meet, other, one))

    assert WORKERS == 1 or run_blocking(both()) == [True, True]


def test_a_crash_fails_its_own_job_and_the_next_one_finds_a_new_process():
    with pytest.raises(MediaError, match=r"^bad\.mp4: the decoder process was ended by SIGSEGV"):
        run_blocking(run_isolated(jobs.crash, subject="bad.mp4"))
    assert run_blocking(run_isolated(jobs.echo, 1)) == 1


def test_a_crash_beside_other_jobs_leaves_them_alone():
    async def together() -> list[object]:
        work = [run_isolated(jobs.echo, number) for number in range(6)]
        return await asyncio.gather(run_isolated(jobs.crash, subject="bad.mp4"), *work, return_exceptions=True)

    crashed, *others = run_blocking(together())
    assert isinstance(crashed, MediaError)
    assert others == list(range(6))


def test_a_process_killed_from_outside_does_not_cost_the_job(tmp_path):
    marker = tmp_path / "pid"

    async def kill_in_the_middle() -> str:
        job = asyncio.ensure_future(run_isolated(jobs.sleep_once, str(marker), 60.0))
        while not (marker.exists() and marker.read_text()):
            await asyncio.sleep(0.01)
        os.kill(int(marker.read_text()), signal.SIGKILL)
        return await job

    assert run_blocking(kill_in_the_middle()) == "second try"


def test_a_job_that_hangs_is_given_up_and_its_process_ended():
    start = time.monotonic()
    with pytest.raises(MediaError, match=r"^slow\.mp4: given up after 0\.3 s"):
        run_blocking(run_isolated(jobs.sleep, 600.0, timeout=0.3, subject="slow.mp4"))
    assert time.monotonic() - start < 300  # of the 600 that it would take
    assert run_blocking(run_isolated(jobs.echo, 1)) == 1


def test_a_job_that_outgrows_its_memory_is_refused_it_and_its_process_replaced():
    before = run_blocking(run_isolated(jobs.process_id))
    with pytest.raises(MediaError, match=r"^big\.mp4: decoding it takes more than 300 MB"):
        run_blocking(run_isolated(jobs.eat, 1000, memory_mb=300, subject="big.mp4"))
    assert run_blocking(run_isolated(jobs.process_id)) != before


def test_an_error_of_ours_keeps_its_kind_and_another_becomes_the_samples():
    with pytest.raises(UsageError, match="no sampling plan"):
        run_blocking(run_isolated(parse_plan, "nonsense"))
    with pytest.raises(MediaError, match=r"a\.mp4: ZeroDivisionError"):
        run_blocking(run_isolated(divmod_by_zero, 1, subject="a.mp4"))


def divmod_by_zero(number: int) -> object:
    return number // 0


def test_an_answer_larger_than_it_may_be_is_not_read():
    with pytest.raises(MediaError, match=r"a\.png: the decoder process answered nonsense"):
        run_blocking(run_isolated(jobs.echo, bytes(300_000), subject="a.png", answer_bytes=100_000))
    assert run_blocking(run_isolated(jobs.echo, bytes(300_000), answer_bytes=300_000)) == bytes(300_000)


def test_what_libraries_print_does_not_get_between_the_answers():
    assert run_blocking(run_isolated(jobs.chatter)) == "done"


def test_a_value_that_is_not_plain_is_refused_before_it_is_sent():
    with pytest.raises(TypeError, match="set cannot be sent"):
        run_blocking(run_isolated(jobs.echo, {1, 2}))


def test_a_cancelled_job_frees_its_place():
    async def cancel_all() -> int:
        hanging = [asyncio.ensure_future(run_isolated(jobs.sleep, 600.0)) for _ in range(WORKERS)]
        await asyncio.sleep(0.3)
        for job in hanging:
            job.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        return await run_isolated(jobs.echo, 7)

    assert run_blocking(cancel_all()) == 7


SCRIPT = """
from dataflow.core.loop import run_blocking
from dataflow.media.pool import run_isolated
import posixpath
print(run_blocking(run_isolated(posixpath.join, "a", "b")))
"""


@pytest.mark.parametrize("how", ["command", "standard input", "script"])
def test_a_script_without_a_main_guard_beside_a_folder_named_dataflow(tmp_path, how):
    """The workspace that the tutorials lay down has such a folder."""
    (tmp_path / "dataflow" / "media").mkdir(parents=True)
    (tmp_path / "dataflow" / "example.txt").write_text("sample data")
    (tmp_path / "script.py").write_text(SCRIPT)
    command = {"command": ["-c", SCRIPT], "standard input": ["-"], "script": ["script.py"]}[how]
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, input=SCRIPT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.stdout.strip() == "a/b", done.stderr


@pytest.mark.parametrize("job", ["time.sleep, 600.0", "keep_the_interpreter"])
def test_processes_end_with_their_parent_even_when_it_is_killed_in_the_middle_of_a_job(job):
    script = "from tests.media.pool_jobs import keep_the_interpreter\n"
    script += SCRIPT + "import time\nfrom dataflow.core.loop import submit\nimport os\n"
    script += f"pid = run_blocking(run_isolated(os.getpid))\nsubmit(run_isolated({job}))\n"
    script += "time.sleep(0.5)\nprint(pid, flush=True)\ntime.sleep(600)\n"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip() == "a/b"
        worker = int(parent.stdout.readline())
        assert alive(worker)
        parent.kill()
    deadline = time.monotonic() + 200
    while alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(worker)


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_process_starts_with_little():
    """Starting is what the first video of a run waits for: no pandas, no pydantic, no Pillow."""
    loaded = run_blocking(run_isolated(loaded_modules))
    assert not {"pandas", "pydantic", "PIL", "pyarrow", "aiohttp"} & set(loaded)


def loaded_modules() -> list[str]:
    return sorted(name for name in sys.modules if "." not in name)


def test_a_job_ends_with_its_computing_time_and_the_next_one_has_its_own():
    async def both() -> list[int]:
        first = await run_isolated(jobs.process_id)
        with pytest.raises(TooSlow, match=r"x.png: given up after 0.2 s"):
            await run_isolated(jobs.compute, 600.0, cpu_seconds=0.2, subject="x.png")
        second = await run_isolated(jobs.compute, 0.1, cpu_seconds=60.0)
        third = await run_isolated(jobs.compute, 0.1)
        return [first, second, third]

    first, second, third = asyncio.run(both())
    assert first != second == third
