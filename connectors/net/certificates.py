"""A server's certificate that is not trusted: what is wrong with it, and what helps, by the reasons that OpenSSL knows."""

from __future__ import annotations

import ssl
from typing import Literal, TypeVar

from connectors.errors import ConnectorError

E = TypeVar("E", bound=BaseException)
Fault = Literal["expired", "early", "name", "unknown"]
# X509_V_ERR_… of OpenSSL's x509_vfy.h.
_FAULTS: dict[int, Fault] = {9: "early", 10: "expired", 62: "name", 63: "name", 64: "name"}
_SAID: dict[Fault, str] = {
    "expired": "has expired: whoever looks after that server must renew it (or is the date of this computer wrong?)",
    "early": "is not valid yet: is the date of this computer right?",
    "name": "is for another name: use the server's own name, often one of the company that runs it",
    "unknown": "cannot be trusted ({reason}): nobody whom this computer trusts vouches for it; check the host's name, or name your "
    "company's certificate file as ca_file",
}


class UntrustedCertificateError(ConnectorError):
    """A server's certificate is not trusted; where its `fault` is unknown issuers, a file of certificates may help (`ca_file`)."""

    def __init__(self, message: str, fault: Fault) -> None:
        super().__init__(message, permanent=True)
        self.fault: Fault = fault


def distrusted(server: str, error: BaseException) -> UntrustedCertificateError | None:
    """Return the error to raise for a certificate that was not verified; None where `error` comes from something else."""
    cause = within(error, ssl.SSLCertVerificationError)
    if cause is None:
        return None
    fault = _FAULTS.get(cause.verify_code, "unknown")
    reason = _SAID[fault].format(reason=cause.verify_message.rstrip("."))
    return UntrustedCertificateError(f"the certificate of {server} {reason}", fault)


def within(error: BaseException | None, kind: type[E]) -> E | None:
    """Return an error of that kind, from an error or from what it was made of: requests and urllib3 wrap it several times."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, kind):
            return one
        if one is None or one in seen:
            continue
        seen.append(one)
        inner = [*one.args, getattr(one, "reason", None)]
        waiting += [one.__context__, one.__cause__, *(part for part in inner if isinstance(part, BaseException))]
    return None
