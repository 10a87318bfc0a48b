"""The engine's certificate: whom it lets in, for how long, and who may read its key."""

import datetime
import os
import ssl
import stat
from pathlib import Path

import pytest

from models.engine import certificate

STRICT = getattr(ssl, "VERIFY_X509_STRICT", 0)  # what newer versions of Python ask for by themselves


def context(purpose: ssl.Purpose, trusted: Path, own: Path | None) -> ssl.SSLContext:
    made = ssl.create_default_context(purpose, cafile=str(trusted / "certificate.pem"))
    made.check_hostname = False
    made.verify_mode = ssl.CERT_REQUIRED
    made.verify_flags |= STRICT
    if own is not None:
        made.load_cert_chain(own / "certificate.pem", own / "key.pem")
    return made


def greet(server: ssl.SSLContext, client: ssl.SSLContext) -> bytes:
    """Let two ends shake hands in memory, and return what the client then hears.

    Raises:
        ssl.SSLError: one of them does not want the other.
    """
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (
        server.wrap_bio(to_server, to_client, server_side=True),
        client.wrap_bio(to_client, to_server, server_side=False),
    )
    for _ in range(6):
        for end in reversed(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    ends[0].write(b"come in")
    return ends[1].read()


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("mine", "other"):
        (tmp_path / name).mkdir()
        certificate.make(tmp_path / name)
    return tmp_path / "mine", tmp_path / "other"


def test_who_holds_the_key_comes_in_and_nobody_else(folders: tuple[Path, Path]) -> None:
    mine, other = folders
    server = context(ssl.Purpose.CLIENT_AUTH, mine, mine)
    assert greet(server, context(ssl.Purpose.SERVER_AUTH, mine, mine)) == b"come in"
    for stranger in (None, other):  # without a key, and with that of another engine
        with pytest.raises(ssl.SSLError):
            greet(server, context(ssl.Purpose.SERVER_AUTH, mine, stranger))
    with pytest.raises(ssl.SSLError):  # and an app is not taken in by another user's scheduler
        greet(context(ssl.Purpose.CLIENT_AUTH, mine, other), context(ssl.Purpose.SERVER_AUTH, mine, mine))


def test_no_clock_that_jumps_makes_it_expire(folders: tuple[Path, Path]) -> None:
    from cryptography import x509

    found = x509.load_pem_x509_certificate((folders[0] / "certificate.pem").read_bytes())
    now = datetime.datetime.now(datetime.UTC)
    assert found.not_valid_before_utc < now - datetime.timedelta(days=20 * 365)
    assert found.not_valid_after_utc > now + datetime.timedelta(days=1000 * 365)


def test_a_new_engine_has_a_new_key_that_this_user_alone_may_read(tmp_path: Path) -> None:
    certificate.make(tmp_path)
    before = (tmp_path / "key.pem").read_bytes()
    (tmp_path / "key.pem").chmod(0o644)
    certificate.make(tmp_path)
    assert (tmp_path / "key.pem").read_bytes() != before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["certificate.pem", "key.pem"]
    if os.name == "posix":
        for path in tmp_path.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
