"""When reviewers work: Monday to Friday, 09:00 to 18:00 in Beijing. Pure.

Public holidays are not known here, nor the weekends that are worked instead; so a wait over a
holiday looks longer than it was.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Beijing")
"""China has one time zone and no summer time."""
OPENS, CLOSES = time(9), time(18)
_MONDAY = date(1970, 1, 5)
_WEEK, _WORKDAYS, _HOURS = 7, 5, 9.0


def reviewers_day(at: datetime) -> date:
    """Which day it is where the reviewers are."""
    return at.astimezone(BEIJING).date()


def waited(since: datetime, until: datetime) -> float:
    """Working hours between two moments; 0 where the second is not the later one."""
    return max(_worked(until) - _worked(since), 0.0)


def is_open(at: datetime) -> bool:
    """Whether somebody is at work."""
    local = at.astimezone(BEIJING)
    return local.weekday() < _WORKDAYS and OPENS <= local.time() < CLOSES


def next_opening(after: datetime) -> datetime:
    """When they come to work next, in Beijing's time; later than `after`."""
    local = after.astimezone(BEIJING)
    opening = datetime.combine(local.date(), OPENS, BEIJING)
    while opening.weekday() >= _WORKDAYS or opening <= local:
        opening += timedelta(days=1)
    return opening


def _worked(at: datetime) -> float:
    """Hours that were worked from a Monday long ago until then."""
    local = at.astimezone(BEIJING)
    weeks, weekday = divmod((local.date() - _MONDAY).days, _WEEK)
    whole = _HOURS * (weeks * _WORKDAYS + min(weekday, _WORKDAYS))
    if weekday >= _WORKDAYS:
        return whole
    begun = (local - datetime.combine(local.date(), OPENS, BEIJING)).total_seconds() / 3600
    return whole + min(max(begun, 0.0), _HOURS)
