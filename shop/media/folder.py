"""Where an app keeps its pictures."""

from pathlib import Path

from flask import current_app

from config import Settings


def media_folder() -> Path:
    """The folder that this app's settings name."""
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    return settings.media_path
