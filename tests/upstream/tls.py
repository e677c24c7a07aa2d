"""A certificate of an upstream that signs it itself."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path


def certified(name: str, folder: Path) -> tuple[str, ssl.SSLContext]:
    """The file of a certificate for that name (`IP:127.0.0.1`), and what a server with it speaks."""
    key, certificate = str(folder / "key"), str(folder / "certificate")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=x", "-addext", f"subjectAltName={name}", "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(certificate, key)
    return certificate, ours
