"""Who may talk to the embedded engine: who holds its key, which lies in a folder of the app's own user.

A scheduler runs whatever program it is sent, and a port on 127.0.0.1 is open to every user of the computer. So the
engine speaks TLS, and both ends have to show the one certificate that was made when the engine started.
"""

import contextlib
import datetime
import os
from pathlib import Path
from typing import Any

from models.storage import write_whole

CERTIFICATE, KEY = "certificate.pem", "key.pem"

_ALWAYS = (datetime.datetime(2000, 1, 1), datetime.datetime(9999, 12, 31))  # noqa: DTZ001 - UTC is meant
"""The engine outlives no restart, but a clock may jump: a certificate must not expire by that."""


def make(folder: Path) -> None:
    """Make a new key and its certificate, for one engine. What holds the old ones is no part of it any more.

    Args:
        folder: is for this user alone.

    Raises:
        OSError: the files cannot be written.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "engine")])
    public = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    uses = dict.fromkeys(
        (
            *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign"),
            *("encipher_only", "decipher_only"),
        ),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_ALWAYS[0])
        .not_valid_after(_ALWAYS[1])
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=True, **uses), critical=True)
        .add_extension(public, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_private(folder / KEY, private)
    write_private(folder / CERTIFICATE, certificate.public_bytes(pem))


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only this user may read, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """

    def write(file: Any) -> None:
        with contextlib.suppress(AttributeError):  # Windows: a user's folders are for that user alone
            os.fchmod(file.fileno(), 0o600)
        file.write(data)

    write_whole(path, write)


def security(folder: Path) -> Any:
    """Return the `distributed.Security` of whoever may read the key in a folder.

    Raises:
        OSError: this user may not, or there is none.
    """
    from distributed import Security

    certificate, key = folder / CERTIFICATE, folder / KEY
    with key.open("rb"):  # else OpenSSL's error would come later, and say less
        pass
    return Security(
        tls_ca_file=str(certificate), tls_client_cert=str(certificate), tls_client_key=str(key), require_encryption=True
    )


def words(folder: Path) -> list[str]:
    """Return what `dask scheduler` and `dask worker` are told, so that they accept nobody else."""
    certificate, key = str(folder / CERTIFICATE), str(folder / KEY)
    return ["--protocol", "tls", "--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key]
