"""What pages share is worked out once, and never outlives what it follows from."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from web_pages import DANA, Visitor

from daemon.app import App
from daemon.glossary.decisions import Decision, Verb
from daemon.ledger import Ledger
from daemon.operations import plans
from daemon.store import Store
from daemon.web import viewing

pytest_plugins = ("web_fixtures",)

PAGES = ("/", "/?all=1", "/plan", "/clients", "/look-back")


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[App]]:
    """Count how often the outlook of an account is worked out."""
    done: list[App] = []

    def outlook(app: App, now: object) -> plans.Outlook:
        done.append(app)
        return plans.outlook(app, now)  # type: ignore[arg-type]  # passed on as it is

    with monkeypatch.context() as patched:
        patched.setattr(viewing, "outlook", outlook)
        yield done


def first_owed(dana: Visitor) -> tuple[str, str]:
    """Return the id and the key of something that stands on the page of today."""
    shown = dana.get("/").text
    runtime = dana.office.app.runtimes[DANA]
    owed = (o for a in runtime.ledger.assessments(dana.clock.now) for o in a.obligations)
    return next((o.id, o.key) for o in owed if f'data-item="{o.id}"' in shown)


def test_pages_of_the_same_minute_share_what_is_planned(dana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(monkeypatch) as done:
        for path in PAGES:
            assert dana.get(path).status_code == 200
        dana.clock.forward(seconds=20)
        dana.get("/plan")
    assert len(done) == 1


def test_a_new_minute_is_looked_at_anew(dana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(monkeypatch) as done:
        dana.get("/plan")
        dana.clock.forward(minutes=1)
        dana.get("/plan")
    assert len(done) == 2


def test_a_clock_that_is_put_back_is_followed(dana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    dana.clock.forward(seconds=30)
    with counted(monkeypatch) as done:
        dana.get("/plan")
        dana.clock.forward(seconds=-20)
        dana.get("/plan")
    assert len(done) == 2


def test_what_a_click_decides_shows_on_the_next_page_at_the_same_moment(dana: Visitor) -> None:
    target, _ = first_owed(dana)
    assert dana.post(f"/items/{target}", verb="done").status_code == 303
    assert f'data-item="{target}"' not in dana.get("/").text
    dana.post(f"/items/{target}", verb="undo")
    assert f'data-item="{target}"' in dana.get("/").text


def test_the_list_that_answers_a_click_shows_what_it_decided(dana: Visitor) -> None:
    target, _ = first_owed(dana)
    answer = dana.post(f"/items/{target}", headers={"HX-Request": "true"}, verb="done")
    assert f'data-item="{target}"' not in answer.text


def test_what_another_process_decides_shows_on_the_next_page(dana: Visitor) -> None:
    target, key = first_owed(dana)
    decide = (
        "import sys; from datetime import datetime; from pathlib import Path; from daemon.app import App\n"
        "from daemon.glossary.decisions import Decision, Verb\n"
        "config, account, key, at = sys.argv[1:]\n"
        "with App.open(Path(config), {}) as app:\n"
        "    app.store.add_decision(account, Decision(key, Verb.DONE, datetime.fromisoformat(at), account, None, None))\n"
    )
    arguments = (str(dana.config), DANA, key, dana.clock.now.isoformat())
    subprocess.run([sys.executable, "-c", decide, *arguments], check=True)
    assert f'data-item="{target}"' not in dana.get("/").text


def test_whatever_is_committed_ends_what_was_kept(dana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything at all: nobody has to think of the pages that follow from it."""
    with closing(Store.open(dana.config.parent / "state")) as other, counted(monkeypatch) as done:
        dana.get("/plan")
        other.set_meta("something", "of no page at all")
        dana.get("/plan")
        dana.get("/plan")
    assert len(done) == 2


def test_what_is_committed_while_a_page_is_worked_out_shows_on_the_next(dana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    target, key = first_owed(dana)
    dana.clock.forward(minutes=1)
    assessed, now = Ledger.assessments, dana.clock.now

    def then_decided(ledger: Ledger, at: object) -> object:
        found = assessed(ledger, at)  # type: ignore[arg-type]  # passed on as it is
        dana.office.app.store.add_decision(DANA, Decision(key, Verb.DONE, now, DANA, None, None))
        return found

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "assessments", then_decided)
        dana.get("/")
    assert f'data-item="{target}"' not in dana.get("/").text


def test_two_who_ask_at_once_have_it_worked_out_once(dana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [dana.app.test_client() for _ in range(4)]
    cookie = dana.client.get_cookie("kept")
    assert cookie is not None
    for other in others:
        other.set_cookie("kept", cookie.value)
    dana.get("/health")
    together = threading.Barrier(len(others))

    def ask(other: object) -> int:
        together.wait()
        return int(other.get("/plan").status_code)  # type: ignore[attr-defined]  # Flask's client

    with counted(monkeypatch) as done, ThreadPoolExecutor(len(others)) as pool:
        assert [*pool.map(ask, others)] == [200] * len(others)
    assert len(done) == 1


def test_a_page_is_written_while_the_account_is_lent_to_another(dana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    lent = threading.Event()

    def borrowed() -> None:
        with dana.office.at_work(DANA):
            lent.set()

    def render(*_: object, **__: object) -> str:
        thread = threading.Thread(target=borrowed)
        thread.start()
        thread.join(5)
        return "written"

    monkeypatch.setattr("daemon.web.pages.plan.render_template", render)
    assert dana.get("/plan").text == "written"
    assert lent.is_set()


def test_nothing_is_kept_of_accounts_that_were_put_away(dana: Visitor) -> None:
    dana.get("/")
    runtime = dana.office.app.runtimes[DANA]
    kept = dana.office.results(runtime)
    dana.office.app.runtimes.put_away(DANA)
    assert dana.office.results(dana.office.app.runtimes[DANA]) is not kept
