"""The parts of an .xlsx file: opened within bounds, refused where they could do harm, and packed again."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from huiyin.kernel.refusals import Refused

MEGABYTE = 2**20
MOST_BYTES = 5 * MEGABYTE
MOST_UNPACKED = 20 * MEGABYTE  # all of it is parsed while somebody waits
MOST_PARTS = 1_000
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OLD = b"\xd0\xcf\x11\xe0"  # .xls, or an .xlsx with a password
# What could run something or fetch something, and what it is called towards the person who uploads: looked for in the
# names of parts, and in types of content and relations, which alone decide what a table program takes a part for.
HARMFUL = (
    (re.compile(r"vba|macro|dialogsheet|activex|control|ctrlprop", re.IGNORECASE), "macro"),
    (re.compile(r"externallink", re.IGNORECASE), "link"),
    (
        re.compile(
            r"connections|querytable|xl/model|powerpivot|webextension|customdata|volatile", re.IGNORECASE
        ),
        "query",
    ),
    (re.compile(r"embeddings|oleobject|relationships/package$", re.IGNORECASE), "embedded"),
)
HARMLESS_TYPES = re.compile(
    r"application/xml|text/xml|image/[\w.+-]+|application/x-(?:emf|wmf)"
    r"|application/vnd\.openxmlformats-package\.(?:relationships|core-properties|digital-signature-[\w-]+)(?:\+xml)?"
    r"|application/vnd\.openxmlformats-officedocument\.spreadsheetml\.(?:sheet\.main|worksheet|chartsheet|styles"
    r"|sharedStrings|calcChain|comments|table|pivotTable|pivotCacheDefinition|pivotCacheRecords|sheetMetadata"
    r"|printerSettings|customProperty)(?:\+xml)?"
    r"|application/vnd\.openxmlformats-officedocument\.(?:theme|themeOverride|drawing|extended-properties"
    r"|custom-properties|customXmlProperties|vmlDrawing|drawingml\.(?:chart|chartshapes|diagram\w+))(?:\+xml)?"
    r"|application/vnd\.ms-excel\.(?:slicer|slicerCache|timeline|timelineCache|threadedcomments|person|rdrichvalue"
    r"|rdrichvaluestructure|rdrichvaluetypes|richvaluerel|rdarray|featurepropertybag)\+xml"
    r"|application/vnd\.ms-office\.(?:classificationlabels|chartcolorstyle|chartstyle|chartex)\+xml"
    r"|application/vnd\.ms-office\.drawingml\.diagramDrawing\+xml"
    r"|application/vnd\.wps-officedocument\.cellimage\+xml",
    re.IGNORECASE,
)
# The last words of the types of relations.
HARMLESS_LINKS = re.compile(
    r"officeDocument|extended-properties|core-properties|custom-properties|thumbnail|worksheet|"
    r"chartsheet|styles|sharedStrings|theme|calcChain|sheetMetadata|comments|vmlDrawing|drawing|chart|"
    r"chartUserShapes|image|hyperlink|table|pivotTable|pivotCacheDefinition|pivotCacheRecords|"
    r"printerSettings|slicer|slicerCache|timeline|timelineCache|chartStyle|chartColorStyle|"
    r"themeOverride|diagramData|diagramLayout|diagramQuickStyle|diagramColors|diagramDrawing|chartEx|"
    r"customXml|customXmlProps|threadedComment|person|rdRichValue|rdRichValueStructure|"
    r"rdRichValueTypes|richValueRel|rdArray|FeaturePropertyBag|customProperty|cellImage|hdphoto|"
    r"origin|signature|certificate|classificationlabels"
)
SAFE_LINK = re.compile(r"(?:https?|mailto):", re.IGNORECASE)


def harm_words(kind: str) -> str:
    """What is wrong with a part, and what to do."""
    return {
        "macro": _("文件里有宏或控件。请另存为不带宏的“Excel 工作簿（.xlsx）”，再上传。"),
        "link": _("文件里有到别的工作簿的链接。请在“数据—编辑链接”里断开链接，再上传。"),
        "query": _("文件里有外部数据连接。请在“数据—查询和连接”里删除，再上传。"),
        "embedded": _("文件里嵌入了别的文件。请删除嵌入的对象，再上传。"),
    }[kind]


@dataclass
class Package:
    """The parts by their names, in their order; XML parts are parsed when they are first asked for."""

    parts: dict[str, bytes]
    _trees: dict[str, Any] = field(default_factory=dict)

    def tree(self, name: str) -> Any:
        """The root of an XML part, to be read and changed. Raises Refused for what is no plain XML."""
        if name not in self._trees:
            self._trees[name] = parsed(self.parts[name])
        return self._trees[name]

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name in self.parts

    def named(self, pattern: str) -> list[str]:
        """The parts whose names match."""
        return [name for name in self.parts if re.fullmatch(pattern, name)]

    def drop(self, name: str) -> None:
        """Take a part out."""
        self.parts.pop(name, None)
        self._trees.pop(name, None)

    def links(self, part: str) -> Iterator[tuple[Any, str, str]]:
        """The relations of a part: the element, the last word of its type, and the part it leads to."""
        path = PurePosixPath(part)
        rels = str(path.parent / "_rels" / f"{path.name}.rels").removeprefix("./")
        if not self.has(rels):
            return
        for link in self.tree(rels).findall(f"{{{LINKS}}}Relationship"):
            if link.get("TargetMode") != "External":
                kind = (link.get("Type") or "").rpartition("/")[2]
                yield link, kind, _resolved(path.parent, link.get("Target") or "")

    def packed(self) -> bytes:
        """The file with what was changed."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in self.parts.items():
                tree = self._trees.get(name)
                archive.writestr(name, part if tree is None else written(tree))
        return content.getvalue()


def written(tree: Any) -> bytes:
    """A part as it stands in the file."""
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def parsed(content: bytes) -> Any:
    """The root of an XML text that declares nothing of its own. Raises Refused."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as damage:
        raise _damaged() from damage
    if root.getroottree().docinfo.doctype:
        raise _damaged()
    return root


# What Python's reader of zip raises for a damaged file; the last, for one that is locked, or packed in a way that it
# does not know.
UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)


def opened(content: bytes) -> Package:
    """The parts of a workbook. Raises Refused, saying what to do, for what is none or could do harm."""
    _require_plain(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _require_bounds(archive.infolist())
            parts = {each.filename: archive.read(each) for each in archive.infolist() if not each.is_dir()}
    except UNREADABLE as damage:
        raise _damaged() from damage
    package = Package(parts)
    _require_harmless(package)
    return package


def _require_plain(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise Refused(
            _("模板最多 %(most)d MB，这个有 %(size).1f MB。请删去图片或多余的表，再上传。")
            % {"most": MOST_BYTES // MEGABYTE, "size": len(content) / MEGABYTE},
            code="workbook_size",
        )
    if content.startswith(OLD):
        raise Refused(
            _("这是旧的 .xls，或者加了密码。请去掉密码，另存为“Excel 工作簿（.xlsx）”，再上传。"),
            code="workbook_old",
        )


def _require_bounds(entries: list[zipfile.ZipInfo]) -> None:
    """How much it says to be when unpacked; more than it says is never read."""
    names = [entry.filename for entry in entries]
    odd = any("\\" in name or name.startswith("/") or ".." in name.split("/") for name in names)
    odd = odd or any(entry.compress_type not in PACKED or entry.flag_bits & 1 for entry in entries)
    if odd or len({name.casefold() for name in names}) != len(names):
        raise _damaged()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise too_large()


def _require_harmless(package: Package) -> None:
    if not (package.has("[Content_Types].xml") and package.has("xl/workbook.xml")):
        raise _damaged()
    for name in package.parts:
        _require_not_harmful(name)
    types = package.tree("[Content_Types].xml")
    for kind in (each.get("ContentType") or "" for each in types):
        _require_not_harmful(kind)
        if not HARMLESS_TYPES.fullmatch(kind):
            raise _unknown(kind)
    own = [each.get("ContentType") for each in types if each.get("PartName") == "/xl/workbook.xml"]
    if own != [MAIN]:
        raise Refused(_("请另存为“Excel 工作簿（.xlsx）”，再上传。"), code="workbook_kind")
    _require_harmless_links(package)


def _require_harmless_links(package: Package) -> None:
    """Every relation is of a known kind, and the workbook that is looked over is the one that is opened."""
    for name in package.named(r"(?i).*\.rels"):
        for link in package.tree(name):
            if link.get("TargetMode") == "External":
                _require_safe_link(link)
                continue
            kind = link.get("Type") or ""
            _require_not_harmful(kind)
            if not HARMLESS_LINKS.fullmatch(kind.rpartition("/")[2]):
                raise _unknown(kind)
    if [part for _link, kind, part in package.links("") if kind == "officeDocument"] != ["xl/workbook.xml"]:
        raise _damaged()


def _require_not_harmful(told: str) -> None:
    for pattern, kind in HARMFUL:
        if pattern.search(told):
            raise Refused(harm_words(kind), code=f"workbook_{kind}")


def _unknown(kind: str) -> Refused:
    return Refused(
        _("文件里有不认识的部件：%(kind)s。请新建一个工作簿，把表复制过去，再上传。")
        % {"kind": re.split(r"[/.]", kind)[-1][:60]},
        code="workbook_part",
    )


def _require_safe_link(link: Any) -> None:
    """Only what somebody would click: a picture or a workbook from elsewhere is fetched without being asked."""
    clicked = (link.get("Type") or "").endswith("/hyperlink")
    if not (clicked and SAFE_LINK.match(link.get("Target") or "")):
        raise Refused(harm_words("link"), code="workbook_link")


def _resolved(folder: PurePosixPath, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    found: list[str] = list(folder.parts)
    for step in PurePosixPath(target).parts:
        if step == "..":
            found = found[:-1]
        elif step != ".":
            found.append(step)
    return "/".join(found)


def too_large() -> Refused:
    """What is said of a file that grows beyond all bounds."""
    return Refused(_("这个文件展开以后太大。请删去多余的表、图片和格式，再上传。"), code="workbook_bomb")


def _damaged() -> Refused:
    return Refused(
        _("这个文件打不开，不像 Excel 工作簿。请用 Excel 或 WPS 打开，另存为 .xlsx，再上传。"),
        code="workbook_damaged",
    )
