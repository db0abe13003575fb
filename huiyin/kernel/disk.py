"""A disk that takes nothing: full, beyond its quota, read-only. It is nobody's fault here, and passes."""

import errno

REFUSES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})


def refuses(fault: BaseException) -> bool:
    """Whether this says that the disk takes nothing now, rather than that the program asked for nonsense."""
    return isinstance(fault, OSError) and fault.errno in REFUSES
