"""When the co-op pays next."""

from datetime import date, timedelta

from shop import clock


def next_pay_day(weekday: int, *, after: date | None = None) -> date:
    """The next day of that weekday (0 is Monday) after `after`, or after today."""
    day = after or clock.today()
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def pay_day_to_draft(weekday: int) -> date:
    """The pay day that a batch drafted now is for: today where it is that weekday, else the next one."""
    return next_pay_day(weekday, after=clock.today() - timedelta(days=1))
