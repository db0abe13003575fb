"""Signing what the office gives out as files, so that whoever got them elsewhere can tell that they are its own.

Ed25519 (RFC 8032). The private key is drawn from the ledger's key (HKDF, RFC 5869): it is backed up with it, does not
turn when the sealing key does, and leads back to nothing.
"""

from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.conf import settings

PURPOSE = b"huiyin-signing/1"
SIGNATURE_BYTES = 64


class NotAKey(ValueError):
    """What was given is not a public key of Ed25519 in PEM."""


def sign(content: bytes) -> bytes:
    """The signature of this installation, 64 bytes; the same content has the same signature."""
    return _private().sign(content)


def public_key() -> str:
    """The public key as PEM, for whoever checks a signature."""
    return _private().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(pem: str) -> str:
    """SHA-256 of a public key (its DER), in hexadecimal, to be compared by eye. Raises NotAKey."""
    return sha256(_read(pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def is_signed(content: bytes, signature: bytes, *, key: str) -> bool:
    """Whether this signature of the content was made with the private half of a key (PEM). Raises NotAKey."""
    public = _read(key)
    try:
        public.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _read(pem: str) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as fault:
        raise NotAKey from fault
    if not isinstance(key, Ed25519PublicKey):
        raise NotAKey
    return key


def _private() -> Ed25519PrivateKey:
    drawn = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(settings.HUIYIN_KEYS.ledger)
    return Ed25519PrivateKey.from_private_bytes(drawn)
