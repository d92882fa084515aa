"""Whom an endpoint's certificate must be signed by."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from dataflow.core import EndpointFatal, InputError, UsageError
from dataflow.core.causes import said_by

if TYPE_CHECKING:
    import aiohttp

_CURES = {
    10: "it has expired: it must be renewed there, unless the clock of this machine is wrong",
    62: "ask the endpoint by the name that the certificate is for",
    64: "ask the endpoint by the name that the certificate is for",
}
"""By the code of OpenSSL's verification (X509_V_ERR_CERT_HAS_EXPIRED, _HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH)."""

_CURE = (
    "if an authority of your own signed it, name the authority's certificate: --ca-bundle FILE (ca_bundle= in Python), "
    "or export SSL_CERT_FILE=FILE"
)

_NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"})
"""What OpenSSL says of an answer that is no TLS."""


def check_ca_bundle(path: str | Path) -> str:
    """The path of a CA bundle, after a look that it can be used.

    Raises:
        UsageError: there is nothing there.
        InputError: it holds no certificates, or cannot be read.
    """
    tls_context(path)
    return str(path)


def tls_context(ca_bundle: str | Path | None) -> ssl.SSLContext:
    """What trusts the system's authorities, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, and those of a bundle too.

    Args:
        ca_bundle: a file of certificates, PEM or DER, or a folder of them as OpenSSL's `c_rehash` makes it.

    Raises:
        UsageError: there is no such file.
        InputError: it holds no certificates, or cannot be read.
    """
    context = ssl.create_default_context()
    if ca_bundle is None:
        return context
    # Authorities made by hand often lack the extensions that Python 3.13 insists on.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    path = Path(ca_bundle).expanduser()
    try:
        if path.is_dir():
            context.load_verify_locations(capath=str(path))
            return context
        content = path.read_bytes()
        if b"-----BEGIN" in content:
            context.load_verify_locations(cafile=str(path))
        else:
            context.load_verify_locations(cadata=content)
    except FileNotFoundError:
        raise UsageError(f"--ca-bundle: there is no file {ca_bundle}: check the path") from None
    except (ssl.SSLError, ValueError) as error:
        raise InputError(f"--ca-bundle: {ca_bundle} holds no certificates in PEM or DER ({said_by(error)})") from None
    except OSError as error:
        raise InputError(f"--ca-bundle: cannot read {ca_bundle}: {error.strerror or said_by(error)}") from None
    return context


def tls_error(url: str, error: aiohttp.ClientSSLError) -> EndpointFatal | None:
    """The error for a certificate that is not taken, or for a server without TLS: asking again changes nothing. None
    where the connection broke on the way."""
    found = getattr(error, "certificate_error", None) or error.os_error
    if isinstance(found, ssl.SSLCertVerificationError):
        cure = _CURES.get(found.verify_code, _CURE)
        return EndpointFatal(f"the certificate of {url} is not trusted ({found.verify_message}); {cure}")
    if getattr(found, "reason", "") in _NOT_TLS:
        return EndpointFatal(f"{url} does not speak TLS: write http:// if it is to be asked without")
    return None
