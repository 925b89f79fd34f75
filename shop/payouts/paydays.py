"""When the co-op pays: its pay days, and until when accepted work is in the next one."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shop import clock

ZONE = ZoneInfo("Asia/Shanghai")
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Schedule:
    """Pay days as the co-op set them. `weekday` 0 is Monday; of `every_weeks` weeks the first is `counted_from`'s.

    Without `cut_off_days` there is no cut-off: whatever is accepted when a batch is drafted is in it.
    """

    weekday: int = 4
    every_weeks: int = 1
    counted_from: date | None = None
    cut_off_days: int | None = None
    cut_off_hour: int = 0
    drafts_itself: bool = False

    def next_day(self, *, after: date | None = None) -> date:
        """The next pay day after `after`, or after today."""
        day = after or clock.today()
        day += timedelta(days=(self.weekday - day.weekday() - 1) % _WEEK + 1)
        while not self._counts(day):
            day += timedelta(days=_WEEK)
        return day

    def day_of(self, at: datetime, *, drafted: date | None = None) -> date:
        """The pay day, today or later, of what became somebody's own at `at`: its cut-off is not before that moment.

        The batch of `drafted` was made already, and takes nothing up any more.
        """
        day = self.next_day(after=max(at.astimezone(ZONE).date(), clock.today()) - timedelta(days=1))
        while (drafted is not None and day <= drafted) or self._closed(day, at):
            day = self.next_day(after=day)
        return day

    def _closed(self, day: date, at: datetime) -> bool:
        cut_off = self.cut_off(day)
        return cut_off is not None and at >= cut_off

    def day_to_draft(self) -> date:
        """The pay day that a batch drafted now is for: today where it is one, else the next."""
        return self.next_day(after=clock.today() - timedelta(days=1))

    def last_day(self, *, until: date) -> date:
        """The last pay day that is not after `until`."""
        day = until - timedelta(days=(until.weekday() - self.weekday) % _WEEK)
        while not self._counts(day):
            day -= timedelta(days=_WEEK)
        return day

    def cut_off(self, pay_on: date) -> datetime | None:
        """The moment before which work must be accepted to be paid on `pay_on`; None without a cut-off."""
        if self.cut_off_days is None:
            return None
        return datetime.combine(pay_on - timedelta(days=self.cut_off_days), time(self.cut_off_hour), tzinfo=ZONE)

    def _counts(self, day: date) -> bool:
        if self.counted_from is None or self.every_weeks <= 1:
            return True
        weeks = (_monday(day) - _monday(self.counted_from)).days // _WEEK
        return weeks % self.every_weeks == 0


def began(day: date) -> datetime:
    """The first moment of a day where the co-op is."""
    return datetime.combine(day, time(), tzinfo=ZONE)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
