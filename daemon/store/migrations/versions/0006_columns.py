"""What a parcel is, what was said, what was announced and what was decided, in columns instead of keys that have to be taken apart.

This is the one place that takes a key apart, for rows of before. The keys themselves stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

from daemon.glossary.obligations import short_id
from daemon.store.schema import Moment

revision = "0006"
down_revision = "0005"

# The first word of a key -> the kind; whether a client's name or an obligation's key follows; whether a day ends it.
_KINDS = {
    "digest": ("digest", None, True),
    "reminder": ("remind", None, False),
    "draft": ("draft", "obligation", False),
    "review": ("review", "client", True),
    "recovery": ("recovery", "client", True),
    "escalation": ("escalate", None, False),
    "touch_base": ("touch_base", None, True),
    "handover": ("hand_over", "client", False),
    "cover": ("cover", None, True),
    "report": ("report", "client", True),
    "charter": ("charter", "client", True),
}
_MAIL = ":mail"  # ended the key of the mail that goes with a booking
_MENTION = re.compile(r"remind:(?P<obligation>.+):(?P<stage>due_soon|overdue):(?P<asks>\d+)(?::(?P<snooze>\d{12}))?", re.DOTALL)
_MESSAGE_ID = re.compile(r"<[^<>]*>")


class _Key(NamedTuple):
    """What a parcel's key says."""

    kind: str
    client: str | None
    obligation: str | None
    period: date | None


def upgrade() -> None:
    """Keep every row's meaning: no parcel is sent again, nothing that was said is said again, each decision holds."""
    _make_tables()
    db = op.get_bind()
    _parcels(db)
    _said(db)
    _decisions(db)
    _accounts(db)
    op.drop_table("said")
    op.drop_table("standings")
    with op.batch_alter_table("parcels") as table:
        table.alter_column("kind", existing_type=sa.Text, nullable=False)
        table.drop_column("keys")
        table.drop_index("parcels_by_delivery")
    op.create_index("parcels_by_delivery", "parcels", ["account", "delivery", "not_before"])
    op.create_index("parcels_by_kind", "parcels", ["account", "kind", "period"])
    op.create_index("parcels_by_obligation", "parcels", ["account", "obligation"])
    with op.batch_alter_table("decisions") as table:
        table.alter_column("target_id", existing_type=sa.Text, nullable=False)
        table.alter_column("account", existing_type=sa.Text, nullable=False)
    op.create_index("decisions_by_account", "decisions", ["account", "at"])


def _make_tables() -> None:
    for name in ("kind", "client", "obligation", "stage", "addressee", "booking", "invited_by"):
        op.add_column("parcels", sa.Column(name, sa.Text))
    op.add_column("parcels", sa.Column("period", sa.Date))
    with op.batch_alter_table("decisions") as table:
        table.alter_column("target", existing_type=sa.Text, nullable=True)
        table.add_column(sa.Column("account", sa.Text))
        table.add_column(sa.Column("target_id", sa.Text))
    op.create_table(
        "mentions",
        sa.Column("parcel", sa.Text, primary_key=True),
        sa.Column("obligation", sa.Text, primary_key=True),
        sa.Column("stage", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("client", sa.Text),
        sa.Column("asks", sa.Integer, nullable=False),
        sa.Column("snoozed_until", sa.BigInteger),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("mentions_by_obligation", "mentions", ["account", "obligation"])
    op.create_table(
        "announcements",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("action", sa.Text, primary_key=True),
        sa.Column("action_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("client", sa.Text),
        sa.Column("period", sa.Date),
        sa.Column("start", sa.BigInteger),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("announcements_by_action", "announcements", ["account", "action_id"])
    op.create_table(
        "notices",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("notice", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "accounts",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("people", sa.Text),
        sa.Column("expired", sa.Date),
    )
    op.create_table(
        "open_obligations",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("client", sa.Text, primary_key=True),
        sa.Column("facts", sa.Integer, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("as_of", sa.BigInteger, nullable=False),
        sa.Column("good_until", sa.BigInteger, nullable=False),
        sa.Column("obligations", sa.Text, nullable=False),
    )


def _taken_apart(key: str) -> _Key:
    head, _, rest = key.partition(":")
    kind, what, dated = _KINDS.get(head, (head, None, False))
    name, _, last = rest.rpartition(":") if dated else (rest, "", "")
    try:
        period = date.fromisoformat(last) if dated else None
    except ValueError:  # a review without a due time
        period = None
    return _Key(kind, name if what == "client" else None, name if what == "obligation" else None, period)


def _parcels(db: sa.Connection) -> None:
    for row in list(db.execute(sa.text("SELECT key, channel, body FROM parcels"))):
        booking = row.key.removesuffix(_MAIL) if row.key.endswith(_MAIL) else None
        found = _taken_apart(booking or row.key)
        values = {
            "key": row.key,
            "kind": "invitation" if booking else found.kind,
            "client": found.client or (_client_of(db, found.obligation) if found.obligation else None),
            "obligation": found.obligation,
            "period": found.period,
            "addressee": _addressee(row.body, found.kind),
            "booking": booking,
        }
        db.execute(
            sa.text(
                "UPDATE parcels SET kind = :kind, client = :client, obligation = :obligation, period = :period,"
                " addressee = :addressee, booking = :booking WHERE key = :key"
            ).bindparams(sa.bindparam("period", type_=sa.Date)),
            values,
        )
    # Who was mailed an invitation was told by that mail; whom the calendar's server told is asked at the next turn, as before.
    db.execute(
        sa.text("UPDATE parcels SET invited_by = 'mail' WHERE key IN (SELECT booking FROM parcels WHERE booking IS NOT NULL)")
    )


def _addressee(body: str, kind: str) -> str | None:
    """To whom a letter goes that still has its words, where that is not the user; of a meeting its first guest."""
    try:
        document = json.loads(body) if body else {}
    except ValueError:
        return None
    people = document.get("attendees") or (document.get("to") if kind in ("draft", "escalate", "touch_base", "cover") else None)
    first = str(people[0][0]) if people else None
    return None if first == (document.get("sender") or [None])[0] else first


def _client_of(db: sa.Connection, obligation: str) -> str | None:
    """Whose obligation it is, by the message that it came from."""
    for message_id in _MESSAGE_ID.findall(obligation):
        row = db.execute(
            sa.text("SELECT client FROM messages WHERE message_id = :id AND client IS NOT NULL"), {"id": message_id}
        ).first()
        if row is not None:
            return str(row.client)
    return None


def _said(db: sa.Connection) -> None:
    sayers = _sayers(db)
    for row in list(db.execute(sa.text("SELECT key, at FROM said"))):
        if mention := _MENTION.fullmatch(row.key):
            snooze = _snooze(mention["snooze"])
            _mention(db, row, mention["obligation"], (mention["stage"], int(mention["asks"]), snooze), sayers)
        elif row.key.startswith("escalate:"):
            _mention(db, row, row.key.removeprefix("escalate:"), ("escalated", 0, None), sayers)
        elif row.key.startswith("announce:"):
            _announce(db, row, sayers)


def _sayers(db: sa.Connection) -> dict[int, list[tuple[str, str, str]]]:
    """Moment -> the mails that were queued then, each with its key, kind and account: what was said at that moment stood in one."""
    found: dict[int, list[tuple[str, str, str]]] = {}
    said_by = "('digest', 'remind', 'escalate')"
    for row in db.execute(sa.text(f"SELECT key, kind, account, created FROM parcels WHERE kind IN {said_by}")):  # noqa: S608  # a constant
        found.setdefault(row.created, []).append((row.key, row.kind, row.account))
    return found


def _snooze(minute: str | None) -> int | None:
    """The end of a snooze, which stood in the key to the minute, in UTC."""
    if minute is None:
        return None
    at = datetime.strptime(f"{minute}+0000", "%Y%m%d%H%M%z")
    bound: int | None = Moment().process_bind_param(at, None)
    return bound


def _mention(
    db: sa.Connection, row: Any, obligation: str, what: tuple[str, int, int | None], sayers: dict[int, list[tuple[str, str, str]]]
) -> None:
    """The account ends an obligation's key. Which mail said it is known by its moment; else the mention stands by itself."""
    account = obligation.rpartition(":")[2]
    stage, asks, snoozed_until = what
    kinds = ("escalate",) if stage == "escalated" else ("remind", "digest")
    mails = [key for key, kind, whose in sayers.get(row.at, ()) if kind in kinds and whose == account]
    values = {
        "parcel": mails[0] if len(mails) == 1 else row.key,
        "obligation": obligation,
        "stage": stage,
        "account": account,
        "client": _client_of(db, obligation),
        "asks": asks,
        "snoozed_until": snoozed_until,
        "at": row.at,
    }
    taken = db.execute(
        sa.text("SELECT 1 FROM mentions WHERE parcel = :parcel AND obligation = :obligation AND stage = :stage"), values
    ).first()
    if taken:  # the same thing at the same stage, after a further ask: both stay
        values["parcel"] = row.key
    db.execute(
        sa.text(
            "INSERT INTO mentions (parcel, obligation, stage, account, client, asks, snoozed_until, at)"
            " VALUES (:parcel, :obligation, :stage, :account, :client, :asks, :snoozed_until, :at)"
        ),
        values,
    )


def _announce(db: sa.Connection, row: Any, sayers: dict[int, list[tuple[str, str, str]]]) -> None:
    """Of several accounts' digests of one moment each may have told of it; only that of the account that acts is ever asked."""
    action, _, start = row.key.removeprefix("announce:").rpartition("@")
    found = _taken_apart(action)
    begins = Moment().process_bind_param(datetime.fromisoformat(start), None) if start else None
    for key, kind, account in sayers.get(row.at, ()):
        if kind == "digest":
            values = {
                "digest": key,
                "action": action,
                "action_id": short_id(action),
                "account": account,
                "kind": found.kind,
                "client": found.client,
                "period": found.period,
                "start": begins,
                "at": row.at,
            }
            db.execute(sa.text("DELETE FROM announcements WHERE digest = :digest AND action = :action"), values)
            db.execute(
                sa.text(
                    "INSERT INTO announcements (digest, action, action_id, account, kind, client, period, start, at)"
                    " VALUES (:digest, :action, :action_id, :account, :kind, :client, :period, :start, :at)"
                ).bindparams(sa.bindparam("period", type_=sa.Date)),
                values,
            )


def _decisions(db: sa.Connection) -> None:
    """Short ids become keys where the key is known; the others wait until what they are about is seen again."""
    keys = {short_id(key): key for key in _known_keys(db)}
    for row in list(db.execute(sa.text('SELECT number, target, "by" FROM decisions'))):
        whole = ":" in row.target
        target = row.target if whole else keys.get(row.target)
        last = (target or "").rpartition(":")[2]
        values = {
            "number": row.number,
            "account": last if "@" in last and ">" not in last else row.by,
            "target": target,
            "target_id": short_id(row.target) if whole else row.target,
        }
        db.execute(
            sa.text("UPDATE decisions SET account = :account, target = :target, target_id = :target_id WHERE number = :number"),
            values,
        )
    _rules(db)


def _rules(db: sa.Connection) -> None:
    """A rule that was taken held for everybody: it is each account's from whose corrections it follows."""
    rules = list(db.execute(sa.text("SELECT * FROM decisions WHERE scope = 'wording'")))
    for rule in rules:
        owners = db.execute(
            sa.text(
                "SELECT DISTINCT account FROM decisions WHERE client = :client AND wording = :wording AND scope <> 'wording'"
                " ORDER BY account"
            ),
            {"client": rule.client, "wording": rule.wording},
        )
        first, *others = [row.account for row in owners] or [rule.account]
        db.execute(sa.text("UPDATE decisions SET account = :a WHERE number = :n"), {"a": first, "n": rule.number})
        for account in others:
            row = {**rule._asdict(), "account": account, "token": None}
            del row["number"]
            names = ", ".join(f'"{name}"' for name in row)
            values = ", ".join(f":{name}" for name in row)
            db.execute(sa.text(f"INSERT INTO decisions ({names}) VALUES ({values})"), row)  # noqa: S608  # the table's own columns


def _known_keys(db: sa.Connection) -> Iterator[str]:
    yield from (row.key for row in db.execute(sa.text("SELECT key FROM parcels")))
    yield from (row.obligation for row in db.execute(sa.text("SELECT obligation FROM mentions")))
    yield from (row.action for row in db.execute(sa.text("SELECT action FROM announcements")))
    for row in db.execute(sa.text('SELECT "open" FROM standings')):
        yield from (str(o["key"]) for o in json.loads(row.open))
    yield from (row.target for row in db.execute(sa.text("SELECT target FROM decisions")) if ":" in row.target)
    yield from (row.key for row in db.execute(sa.text("SELECT key FROM said")))


def _accounts(db: sa.Connection) -> None:
    """What was noted for everybody is noted for each account, so that nothing is read again for this change alone."""
    notes = {
        row.name: row.value for row in db.execute(sa.text("SELECT name, value FROM meta WHERE name IN ('people', 'expired')"))
    }
    expired = date.fromisoformat(notes["expired"]) if notes.get("expired") else None
    for row in list(db.execute(sa.text("SELECT DISTINCT account FROM sources"))):
        db.execute(
            sa.text("INSERT INTO accounts (account, people, expired) VALUES (:account, :people, :expired)").bindparams(
                sa.bindparam("expired", type_=sa.Date)
            ),
            {"account": row.account, "people": notes.get("people"), "expired": expired},
        )
    db.execute(sa.text("DELETE FROM meta WHERE name IN ('people', 'expired')"))
