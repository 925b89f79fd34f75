"""Letters and SMS as files: written whole or not at all, named so that a second writing replaces the first."""

import os
import re
from pathlib import Path

from shop.ids import digest


def file_name(key: str, ending: str) -> str:
    """A name that tells the key to a reader and is no other key's."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", key).strip("-.")[:100]
    return f"{readable}-{digest(key)[:10]}{ending}"


def put(file: Path, content: bytes) -> None:
    """The file with this content, never half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(file)
