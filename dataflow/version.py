"""The one place where the version is written."""

__version__ = "0.1.0"

PROJECT_URL = "https://github.com/OpenDCAI/DataFlow-MM"

USER_AGENT = f"dataflow-mm/{__version__} (+{PROJECT_URL})"
"""Says who asks and where to complain. Some servers refuse the name of a library, as Wikimedia and Cloudflare do."""
