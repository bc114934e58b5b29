"""Health: whether Kept runs, how far each source was read, what waits to go out, what failed, and what nobody knows the fate of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from daemon.delivery.unsettled import named, unsettled
from daemon.errors import CannotDo
from daemon.glossary.actions import Channel, Delivery, Parcel, Unsettled
from daemon.glossary.assessments import Coverage
from daemon.glossary.decisions import Verb
from daemon.operations.decisions import decide
from daemon.service import health as service_health
from daemon.web.texts import gettext as _
from daemon.web.viewing import Viewing, viewing, web_office

blueprint = Blueprint("health", __name__, url_prefix="/health")

_QUEUED = (Delivery.WAITING, Delivery.SENDING, Delivery.UNKNOWN, Delivery.REFUSED)
_MOST_FAILURES = 20


@dataclass(frozen=True, slots=True)
class Health:
    """How Kept is doing for one account. `waiting` is what waits to go out, in words; `worked` is when every account's turn last succeeded; None if that is not known."""

    running: bool
    late: bool
    worked: datetime | None
    sources: tuple[Coverage, ...]
    waiting: tuple[str, ...]
    sending: int
    unsettled: tuple[Unsettled, ...]
    failures: tuple[str, ...]


@blueprint.get("")
def show() -> str:
    """Show the page."""
    with viewing() as view:
        return render_template("health.html", health=state(view), is_sample=web_office().is_as_of_another_day)


@blueprint.post("/<target>/arrived")
def arrived(target: str) -> Response:
    """Take the user's word that what nobody knew the fate of arrived."""
    return _settle(target, Verb.DONE)


@blueprint.post("/<target>/again")
def again(target: str) -> Response:
    """Have what may not have been sent sent again."""
    return _settle(target, Verb.RESEND)


def _settle(target: str, verb: Verb) -> Response:
    """Store what the user says of one send or booking of unknown fate. Raises CannotDo where it is settled already."""
    with viewing() as view:
        if not any(target == one.id for one in unsettled(view.app.store, view.account.address, view.zone, view.now)):
            raise CannotDo(_("That is settled already: there is nothing left to say about it."))
        decide(view.app, verb, target, view.now)
    return redirect(url_for("health.show"), 303)


def state(view: Viewing) -> Health:
    """Return how Kept is doing, for the account that looks. Raises StoreError."""
    store, address = view.app.store, view.account.address
    written = service_health.read_status(view.app.folder) or {}
    parcels = store.parcels(address, *_QUEUED)
    refused = [p for p in parcels if p.delivery is Delivery.REFUSED][-_MOST_FAILURES:]
    return Health(
        running=service_health.is_running(written.get("pid")),
        late=bool(written) and service_health.is_late(written, view.now),
        worked=_worked(written),
        sources=view.runtime.coverage(),
        waiting=tuple(_capitalized(named(p, view.zone)) for p in parcels if p.delivery is Delivery.WAITING and _speaks(p)),
        sending=sum(p.delivery is Delivery.SENDING for p in parcels),
        unsettled=unsettled(store, address, view.zone, view.now),
        failures=tuple(f"{named(p, view.zone)}: {p.error or ''}".rstrip(": ") for p in reversed(refused)),
    )


def _speaks(parcel: Parcel) -> bool:
    """Whether it says anything to anybody: the removal of a draft does not."""
    return parcel.channel is not Channel.REMOVAL


def _capitalized(name: str) -> str:
    return name[:1].upper() + name[1:]


def _worked(written: Mapping[str, Any]) -> datetime | None:
    at = written.get("last_success") or (None if written.get("last_failure") else written.get("last_turn"))
    return datetime.fromisoformat(at) if isinstance(at, str) else None
