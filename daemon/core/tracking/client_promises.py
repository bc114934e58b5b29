"""What a client says they will do: whether it is owed to the user."""

from __future__ import annotations

import re

from daemon.core import messages
from daemon.glossary.parties import Account
from daemon.glossary.timelines import Entry
from daemon.reading import Act

MANY = 10  # recipients; what is said to more is said to nobody in particular
_DEED = re.compile(
    r"\b(?:send|forward|e-?mail|mail|fax|share|post|ship|return|deliver|provide|supply|submit|upload|copy|attach|pay|transfer|wire|settle|remit|reimburse|refund|credit|sign|countersign|approve|decide|confirm|"
    r"order|place|raise|issue|release|let (?:you|\w+ and you) know|get back|come back|revert|reply|respond|answer|advise|inform|update|tell|report|call|ring|phone|contact|reach out|follow up|be in touch|check|"
    r"look (?:into|at|over)|review|discuss|ask|find out|see (?:if|whether|what)|talk to|speak (?:to|with)|run (?:it|this)|clarify|arrange|book|schedule|set up|prepare|complete|fill|finish|draft|"
    r"correct|amend|fix|sort|chase|get (?:you|it|that|this|them|those|the|a|an)|have (?:it|them|the|a|an|an answer)|give|make (?:the|a) (?:payment|decision|transfer|order)|you(?:'ll| will) (?:have|get|receive|hear)|"
    r"(?:coming|come|on its|on their) (?:your )?way|follow(?:s|ing)?|"
    r"(?:\w*(?:bestellung|auftrag|freigabe|unterschrift|vertrag|rechnung|zahlung|antwort|rückmeldung|entscheidung|liste|zeichnung|angebot|formular|dokument|zusage|gutschrift)(?:en|e)?|unterlagen|pläne|daten|muster|fotos|bilder|infos?|details|zahlen|mengen|purchase orders?|PO|paperwork)"
    r" (?:kommt|kommen|folgt|folgen|will come|comes|to follow)|"
    r"\w*(?:schicke|sende|maile|überweise|zahle|bezahle|unterschreibe|zeichne|entscheide|bestätige|bestelle|melde|antworte|informiere|sage|gebe|prüfe|kläre|bespreche|frage|liefere|reiche|rufe|leite|stelle|buche)(?:n|t)?|"
    r"\w*(?:schicken|senden|mailen|überweisen|zahlen|unterschreiben|zeichnen|entscheiden|bestätigen|bestellen|melden|antworten|informieren|geben|prüfen|klären|besprechen|fragen|liefern|reichen|rufen|leiten|"
    r"erhalten|bekommen|hören))\b",
    re.IGNORECASE,
)
_UNLIKELY = re.compile(
    r"\b(?:probably|perhaps|maybe|possibly|might|likely|hopefully|hope to|would like to|plan(?:ning)? to|thinking of|some ?day|eventually|wahrscheinlich|vielleicht|eventuell|voraussichtlich|möglicherweise|hoffentlich)\b",
    re.IGNORECASE,
)
_BY_OTHERS = frozenset(("somebody will", "see you then", "takes part", "happy to do it"))  # names of rules


def owes_user(act: Act, entry: Entry, account: Account) -> bool:
    """Whether what a client says they will do is owed to the user: a document, an answer, a payment, a decision.

    Greetings, plans and news are not; neither is what was said to many, or to others with the user on copy.
    """
    if act.sort == "meet" or act.rule in _BY_OTHERS or _DEED.search(act.quote) is None:
        return False
    if act.due is None and _UNLIKELY.search(act.quote):
        return False
    many = len(entry.message.to) + len(entry.message.cc) > MANY
    return messages.is_written_to_ours(entry, account) and not many
