"""Fixtures for all tests, and which are left out where what they need is not installed."""

import os
import signal
from importlib.util import find_spec

from hypothesis import HealthCheck, settings

from tests.browser.chromium import why_there_is_none
from tests.servers import model_server, model_servers

__all__ = ["model_server", "model_servers"]

# Each in an environment of its own kind, which its `make` target sets up and which then must not be left out.
LEFT_OUT = {}
if not find_spec("vllm"):
    LEFT_OUT["local"] = "it needs vLLM and runs with `make test-local`"
if not os.environ.get("LLAMA_SERVER_PYTHON"):
    LEFT_OUT["llama"] = "it needs llama.cpp's server and runs with `make test-local`"
if "DATAFLOW_BROWSER_TESTS" not in os.environ and (reason := why_there_is_none()):
    LEFT_OUT["browser"] = f"{reason}; it runs with `make test-browser`"

# What a shell starts in the background ignores these, and so would all commands that the tests start and interrupt.
for number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

# A machine that is busy with something else draws and runs slowly, which is no fault of what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

collect_ignore = list(LEFT_OUT)


def pytest_terminal_summary(terminalreporter):
    for folder, reason in LEFT_OUT.items():
        terminalreporter.write_line(f"tests/{folder} is left out: {reason}")
