"""The clock."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from huiyin.kernel import clock

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


def test_a_frozen_clock_stands_still_and_goes_on_afterwards():
    with clock.frozen(NOON):
        assert clock.now() == clock.now() == NOON
        with clock.frozen(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_freezing_one_thread_leaves_the_others_alone():
    seen: list[datetime] = []
    with clock.frozen(NOON):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen != [NOON]


def test_the_local_date_is_that_of_the_installation(settings):
    settings.HUIYIN_ZONE = "Asia/Shanghai"
    assert clock.local_date(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
    settings.HUIYIN_ZONE = "UTC"
    assert clock.local_date(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 1)


def test_a_naive_moment_falls_on_no_day_and_freezes_nothing():
    naive = datetime(2026, 3, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        clock.local_date(naive)
    with pytest.raises(ValueError, match="aware"), clock.frozen(naive):
        pass
