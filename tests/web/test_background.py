"""What the dashboard does beside its requests ends before its store is closed."""

from __future__ import annotations

import threading
from functools import partial

from web_pages import DANA, Place

from daemon.web.background import Background
from daemon.web.office import WebOffice

pytest_plugins = ("web_fixtures",)

PATIENCE = 10.0  # seconds


def test_an_office_closes_after_what_it_began(place: Place) -> None:
    read: list[tuple[int, int]] = []
    with WebOffice.open(place.config, {}) as office:

        def work() -> None:
            office.background.ending.wait(PATIENCE)
            read.append(office.app.store.fact_version(DANA))

        office.background.start("work", work)
    assert len(read) == 1


def test_what_does_not_end_is_left_to_itself_after_a_while() -> None:
    background, goes_on = Background(), threading.Event()
    background.start("work", partial(goes_on.wait, PATIENCE))
    background.end(0.01)
    assert not goes_on.is_set()
    goes_on.set()
