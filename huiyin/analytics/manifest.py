"""The list of an export's files with their checksums, signed by the office: no file is altered unseen.

The list is one that `sha256sum -c` reads, the signature one that `openssl pkeyutl -verify -rawin` checks, so that
nobody needs this program to know that a file is the office's.
"""

import re
from collections.abc import Collection, Mapping
from hashlib import file_digest
from pathlib import Path
from stat import S_ISREG

from django.utils.translation import gettext as _

from huiyin.kernel import signing

SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
LINE = re.compile(r"([0-9a-f]{64})  ([^/\s]+)")
Faults = dict[str, str]  # by file, the sentence that says what is wrong with it


def write(folder: Path, names: Collection[str]) -> None:
    """List the files and sign the list."""
    listed = _text({name: _sum(folder / name) for name in names})
    (folder / SUMS).write_bytes(listed)
    (folder / SIGNATURE).write_bytes(signing.sign(listed))


def take_away(folder: Path) -> None:
    """Take list and signature away before files are written anew: what is half written must not look whole."""
    for name in (SUMS, SIGNATURE):
        (folder / name).unlink(missing_ok=True)


def out_of_place(folder: Path, names: Collection[str]) -> Faults:
    """Of the files that belong there those that are missing, empty or no files, and all that does not belong there."""
    wanted, there = {*names, SUMS, SIGNATURE}, {each.name for each in folder.iterdir()}
    found = {name: _("缺少这个文件。") for name in sorted(wanted - there)}
    for name in sorted(there - wanted):
        found[name] = _("不是导出写的，不应当在这里。")
    for name in sorted(wanted & there):
        state = (folder / name).lstat()
        if not S_ISREG(state.st_mode):
            found[name] = _("不是普通文件。")
        elif not state.st_size:
            found[name] = _("是空的。")
    return found


def altered(folder: Path, names: Collection[str], *, without: Collection[str]) -> Faults:
    """The files that are not as listed, and what is wrong with the list itself; `without` those that are not there."""
    listed, fault = _read(folder, names)
    if fault:
        return {SUMS: fault}
    return {
        name: _("和 SHA256SUMS 里的校验和对不上，导出以后改动过。")
        for name in names
        if name not in without and _sum(folder / name) != listed[name]
    }


def signature_fault(folder: Path, key: str) -> Faults:
    """What is wrong with the signature, by the office's public key; without a key only with its form."""
    signature = (folder / SIGNATURE).read_bytes()
    if len(signature) != signing.SIGNATURE_BYTES:
        return {SIGNATURE: _("不是签名：应当是 64 个字节。")}
    if key and not signing.is_signed((folder / SUMS).read_bytes(), signature, key=key):
        return {SIGNATURE: _("签名不对：SHA256SUMS 不是用这把公钥的主人的密钥签的，或者签名以后改动过。")}
    return {}


def _read(folder: Path, names: Collection[str]) -> tuple[Mapping[str, str], str]:
    """The checksums by file, and what is wrong with the list."""
    content = (folder / SUMS).read_bytes()
    found = {}
    for at, line in enumerate(content.decode(errors="replace").splitlines(), start=1):
        match = LINE.fullmatch(line)
        if match is None or match[2] in found or match[2] not in names:
            return {}, _("第 %(line)d 行不对，导出以后改动过。") % {"line": at}
        found[match[2]] = match[1]
    for name in names:
        if name not in found:
            return {}, _("没有列出 %(name)s。") % {"name": name}
    return found, "" if _text(found) == content else _("写法和导出的不一样，导出以后改动过。")


def _text(sums: Mapping[str, str]) -> bytes:
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()


def _sum(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()
