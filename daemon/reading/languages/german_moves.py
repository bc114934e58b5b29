"""German words that move something to another time, and the times that they give up."""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

_DAY = r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|morgen|heute|übermorgen|nächste[nrs]? \w+|ende \w+|\d{1,2}\.)"

POSTPONEMENTS = rule_table(
    (
        "puts off",
        "",
        1,
        "erst später verschieben verschiebe verschiebt verschoben verzögert verzögern verzögerung dauert länger statt stattdessen anstatt brauche brauchen schaffe schaffen klappt nicht lieber verlegen verlegt",
        (
            r"\b(?:dauert (?:noch|länger|etwas|leider)|verschieb\w*|verschoben|verzöger\w*|verlege\w*|erst (?:am|nächste|morgen|übermorgen|montag|dienstag|mittwoch|donnerstag|freitag|ende|im|zum|in der)|"
            rf"(?:an)?statt (?:am )?{_DAY}|stattdessen|(?:brauche|brauchen|benötigen?) (?:ich |wir )?noch (?:bis|etwas|ein)|(?:schaffen?|schaffe) (?:ich |wir )?(?:es |das )?.{{0,40}}\b(?:erst|nicht)|"
            rf"klappt .{{0,40}}\b(?:nicht|erst)|lieber (?:am |erst )?{_DAY}|{_DAY} lieber)\b"
        ),
    ),
    (
        "asks for another time, or grants it",
        "",
        1,
        "reicht genügt ginge recht ordnung spät",
        rf"\b{_DAY}\b.{{0,30}}\b(?:reicht|genügt)\b|\b(?:reicht|genügt|ginge|wäre|ist)\b.{{0,20}}\b{_DAY}\b.{{0,20}}(?:\b(?:auch|recht|in ordnung|noch früh genug|zu spät|okay|ok)\b)",
    ),
)

GIVEN_UP_TIMES = rule_table(
    (
        "denies or replaces a time",
        "",
        1,
        "nicht statt anstatt kein leider",
        (
            rf"\b(?:schaffen?|schaffe|kann|können|klappt|geht|werde|werden|komme|kommen|wird)\b(?:(?!,|[;:.] |[-–] | aber | sondern |\b(?:erst|vor)\b).){{0,80}}\bnicht\b(?! (?:vor|bevor))(?:(?![,;:.] |[-–] | aber | sondern ).){{0,30}}|"
            rf"\b(?:an)?statt (?:am |bis )?{_DAY}"
        ),
    ),
)
