"""German asks without a question or an order, and answers to an offer, as in `english_asks.py`."""

from __future__ import annotations

from daemon.reading.languages.rules import rule_table

IMPLIED = rule_table(r"""
implies a request: help or views ; request ; ihre ihren ihrer deine deinen deiner ; \b(?:würden?|möchten?|wollten?|hätten?|bräuchten?|hoffen?|gerne?|über)\b.{0,60}\b(?:ihre?[nr]?|deine?[nr]?) (?:\w+ )?(?:unterstützung|hilfe|meinung|einschätzung|rat|entscheidung|freigabe)\b ; Über Ihre Einschätzung würde ich mich freuen. ; Danke für Ihre Einschätzung.
implies a request: it would be good ; request ; wäre würde ; \b(?:es|das) wäre (?:sehr |wirklich )?(?:schön|gut|toll|hilfreich|nett|wichtig)\b.{0,5}(?:, wenn|, falls|, (?:die|das|den|zu))|\bes würde (?:mir|uns) (?:sehr )?helfen\b ; Es wäre schön, wenn Sie dabei sein könnten. ; Es wäre schön gewesen.
implies a request: to join ; request ; gewinnen begrüßen einladen dabei ; \b(?:würden?|hätten?|möchten?)\b.{0,40}\b(?:sie|dich|euch)\b.{0,60}\b(?:einladen|gewinnen|begrüßen|dabei)\b ; Wir hätten Sie gerne als Referenten dabei. ; Wir waren gerne dabei.
implies a request: on your word ; request ; sobald wenn ; ^\W*(?:sobald|wenn) (?:sie|du|ihr) (?:mir|uns) .{2,60}\b(?:nennen|nennst|sagen|sagst|bestätigen|bestätigst|geben|gibst|schicken|schickst|mitteilen)\b ; Sobald Sie mir die Farbe nennen, bestelle ich. ; Sobald wir es wissen, bestelle ich.
implies a request: lacks something ; request ; fehlt fehlen ; \b(?:mir|uns) (?:fehlt|fehlen) (?:leider )?(?:noch )?(?:die|der|das|eine?|ihre?|deine?)\b ; Uns fehlt noch Ihre Unterschrift. ; Ihm fehlt nichts.
implies a request: an order ; request ; schick schicke schickt schicken send sende senden mail maile gib gebt geben sag sage sagt sagen nenn nenne nennt nennen leg bring zeig ; ^\W*(?:(?:und|dann|also|ach|bitte|\w+,) ){0,3}(?:(?:schick|send|mail|sag|nenn|leg|bring|zeig)(?:e|t|en sie)?|gib|gebt|geben sie) (?:mir|uns)\b ; Schick mir noch das Datenblatt. ; Ich schicke mir das selbst.
implies a request: writes to find out ; request ; wissen fragen nachfragen erfahren ; \b(?:wollten?|möchten?|würden?)\b.{0,25}\b(?:wissen|fragen|nachfragen|erfahren|klären),? (?:ob|wann|wie|was|wer|wo|welche)\b ; Ich wollte wissen, ob die Ware schon unterwegs ist. ; Ich weiß nicht, ob die Ware unterwegs ist.
""")

OFFERS = rule_table(r"""
invites, offers or proposes ;  ; einladen lade laden eingeladen biete bieten anbieten schlage schlagen vorschlagen angebot ; (?<!für ihr )(?<!für das )\b(?:einladen|anbieten|vorschlagen|(?:lade|biete|schlage)n? (?:ich|wir|sie|ihnen|dir)|(?:ich|wir) (?:lade|biete|schlage)n?|herzlich eingeladen|unser (?:angebot|vorschlag))\b ; Wir bieten Ihnen einen Rahmenvertrag an. ; Vielen Dank für Ihr Angebot.
""")

AWAITED = rule_table(r"""
awaits an answer to it ; request ; freue freuen erwarte erwarten hoffe hoffen ; \b(?:freuen? (?:mich|uns) (?:auf|über)|hoffen? auf|erwarten?) (?:ihre?|deine?|eine) (?:\w+ )?(?:antwort|rückmeldung|entscheidung|zusage|nachricht|bestätigung)\b ; Ich freue mich auf Ihre Rückmeldung. ; Ich freue mich auf Ihren Besuch.
""")
