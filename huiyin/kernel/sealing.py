"""Sealing: personal texts are encrypted at rest, found again by a keyed index, opened with a permit.

A sealed value is `version | length of key id | key id | nonce | ciphertext and tag` (AES-256-GCM, NIST SP
800-38D, random 96-bit nonces), with the field's place ("people.person.name") as associated data, so that a
value moved to another column does not open. One key serves 2^32 values at most; rotate long before.
"""

import base64
import hmac
import json
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute

from huiyin.kernel.permits import Permit

VERSION = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16
INDEX_BYTES = 16
_SURROGATES = re.compile("[\ud800-\udfff]")


class SealBroken(Exception):
    """A sealed value does not open: it was altered, moved from another field, or its key is missing."""


class Sealed:
    """A text that shows itself only to a permit. Immutable; printing it shows nothing."""

    __slots__ = ("_place", "_text", "_token")
    _place: str
    _text: str | None
    _token: bytes

    @classmethod
    def of(cls, text: str) -> Self:
        """Take a plain text; it is encrypted when a field stores it. Lone surrogates become U+FFFD."""
        if not isinstance(text, str):
            raise TypeError(f"only a text can be sealed, not {type(text).__name__}")
        return cls._make(text=_SURROGATES.sub("\ufffd", text), token=b"", place="")

    @classmethod
    def stored(cls, token: bytes, place: str) -> Self:
        """Wrap bytes as they lie in the database at `place` ("app.model.field")."""
        return cls._make(text=None, token=token, place=place)

    @classmethod
    def _make(cls, *, text: str | None, token: bytes, place: str) -> Self:
        made = cls.__new__(cls)
        made._text, made._token, made._place = text, token, place
        return made

    def open(self, permit: Permit) -> str:
        """The text. Raises TypeError without a permit, SealBroken if it was altered or its key is gone."""
        if not isinstance(permit, Permit):
            raise TypeError("a sealed text opens only to a Permit")
        return self._reveal()

    def token_for(self, place: str) -> bytes:
        """The encrypted bytes to store at `place`, encrypting at most once."""
        if self._text is not None or self._place != place:
            self._token, self._place = encrypt(self._reveal(), place), place
            self._text = None
        return self._token

    def _reveal(self) -> str:
        return self._text if self._text is not None else decrypt(self._token, self._place)

    def __str__(self) -> str:
        return "〔已封存〕"

    def __repr__(self) -> str:
        return "<Sealed>"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> Any:
        if self._text is not None:
            raise TypeError("a text that is not encrypted yet is not to be pickled")
        return (Sealed.stored, (self._token, self._place))


class _SealedAttribute(DeferredAttribute):
    """Turns a text into a Sealed the moment it is assigned."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = Sealed.of(value) if isinstance(value, str) else value


class _IsNothing(Exact):
    """What is left of `exact` on a sealed column: Django turns `field=None` into `isnull` through it."""

    def get_prep_lookup(self) -> None:
        if self.rhs is not None:
            raise FieldError("a sealed column cannot be compared. Search a blind_index column.")


class SealedTextField(models.BinaryField):
    """A text column that only ever holds encrypted bytes; its Python value is a Sealed or None.

    Assigning a str seals it. Only `isnull` can be asked of it in a query: search by a blind index instead.
    """

    if TYPE_CHECKING:  # what the stubs of Django call the types of assigning and of reading
        _pyi_private_set_type: str | Sealed | None
        _pyi_private_get_type: Sealed  # type: ignore[assignment]

    description = "a sealed text"
    descriptor_class = _SealedAttribute

    @property
    def place(self) -> str:
        """The associated data of this field: "app.model.field", in small letters."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def raw(self, value: str | Sealed | None) -> bytes | None:
        """The bytes that this field stores for a value: for COPY and other writing past the ORM."""
        if value is None:
            return None
        if isinstance(value, str):
            return encrypt(_SURROGATES.sub("\ufffd", value), self.place)
        if isinstance(value, Sealed):
            return value.token_for(self.place)
        raise TypeError(f"{self.place} holds a text, not {type(value).__name__}")

    def get_prep_value(self, value: Any) -> Any:
        return value if hasattr(value, "resolve_expression") else self.raw(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not prepared:
            value = self.get_prep_value(value)
        return value if value is None else super().get_db_prep_value(value, connection, prepared=True)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed.stored(bytes(value), self.place)

    def to_python(self, value: Any) -> Any:
        """Read a value back from a serialised dump, where it stands in base64, still encrypted."""
        if value is None or isinstance(value, Sealed):
            return value
        return Sealed.stored(base64.b64decode(value), self.place)

    def value_to_string(self, obj: models.Model) -> str:
        value: Any = self.value_from_object(obj)
        return base64.b64encode(self.raw(value) or b"").decode()

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return _IsNothing
        if lookup_name != "isnull":
            raise FieldError(
                f"{self.place} is sealed: no {lookup_name!r} search. Search a blind_index column."
            )
        return super().get_lookup(lookup_name)


def encrypt(text: str, place: str) -> bytes:
    """Encrypt a text for `place` under the current key of the settings."""
    keys = settings.HUIYIN_KEYS
    prefix, cipher = _lock(keys.current, keys.sealing[keys.current])
    nonce = os.urandom(NONCE_BYTES)
    return prefix + nonce + cipher.encrypt(nonce, text.encode(), place.encode())


def decrypt(token: bytes, place: str) -> str:
    """Decrypt what `encrypt` made for `place`; raises SealBroken. Not a door: callers go by `Sealed.open`."""
    cipher, start = _unlock(token)
    nonce, body = token[start : start + NONCE_BYTES], token[start + NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, body, place.encode()).decode()
    except (InvalidTag, ValueError) as fault:
        raise SealBroken(f"the value at {place} was altered, or sealed for another place") from fault


def key_id(token: bytes) -> str:
    """The id of the key that a stored value was sealed under. Raises SealBroken on an unknown format."""
    if token[:1] != VERSION or len(token) < 2 or len(token) < 2 + token[1] + NONCE_BYTES + TAG_BYTES:
        raise SealBroken("not a sealed value of a known version")
    return token[2 : 2 + token[1]].decode("ascii", "replace")


def blind_index(kind: str, value: str) -> bytes:
    """A keyed digest (HMAC-SHA256, 16 bytes) by which equal values of one kind find each other.

    `kind` is a short word such as "phone"; the caller brings the value to one spelling first.
    """
    return keyed_digest(f"index:{kind}", value)[:INDEX_BYTES]


def keyed_digest(kind: str, value: str) -> bytes:
    """HMAC-SHA256 of a value under the index key, 32 bytes, apart for each kind."""
    message = kind.encode() + b"\x00" + value.encode("utf-8", "surrogatepass")
    return hmac.digest(settings.HUIYIN_KEYS.index, message, "sha256")


def commitment(salt: bytes, private: Mapping[str, Any]) -> bytes:
    """Commit to private facts without showing them: HMAC-SHA256 under a random salt of 16 bytes or more.

    Erasing the salt with the facts leaves a number that says nothing. Raises ValueError on a short salt.
    """
    if len(salt) < 16:
        raise ValueError("a commitment needs a salt of at least 16 bytes")
    text = json.dumps(private, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hmac.digest(salt, text.encode("ascii"), "sha256")


@lru_cache(maxsize=64)
def _lock(name: str, key: bytes) -> tuple[bytes, AESGCM]:
    label = name.encode("ascii")
    return VERSION + bytes([len(label)]) + label, AESGCM(key)


def _unlock(token: bytes) -> tuple[AESGCM, int]:
    name = key_id(token)
    try:
        return _lock(name, settings.HUIYIN_KEYS.sealing[name])[1], 2 + token[1]
    except KeyError:
        raise SealBroken(f"the sealing key {name!r} is not among this installation's keys") from None
