"""What speaks of the future and commits nobody: other people's plans, waiting, whereabouts, denials, duties of the reader."""

from __future__ import annotations

import pytest
from reading_helpers import promises, received, sent

OTHERS = """The freight forwarder will let you know when it lands.
Our printer says the catalogues will be with you next Monday.
My landlord told me that he will fix it by Friday.
Anna and Piet will send you the minutes tomorrow.
Ms. Okafor will get back to you tomorrow.
UPS will pick up the parcel on Thursday.
Unser Lieferant meldet sich nächste Woche.
Frau Klein ruft Sie morgen zurück.
The mill says they will ship on Friday.
The driver will call you before he arrives.
They say it will be delivered to you on Tuesday.
The carrier told us they will collect the pallets tomorrow.
Our supplier says that the parts will be sent to you next week.
According to the printers the brochures will be shipped by Thursday.
The hotel will send you the confirmation by tomorrow.
Maersk will update you on the arrival by Friday.
Head office says we will hear by Friday.
The customs agent will contact you directly tomorrow.
Your accountant will send you the forms next week.
Kim's lawyer will send me the papers on Monday.
The bank will transfer the money by Friday.
Your colleague promised that he would send it tomorrow.
He said he would get back to me next week.
Der Fahrer wird Sie morgen anrufen.
Das Werk sagt, sie liefern am Freitag.
Die Spedition meldet sich morgen bei Ihnen.
Der Lieferant sagt, dass er am Montag liefert.
Laut Hersteller kommt die Ware am Freitag.
Just returning your mail, on the road today.
I'm only returning your call from this morning.
I will arrive in Leeds around 4 on Friday.
I'll be staying at the Grand until Sunday.
We will land at 9 on Tuesday and fly home on Thursday.
Herr Maier ist ab Montag wieder da.""".splitlines()
DENIED = """I don't think I'll make it on Friday.
I doubt I can send it today.
There is no way we will finish by Monday.
Ich komme am Freitag leider nicht.
Wir können vor Ostern nicht liefern.
I won't be able to send it this week.
We won't be able to ship before Monday.
I can't get you the samples by Friday.
I will not be sending the invoice this week.
We are not going to send a new contract.
If he calls we will decline.
Ich werde es diese Woche nicht schaffen.
Ich kann Ihnen die Muster bis Freitag nicht schicken.
Wenn er anruft, lehnen wir ab.""".splitlines()
WHEREABOUTS = """You can reach me on my cell tomorrow.
Do not hesitate to call me on Monday.
Robin will be back on Monday.
I'll be back in the office on Monday.
I'll be around all week.
I'll be available tomorrow between 2 and 4.
I'll have my phone with me tomorrow.
I will be travelling tomorrow.
I'm in meetings all day tomorrow.
Sie erreichen mich morgen auf dem Handy.
Ich bin morgen telefonisch erreichbar.
Ich bin am Montag wieder im Büro.
Rufen Sie mich am Montag gerne an.""".splitlines()
WAITING = """We'll await his call.
I'll await your call on Monday.
I'll wait for your call.
We will wait for your instructions.
I'll expect your call at three tomorrow.
I'll look out for your email tomorrow.
I'll keep my fingers crossed for Friday.
You will have to send the form by Friday.
You'll need to call them tomorrow.
Wir warten auf Ihren Anruf am Montag.
Ich warte Ihre Antwort bis Freitag ab.""".splitlines()
STILL_PROMISED = """I'll chase the forwarder and let you know tomorrow.
I'll have Anna send you the minutes tomorrow.
I'll make sure the printer sends you the proof by Friday.
I am on leave until 12 March and will send it on the 13th.
We'll get the mill to confirm and come back to you by Friday.
Sobald der Lieferant sich meldet, gebe ich Ihnen Bescheid.
Heute klappt es nicht, ich schicke es Ihnen morgen.
Our driver will call you tomorrow.
Our workshop will ship it on Friday.
I'll ask the driver to call you.
I'll have the driver call you tomorrow.
I won't be able to send it this week, but I will send it on Monday.
I cannot do Tuesday but I'll call you on Thursday.
The mill ships on Friday and we will send you the tracking number then.
As soon as the mill confirms, I'll send you the date.
I'll wait for legal and send you the contract on Friday.
When I'm back on Monday I'll send you the plan.
Once I hear from Rick I'll forward it to you.
I'll be back with an answer on Monday.
I'll be back to you on Monday.
I'll be calling you on Monday.
Robin and I will call you on Friday.
Unser Fahrer ruft Sie morgen an.
Ich schaffe es heute nicht, schicke es Ihnen aber morgen.
Ich rufe Sie stattdessen am Donnerstag an.
Ich spreche das mit der Geschäftsleitung ab.
Ich hake morgen beim Lieferanten nach.
They are going over the plan at noon, I'll tell you more after that.
I'll do the sums tonight, tomorrow I'm in the workshop.""".splitlines()


@pytest.mark.parametrize("words", [*OTHERS, *DENIED, *WHEREABOUTS, *WAITING])
def test_what_others_will_do_denials_whereabouts_and_waiting_promise_nothing(words: str) -> None:
    assert [p.quote for p in promises(sent(words))] == []
    assert [p.quote for p in promises(received(words))] == []


@pytest.mark.parametrize("words", STILL_PROMISED)
def test_what_is_promised_beside_them_is_promised(words: str) -> None:
    assert [p.quote for p in promises(sent(words))] == [words]
