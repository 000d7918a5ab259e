"""Windows in the organization's time zone: over midnight, joined, and none at all."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.inventory import schedule
from ipv6check.model.inventory import Source, System, Window
from ipv6check.model.text import Text

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
ALL = (0, 1, 2, 3, 4, 5, 6)
WEEKDAYS = (0, 1, 2, 3, 4)


def system(*windows: Window) -> System:
    return System(id="a", name=Text.same("a"), windows=windows, source=Source("i.yaml", 1))


def window(days: tuple[int, ...], begin: str, end: str, zone: str = "Asia/Ho_Chi_Minh") -> Window:
    return Window(days=days, begin=time.fromisoformat(begin), end=time.fromisoformat(end), timezone=zone)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


NIGHT = system(window(WEEKDAYS, "22:00", "05:00"))  # 2026-11-23 is a Monday


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-11-23T21:59:59", False),
        ("2026-11-23T22:00:00", True),
        ("2026-11-24T04:59:59", True),
        ("2026-11-24T05:00:00", False),
        ("2026-11-27T23:00:00", True),  # Friday night …
        ("2026-11-28T04:00:00", True),  # … lasts into Saturday
        ("2026-11-28T23:00:00", False),  # Saturday night is none
        ("2026-11-23T04:00:00", False),  # Monday morning belongs to Sunday night
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(moment: str, inside: bool) -> None:
    assert schedule.in_window(NIGHT, local(moment)) is inside


def test_the_time_zone_is_the_windows_and_not_the_moments() -> None:
    assert schedule.in_window(NIGHT, datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    assert not schedule.in_window(NIGHT, datetime(2026, 11, 23, 22, 30, tzinfo=UTC))


def test_a_window_closes_at_its_end_in_utc() -> None:
    assert schedule.closes(NIGHT, local("2026-11-23T23:00:00")) == datetime(2026, 11, 23, 22, 0, tzinfo=UTC)


def test_a_window_until_midnight_ends_there() -> None:
    evening = system(window(ALL, "20:00", "00:00"))
    assert schedule.closes(evening, local("2026-11-23T21:00:00")) == local("2026-11-24T00:00:00")
    assert not schedule.in_window(evening, local("2026-11-24T00:00:00"))


def test_windows_that_join_close_together() -> None:
    joined = system(window(ALL, "20:00", "00:00"), window(ALL, "00:00", "03:00"))
    assert schedule.closes(joined, local("2026-11-23T21:00:00")) == local("2026-11-24T03:00:00")


def test_windows_that_cover_the_week_never_close() -> None:
    always = system(window(ALL, "00:00", "12:00"), window(ALL, "12:00", "00:00"))
    assert schedule.closes(always, local("2026-11-23T21:00:00")) is None


def test_without_windows_a_system_may_always_be_contacted() -> None:
    assert schedule.in_window(system(), local("2026-11-23T21:00:00"))
    assert schedule.closes(system(), local("2026-11-23T21:00:00")) is None


def test_outside_its_windows_a_system_closed_already() -> None:
    noon = local("2026-11-23T12:00:00")
    assert schedule.closes(NIGHT, noon) == noon


def test_vietnams_time_needs_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    import zoneinfo

    def absent(name: str) -> ZoneInfo:
        raise zoneinfo.ZoneInfoNotFoundError(name)

    schedule.zone.cache_clear()
    monkeypatch.setattr(schedule, "ZoneInfo", absent)
    try:
        assert schedule.zone("Asia/Ho_Chi_Minh").utcoffset(datetime(2026, 1, 1)) == timedelta(hours=7)
        with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
            schedule.zone("Asia/Bangkok")
    finally:
        schedule.zone.cache_clear()


def test_summer_time_shortens_the_night_and_not_the_window() -> None:
    berlin = system(window(ALL, "01:00", "04:00", "Europe/Berlin"))
    begin = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert schedule.closes(berlin, begin) == datetime(2026, 3, 29, 2, 0, tzinfo=UTC)


TIMES = st.integers(0, 47).map(lambda n: time(n // 2, n % 2 * 30))
WINDOWS = st.lists(
    st.builds(
        lambda days, begin, end: Window(days=tuple(days), begin=begin, end=end),
        st.lists(st.sampled_from(ALL), min_size=1, unique=True),
        TIMES,
        TIMES,
    ).filter(lambda w: w.begin != w.end),
    min_size=1,
    max_size=3,
)
MOMENTS = st.integers(0, 7 * 96).map(lambda n: datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=15 * n))


@given(WINDOWS, MOMENTS)
def test_a_system_is_open_until_it_closes_and_not_after(windows: list[Window], moment: datetime) -> None:
    one = system(*windows)
    closing = schedule.closes(one, moment)
    if not schedule.in_window(one, moment):
        assert closing == moment
        return
    steps = range(0, 7 * 96)
    times = [moment + timedelta(minutes=15 * n) for n in steps]
    shut = [t for t in times if not schedule.in_window(one, t)]
    if closing is None:
        assert not shut
    else:
        assert shut[:1] == [t for t in times if t >= closing][:1]
