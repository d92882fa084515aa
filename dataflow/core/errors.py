"""Everything this package raises on purpose. A message says what happened, to which sample or file, and what to do.

DataFlowError                   the root; printed as one line, never as a traceback
├── UsageError                  the call is wrong: an unknown key, a bad plan, a misspelt option
├── PrerequisiteError           something must be installed, exported or made first; the message is the cure
├── InputError                  a dataset cannot be read, or lacks a required column
├── OutputError                 a result cannot be written: no permission, no space, another run at work there
├── SampleError                 this sample cannot be done, the others can: it goes to the failures file
│   ├── MissingField            the sample lacks a field that an operator or its prompt needs
│   ├── MediaError              an image or a video is missing, broken or over a limit
│   ├── AnswerError             the model's text is not an answer; carries that text
│   │   ├── RefusedAnswer       the model declines, or says that it saw nothing
│   │   └── CutOffAnswer        the token limit ended the text before its end
│   └── RequestRefused          the endpoint refuses this request for good (400, context too long)
├── TransientError              asking again later can help (429, 5xx, reset connection, timeout, torn body)
└── StopRun                     the run ends early; the same command goes on from here
    ├── EndpointFatal           no request can succeed: 401, 403, unknown model, quota gone
    ├── AskedToWait             the endpoint asks to wait longer than a run should stand still
    ├── BudgetSpent             a cap on cost, tokens or requests is reached
    └── Interrupted             Ctrl-C
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from dataflow.core.terminal import visible

if TYPE_CHECKING:
    from dataflow.core.request import Usage


class DataFlowError(Exception):
    """The root of the tree. `exit_code` is what a command ends with when this reaches the top."""

    exit_code = 1

    usage: Usage | None = None
    """Tokens that an endpoint charged although this is all that came of it."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it, by IPython's protocol: a line, as everywhere."""
        return [f"{type(self).__name__}: {visible(str(self))}"]


class UsageError(DataFlowError):
    """The call itself is wrong; nothing was started."""

    exit_code = 2


class PrerequisiteError(DataFlowError):
    """Something has to be there first: an extra, an environment variable, a model. The message is the cure."""


class InputError(DataFlowError):
    """The dataset cannot be read, or has no row with a required column."""


class OutputError(DataFlowError):
    """A result cannot be written."""


class SampleError(DataFlowError):
    """One sample cannot be done. The run goes on; the sample and the message go to the failures file."""

    kind = "operator"


class MissingField(SampleError):
    """The sample lacks a field that an operator or its prompt needs."""

    kind = "input"


class MediaError(SampleError):
    """An image or a video of the sample is missing, broken, or over a limit."""

    kind = "media"


class AnswerError(SampleError):
    """The model answered, but the text is not what was asked for.

    Args:
        message: what is wrong with the answer.
        raw: the text as the model gave it, kept in the failures file.
    """

    kind = "answer"

    def __init__(self, message: str, raw: str | None = None) -> None:
        super().__init__(message)
        self.raw = raw


class RefusedAnswer(AnswerError):
    """The model declines to answer, or says that it was shown nothing."""

    kind = "refused"


class CutOffAnswer(AnswerError):
    """The token limit ended the answer before its end. The cure is a higher limit."""

    kind = "cut_off"


class RequestRefused(SampleError):
    """The endpoint will never answer this request."""

    kind = "request"


class ModeratedRequest(RequestRefused):
    """The endpoint's moderation refuses this request for what it asks or shows."""

    kind = "refused"


class TransientError(DataFlowError):
    """The endpoint could not answer now.

    Args:
        message: what happened, with the status when there was one.
        status: the HTTP status, or None when no complete response arrived.
        retry_after: seconds the endpoint asked to wait, or None.
        throttled: True when the endpoint said that it is asked too much (429, 503 with Retry-After).
        headers: of the reply, where there was one.
        tries: after how many such replies to one request it is given up, whatever patience is left: each of them is
            paid for. None leaves it to patience.
        unreached: nothing of it left this machine (no network, no such name), so it shows nothing of the endpoint.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        throttled: bool = False,
        headers: Mapping[str, str] | None = None,
        tries: int | None = None,
        unreached: bool = False,
    ) -> None:
        super().__init__(message)
        self.tries = tries
        self.unreached = unreached
        self.headers = headers or {}
        self.status = status
        self.retry_after = retry_after
        self.throttled = throttled


class StopRun(DataFlowError):
    """The run ends before its end. What was answered is kept, and the same command resumes."""

    exit_code = 4


class EndpointFatal(StopRun):
    """No request to this endpoint can succeed: the key, the model name or the account is at fault.

    Args:
        message: what it says.
        about: what such a reply is about once the endpoint has answered others: `account` (401, 402, quota; it may
            pass), `model` (404) or `request` (403, also of a filter in front of it; it may be about one request even
            before). Empty: it is final at any time.
    """

    def __init__(self, message: str, *, about: Literal["", "account", "model", "request"] = "") -> None:
        super().__init__(message)
        self.about = about


class AskedToWait(StopRun):
    """The endpoint asks to wait longer than a run should stand still; the message says until when."""


class BudgetSpent(StopRun):
    """A cap that the user set is reached.

    Args:
        message: which.
        counted: the cap counts requests, so those that wait for room are within it already and are still asked.
    """

    def __init__(self, message: str, *, counted: bool = False) -> None:
        super().__init__(message)
        self.counted = counted


class Interrupted(StopRun):
    """The user pressed Ctrl-C, or another signal came; what was in flight has been waited for.

    Args:
        message: what happened, and how to go on.
        exit_code: 128 and the signal's number.
    """

    exit_code = 130

    def __init__(self, message: str, exit_code: int = 130) -> None:
        super().__init__(message)
        self.exit_code = exit_code
