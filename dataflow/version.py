"""The one place where the version is written."""

__version__ = "0.1.0"

PROJECT_URL = "https://github.com/OpenDCAI/DataFlow-MM"
