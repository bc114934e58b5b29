"""What happened with a client in words: cut, harmless, and in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from connectors.mail import Address
from daemon.analysis.client_story import Chapter, Happening
from daemon.glossary.obligations import Band, Obligation, state
from daemon.letters import phrases
from daemon.web.charts import Lane, timeline
from daemon.web.texts import gettext as _
from daemon.web.texts import ngettext
from daemon.web.viewing import Viewing
from daemon.web.wording import STATE_TONES, filtered_words, kind_name, state_name

SHORT, WHOLE, LINES = 180, 2000, 60  # characters shown at once and on request, and lines of them
STRIP = timedelta(days=182)
_THEIRS = frozenset({Happening.THEIR_MAIL, Happening.CALL})


def chapter_words(chapter: Chapter, view: Viewing) -> Mapping[str, Any]:
    """Return a chapter as the page shows it."""
    words = phrases.cut(chapter.words, SHORT)
    whole = _lines(chapter.words)
    return {
        "iso": chapter.at.isoformat(),
        "when": view.texts.moment(chapter.at, view.zone, view.now),
        "side": _side(chapter.what),
        "what": _what(chapter),
        "filtered": filtered_words(chapter.held) if chapter.held is not None else "",
        "who": _who(chapter.who),
        "title": phrases.cut(chapter.title, 120) if not chapter.hidden else _("In a colleague's mailbox; you may not read it."),
        "words": words,
        "rest": whole if len(phrases.clean(chapter.words)) > len(words) else "",
        "owed": [owed_words(o, view) for o in chapter.owed],
    }


def _side(what: Happening) -> str:
    return "filtered" if what is Happening.FILTERED else "theirs" if what in _THEIRS else "ours"


def owed_words(o: Obligation, view: Viewing) -> Mapping[str, Any]:
    """Return something owed as the page shows it."""
    how, say = state(o, view.now), view.texts
    due = _("due %(when)s", when=say.moment(o.due, view.zone, view.now)) if o.due else ""
    closed = o.closed is not None and o.closed <= view.now
    settled = _("settled %(when)s", when=say.moment(o.closed, view.zone, view.now)) if closed and o.closed else ""
    counted = o.band is Band.TRACKED and not o.advised
    return {
        "kind": kind_name(o.kind),
        "state": state_name(how) if counted else _("not certain, so not counted"),
        "tone": STATE_TONES.get(how, "") if counted else "",
        "words": phrases.words_of(o, 140),
        "due": due,
        "outcome": settled or due,
    }


def strip(chapters: Sequence[Chapter], view: Viewing) -> str:
    """Draw the last half year: their mails, ours, calls and meetings."""
    start = view.now - STRIP
    lanes = [
        _lane(_("Their emails"), chapters, {Happening.THEIR_MAIL}, start, "plain"),
        _lane(_("Your emails"), chapters, {Happening.OUR_MAIL}, start, "good"),
        _lane(_("Missed calls"), chapters, {Happening.CALL}, start, "open"),
        _lane(_("Meetings"), chapters, {Happening.MEETING}, start, "good"),
    ]
    ends = (view.texts.day(start, view.zone, view.now), view.texts.day(view.now, view.zone, view.now))
    return timeline(lanes, start, view.now, _("Contact in the last half year"), ends)


def _lane(name: str, chapters: Iterable[Chapter], of: set[Happening], start: datetime, tone: Any) -> Lane:
    moments = tuple(c.at for c in chapters if c.what in of and c.at >= start)
    return Lane(name, moments, f"{name}: {ngettext('%(num)d time', '%(num)d times', len(moments))}", tone)


def _what(chapter: Chapter) -> str:
    return {
        Happening.FILTERED: _("Email in their name"),
        Happening.THEIR_MAIL: _("Their email"),
        Happening.OUR_MAIL: _("Your email"),
        Happening.CALL: _("Call"),
        Happening.MEETING: _("Meeting"),
        Happening.OFF: _("Meeting that did not take place"),
        Happening.OWED: _("By the charter"),
    }[chapter.what]


def _who(who: Address | None) -> str:
    return phrases.person(who.email, who.name) if who is not None else ""


def _lines(text: str) -> str:
    """Return words line by line, each made harmless."""
    lines = [phrases.clean(line) for line in text[:WHOLE].splitlines()[:LINES]]
    more = " …" if len(text) > WHOLE or len(text.splitlines()) > LINES else ""
    return "\n".join(lines).strip() + more
