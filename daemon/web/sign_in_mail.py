"""The mail with a link that signs in, to an account's own address and by its own way of sending: Kept's own mail, as every other.

It is sent beside the request, so that the time of the answer does not tell whether there is such an account.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial

from connectors.errors import ConnectorError
from connectors.mail import Address, Draft
from daemon.delivery.mail_links import message_id
from daemon.delivery.render import KEPT_ID, MACHINE_HEADERS
from daemon.errors import StoreError
from daemon.glossary.obligations import short_id
from daemon.glossary.parties import Account
from daemon.letters import proofs
from daemon.logs import get_logger
from daemon.web import sessions
from daemon.web.office import WebOffice

log = get_logger(__name__)

MOST, WITHIN = 3, timedelta(minutes=15)  # links that an account is mailed, whoever asks for them
_TEXT = """\
Somebody, most likely you, asked to sign in to the pages of Kept.

{link}

The link works once, and for ten minutes. Open it, and press the button there.

If that was not you, there is nothing to do: nobody can sign in without this email. Do not forward it.
"""


def send(office: WebOffice, address: str, links: str) -> None:
    """Mail a link to an account in the background, unless it was mailed several just now. `links` is where it leads."""
    office.background.start("sign-in mail", partial(_send, office, address, links))


def _send(office: WebOffice, address: str, links: str) -> None:
    now = office.now()
    try:
        with office.at_work(address) as (_, runtime):
            if runtime.store.sign_ins_mailed(address, now - WITHIN) >= MOST:
                log.warning("no more sign-in links are mailed for now", account=address)
                return
            transport = runtime.sources.transport
            if transport is None:
                log.warning("a sign-in link could not be mailed: the account has no send: in the configuration", account=address)
                return
            secret = sessions.make_sign_in(runtime.store, address, now, mailed=True)
            transport.send(_draft(runtime.account, f"{links}/sign-in/{secret}", runtime.config.secret, now))
    except (ConnectorError, StoreError) as error:
        log.error("a sign-in link could not be mailed", account=address, error=error.message)  # noqa: TRY400  # foreseen
        return
    except Exception:
        log.exception("a sign-in link could not be mailed", account=address)
        return
    log.info("mailed a sign-in link", account=address)


def _draft(account: Account, link: str, secret: bytes, now: datetime) -> Draft:
    key = f"sign_in:{secrets.token_hex(16)}"  # not of the link: its Message-ID is no secret
    own_id = message_id(key, account.address)
    proof = proofs.sign(secret, account.address, own_id)
    return Draft(
        message_id=own_id,
        date=now,
        sender=Address(account.address, "Kept"),
        to=(Address(account.address, account.name),),
        subject="Sign in to Kept",
        text=_TEXT.format(link=link),
        headers={**MACHINE_HEADERS, KEPT_ID: short_id(key), proofs.HEADER: proof},
    )
