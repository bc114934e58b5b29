"""What a client says they will do: whether it is owed to the user."""

from __future__ import annotations

import re

from daemon.core import messages
from daemon.glossary.parties import Account
from daemon.glossary.timelines import Entry
from daemon.reading import Act
from daemon.reading.languages.rules import first_match, fold, rule_tables

MANY = 10  # recipients; what is said to more is said to nobody in particular
_PAPERS = """
bestellung, bestellungen, auftrag, aufträge, freigabe, freigaben, unterschrift, unterschriften, vertrag, verträge, rechnung, rechnungen
zahlung, zahlungen, antwort, antworten, rückmeldung, rückmeldungen, entscheidung, entscheidungen, liste, listen, zeichnung, zeichnungen, angebot
angebote, formular, formulare, dokument, dokumente, zusage, zusagen, gutschrift, gutschriften, unterlagen, pläne, daten, muster, fotos, bilder
infos?, details, zahlen, mengen, purchase orders?, po, paperwork
"""
_GERMAN_DEEDS = """
schicke, sende, maile, überweise, zahle, bezahle, unterschreibe, zeichne, entscheide, bestätige, bestelle, melde, antworte, informiere, sage, gebe
prüfe, kläre, bespreche, frage, liefere, reiche, rufe, leite, stelle, buche, liefern, erhalten, bekommen, hören
"""
# What a client's deed is, in the form of the reader's tables of rules.
DEEDS = rule_tables(
    r"""
[deeds]
hands over ;  ;  ; \b(?:send|forward|e-?mail|mail|fax|share|post|ship|return|deliver|provide|supply|submit|upload|copy|attach)\b ; We will send the list. ; We will think of the list.
pays ;  ;  ; \b(?:pay|transfer|wire|settle|remit|reimburse|refund|credit|make (?:the|a) (?:payment|transfer))\b ; We will pay on Friday. ; We paid on Friday.
decides or orders ;  ;  ; \b(?:sign|countersign|approve|decide|confirm|order|place|raise|issue|release|make (?:the|a) (?:decision|order))\b ; We will decide by May. ; It was decided.
lets you know ;  ;  ; \b(?:let (?:you|\w+ and you) know|get back|come back|revert|reply|respond|answer|advise|inform|update|tell|report|follow up|be in touch|reach out)\b ; I'll let you know. ; I'll let it go.
calls ;  ;  ; \b(?:call|ring|phone|contact|talk to|speak (?:to|with)|discuss|ask)\b ; I'll call on Monday. ; It sounds good.
looks into it ;  ;  ; \b(?:check|look (?:into|at|over)|review|find out|see (?:if|whether|what)|run (?:it|this)|clarify)\b ; I'll look into it. ; I'll look forward to it.
prepares ;  ;  ; \b(?:arrange|book|schedule|set up|prepare|complete|fill|finish|draft|correct|amend|fix|sort|chase)\b ; We'll correct it. ; It is correctly done.
gets it to you ;  ;  ; \b(?:get (?:you|it|that|this|them|those|the|an?)|have (?:it|them|the|an?)|give|you(?:'ll| will) (?:have|get|receive|hear))\b ; I'll get it to you. ; I'll get going.
it comes ;  ;  ; \b(?:(?:coming|come|on its|on their) (?:your )?way|follow(?:s|ing)?)\b ; The plan follows. ; The followers are many.
a paper comes, in German ;  ;  ; \b\w*(?:<paper>) (?:kommt|kommen|folgt|folgen|will come|comes|to follow)\b ; Die Bestellung kommt morgen. ; Der Frühling kommt morgen.
an own deed, in German ;  ;  ; \b\w*(?:<deed>)(?:n|t)?\b ; Ich schicke die Liste. ; Ein Schicksal.
""",
    paper=_PAPERS,
    deed=_GERMAN_DEEDS,
)["deeds"]
_UNLIKELY = re.compile(
    r"\b(?:probably|perhaps|maybe|possibly|might|likely|hopefully|hope to|would like to|plan(?:ning)? to|thinking of|some ?day|eventually|wahrscheinlich|vielleicht|eventuell|voraussichtlich|möglicherweise|hoffentlich)\b",
    re.IGNORECASE,
)
_BY_OTHERS = frozenset(("somebody will", "see you then", "takes part", "happy to do it"))  # names of rules


def owes_user(act: Act, entry: Entry, account: Account) -> bool:
    """Whether what a client says they will do is owed to the user: a document, an answer, a payment, a decision.

    Greetings, plans and news are not; neither is what was said to many, or to others with the user on copy.
    """
    if act.sort == "meet" or act.rule in _BY_OTHERS or first_match(DEEDS, fold(act.quote)) is None:
        return False
    if act.due is None and _UNLIKELY.search(act.quote):
        return False
    many = len(entry.message.to) + len(entry.message.cc) > MANY
    return messages.is_written_to_ours(entry, account) and not many
