"""抽样: a lot that can be drawn again by whoever knows the seed; no Django, no database."""

import hashlib
import secrets

SPACE = 16**12  # of the twelve first hexadecimal digits of a digest


def new_seed() -> str:
    """A seed that nobody can foresee: 128 bits."""
    return secrets.token_hex(16)


def commitment_to(seed: str) -> str:
    """What is published of a seed before the first lot is drawn, so that no other can be shown afterwards."""
    return hashlib.sha256(seed.encode()).hexdigest()


def lot_key(number: str, round_number: int, party: int) -> str:
    """What a lot is drawn for: a party (by its key) of one round of a matter."""
    return f"{number}/{round_number}/{party}"


def falls_on(seed: str, key: str, *, share: int) -> bool:
    """Whether the lot of a day with this seed falls on a key; `share` of a thousand are chosen.

    SHA-256 of "seed:key", read as a number between 0 and 1, below share/1000. Each key is drawn by itself, so
    that the order in which answers are told changes nothing, and nobody can be put in another's place.
    """
    digest = hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()
    return int(digest[:12], 16) * 1000 < share * SPACE
