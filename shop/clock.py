"""The shop's time. `flask clock` moves it for all processes of a development installation, never in production."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_lock = threading.Lock()
_state: dict[str, object] = {"file": None, "read_at": 0.0, "shift": timedelta(0)}


def keep_in(file: Path | None) -> None:
    """Name the file that holds the demo's shift in seconds; None means that the clock cannot be moved."""
    with _lock:
        _state.update(file=file, read_at=0.0, shift=timedelta(0))


def shift() -> timedelta:
    """How far the demo's clock is ahead of the machine's; looked up in the file at most four times a second."""
    file = _state["file"]
    if file is None:
        found = _state["shift"]
        assert isinstance(found, timedelta)
        return found
    with _lock:
        if time.monotonic() - float(_state["read_at"]) > 0.25:  # type: ignore[arg-type]
            assert isinstance(file, Path)
            try:
                seconds = int(file.read_text() or 0)
            except (FileNotFoundError, ValueError):
                seconds = 0
            _state.update(read_at=time.monotonic(), shift=timedelta(seconds=seconds))
        found = _state["shift"]
        assert isinstance(found, timedelta)
        return found


def move(by: timedelta | None) -> timedelta:
    """Move the clock on for every process, or back to the machine's time with None. Gives the whole shift.

    Raises RuntimeError where the clock may not be moved, ValueError for a step back.
    """
    file = _state["file"]
    if file is None:
        raise RuntimeError("this installation's clock cannot be moved")
    assert isinstance(file, Path)
    if by is not None and by < timedelta(0):
        raise ValueError("the clock moves forward only; reset brings it back")
    whole = timedelta(0) if by is None else shift() + by
    fresh = file.with_suffix(".new")
    fresh.parent.mkdir(parents=True, exist_ok=True)
    fresh.write_text(str(int(whole.total_seconds())))
    fresh.replace(file)
    with _lock:
        _state.update(read_at=0.0)
    return whole


class _Frozen(threading.local):
    at: datetime | None = None


_frozen = _Frozen()


def stand_at(moment: datetime | None) -> None:
    """Let this thread's time stand still at `moment`, so that a script can live through past days; None lets go."""
    _frozen.at = moment


def now() -> datetime:
    """This moment in UTC, aware, on the shop's clock."""
    return _frozen.at or datetime.now(UTC) + shift()


def today(zone: str = "Asia/Shanghai") -> date:
    """The calendar day in the co-op's zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_of(moment: datetime, zone: str = "Asia/Shanghai") -> date:
    """The calendar day of a moment in the co-op's zone."""
    return moment.astimezone(ZoneInfo(zone)).date()
