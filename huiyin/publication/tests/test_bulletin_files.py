"""Issues as files: PDF/UA and Word from one document, whatever somebody typed; a killed worker leaves no half file."""

import io
import re
import zipfile
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from lxml import etree

from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.publication.bulletins import actions, files, marking, queries
from huiyin.publication.bulletins.document import (
    Chart,
    Code,
    Document,
    Heading,
    Items,
    Matter,
    Paragraph,
    Run,
    Table,
)
from huiyin.publication.bulletins.models import Bulletin, BulletinFile
from huiyin.publication.bulletins.press import fonts, pdf, setting, word
from huiyin.publication.tests.test_bulletins import _uncounted, issued, month, way  # noqa: F401

NOW = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
NASTY = (
    '#set text(red) #panic("x") $x^2$ @ref <b>&amp; `raw` *星* _下_ \\ ~ // /* */ #import "/etc/passwd" '
    "😀 \uffff\ufffe\ue000\u2028\u0301 \u202e倒 \u200f \ud800 \x00\x07\x1b ]]> ${} 𠮷 ກ ﷽"
)


@pytest.fixture(autouse=True)
def _in_december():
    with clock.frozen(NOW):
        yield


def nasty(form: str = "plain", **more) -> Document:
    """A document of every kind of block, each with a text that would break a careless writer."""
    said = [Run(NASTY), Run(" 1,945 ", strong=True)]
    blocks = [
        Heading(2, said), Heading(3, said), Paragraph(said), Items([said, said], numbered=True), Items([said]),
        Table(NASTY, ["甲", "乙"], [[NASTY, "1"]] * 3, (1,), NASTY), Table("空", ["甲", "乙"], [], (1,)),
        Chart("trend", NASTY, "月份", "件", [(NASTY, 3.0, "3"), ("2026-02", 0.0, "0")], NASTY),
        Chart("bars", "没有大小", "类别", "件", [("甲" * 60, 0.0, "0")]), Matter(NASTY, NASTY, NASTY, NASTY),
        Code("http://127.0.0.1:8000/public/?region=a", NASTY),
    ]  # fmt: skip
    head = {
        "series": NASTY,
        "issue": "2026 年第 1 期",
        "reference": "诉〔2026〕1号",
        "office": "听风县" + NASTY,
    }
    return Document(**{"title": NASTY, **head, "day": "2026 年 12 月 7 日", "period": "", "audience": "公开",
                       "notice": NASTY, "form": form, "blocks": blocks, **more})  # fmt: skip


def inside(content: bytes) -> bytes:
    """Everything that a PDF says, its streams unpacked."""
    found = [content]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found)


@pytest.mark.parametrize("form", ["plain", "red", "notice"])
def test_a_pdf_is_tagged_titled_and_in_chinese_whatever_was_typed(form):
    said = inside(pdf.made(nasty(form)))
    for mark in (b"pdfuaid:part", b"/StructTreeRoot", b"/Marked true", b"/DisplayDocTitle true", b"(zh-CN)"):
        assert mark in said, mark
    for tag in (
        b"/H1",
        b"/H2",
        b"/H3",
        b"/P",
        b"/Table",
        b"/TH",
        b"/TD",
        b"/L\n",
        b"/LI",
        b"/Figure",
        b"/Alt",
    ):
        assert tag in said or tag.strip() + b" " in said or tag.strip() + b"/" in said, tag
    assert b"root:x" not in said


def test_a_chart_is_drawn_in_lines_and_not_in_points():
    drawn = Document("题", "刊", "", "", "办", "", "", "", "", "plain", [nasty().blocks[7]])
    assert b"/Subtype /Image" not in inside(pdf.made(drawn)).replace(b"/Subtype/Image", b"/Subtype /Image")


def test_a_hundred_thousand_letters_are_set():
    long = Document(
        "长", "刊", "", "", "办", "", "", "", "", "plain", [Paragraph([Run("很长的一段。" * 16_700)])]
    )
    assert pdf.made(long).startswith(b"%PDF") and word.made(long).startswith(b"PK")


def test_a_letter_that_no_font_has_is_set_as_the_printers_mark():
    assert fonts.printable("中😀文\n𠮷") in ("中〓文\n𠮷", "中〓文\n〓")


def test_a_setter_that_fails_or_hangs_is_said_and_hurts_nobody(monkeypatch):
    with pytest.raises(setting.NotSet):
        setting.as_pdf({"look": {}})
    monkeypatch.setattr(setting, "WAIT", 0.001)
    with pytest.raises(setting.NotSet, match="too long"):
        pdf.made(nasty())
    monkeypatch.setitem(__import__("sys").modules, "pylopdf_fonts_zh_cn", None)
    with pytest.raises(Refused, match="make setup"):
        pdf.made(nasty())


def test_a_word_file_has_styles_a_repeated_head_words_for_pictures_and_the_vector_beside_the_points():
    package = zipfile.ZipFile(io.BytesIO(word.made(nasty("red"))))
    said = package.read("word/document.xml").decode()
    for mark in (
        'w:val="Heading1"',
        'w:val="Heading2"',
        "w:tblHeader",
        "asvg:svgBlip",
        'w:val="ListNumber"',
        "descr=",
    ):
        assert mark in said, mark
    names = package.namelist()
    assert (
        sum(name.endswith(".svg") for name in names) == 2
        and sum(name.endswith(".png") for name in names) >= 2
    )
    assert b"image/svg+xml" in package.read("[Content_Types].xml")
    assert "zh-CN" in package.read("docProps/core.xml").decode()
    assert "#panic" in said and "\x07" not in said and "1,945" in said


def test_marks_in_any_disorder_make_a_document_that_conforms():
    text = "### 先是小标题\n\n##\n\n# 大\n\n#### 小\n\n- \n- # 项\n  - 里面\n\n1. **粗\n\n***\n\n> 引\n\n    缩进\n\n| a |\n|---|"
    blocks = marking.parsed(text, show=lambda name, way: "", draw=lambda name, parts: Paragraph([]))
    paper = nasty(
        blocks=[*blocks, Matter("题", "", "文", "答")], title="题", office="办", series="", notice=""
    )
    assert pdf.made(paper).startswith(b"%PDF") and word.made(paper).startswith(b"PK")


def test_a_notice_hangs_on_one_sheet_however_much_was_published():
    matter = Matter("楼道灯亮了", "石桥街道 · 住建局 2026-10-11 答复", "楼道灯不亮。" * 20, "已经修好。" * 25)
    code = Code("http://127.0.0.1:8000/public/?unit=a", "扫码看全部")
    for many in (1, 6, 15):
        made = pdf.made(nasty("notice", blocks=[*[matter] * many, code], title="题", office="办", notice=""))
        assert pdf._pages(made) == 1


def test_a_long_table_goes_on_on_the_next_page_with_its_head():
    table = Table("长表", ["指标", "说明"], [[f"第 {n} 行", "说明" * 20] for n in range(120)])
    said = inside(pdf.made(nasty(blocks=[table], title="题", office="办", series="刊", notice="")))
    assert len(re.findall(rb"/Type\s*/Page\b", said)) >= 4


# -- the worker ----------------------------------------------------------------------------------------------
@way
@pytest.mark.django_db
def test_the_worker_makes_both_files_and_begins_anew_what_a_killed_one_left(cast, client, monkeypatch):
    row = issued(cast, month(cast))
    monkeypatch.setattr(
        files, "MAKERS", dict.fromkeys(("pdf", "docx"), lambda document: b"%PDF" + document.title.encode())
    )
    first = files._claimed()
    assert first is not None and files.make_waiting() == 1, "another worker leaves a file in hand alone"
    with clock.frozen(NOW + files.SILENT + timedelta(seconds=1)):
        assert files.make_waiting() == 1
    found = list(BulletinFile.objects.filter(bulletin=row))
    assert {each.state for each in found} == {"ready"} and len({each.stored_as for each in found}) == 2
    answer = client.get(f"/bulletins/{row.pk}/file/pdf/")
    assert (
        b"".join(answer.streaming_content).startswith(b"%PDF")
        and "attachment" in answer.headers["Content-Disposition"]
    )
    assert client.get(f"/bulletins/{row.pk}/file/exe/").status_code == 404
    actions.withdraw(row, by=cast.reviewer, reason="有误")
    assert client.get(f"/bulletins/{row.pk}/file/pdf/").status_code == 404
    for each in found:
        default_storage.delete(each.stored_as)


@way
@pytest.mark.django_db
def test_a_file_that_cannot_be_made_says_so_and_the_next_is_made(cast, monkeypatch):
    row = issued(cast, month(cast))

    def fails(document: Document) -> bytes:
        raise setting.NotSet("x")

    monkeypatch.setattr(files, "MAKERS", {"pdf": fails, "docx": lambda document: b"PK"})
    assert files.make_waiting() == 2
    states = dict(BulletinFile.objects.filter(bulletin=row).values_list("kind", "state"))
    assert states == {"pdf": "failed", "docx": "ready"}
    assert BulletinFile.objects.get(kind="pdf").fault == "NotSet"
    assert [each.kind for each in queries.files_of(Bulletin.objects.get())] == ["docx"]
    default_storage.delete(BulletinFile.objects.get(kind="docx").stored_as)


def test_a_word_file_has_page_numbers_and_columns_as_wide_as_what_stands_in_them():
    rows = [["收到", "24", "登记的每一件算一件，并入别件的也算；人次是一件里有多少人一起反映。"]] * 40
    wide = Document(**{**vars(nasty()), "blocks": [Table("数字", ["指标", "数值", "怎么算的"], rows, (1,))]})
    package = zipfile.ZipFile(io.BytesIO(word.made(wide)))
    said = etree.fromstring(package.read("word/document.xml"))
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    grid = [int(each.get(f"{w}w")) for each in said.iter(f"{w}gridCol")]
    cells = [int(each.get(f"{w}w")) for each in next(said.iter(f"{w}tr")).iter(f"{w}tcW")]
    assert grid == cells and grid[2] > 4 * grid[1] and abs(sum(grid) - 15.6 / 2.54 * 1440) < 20
    assert not list(said.iter(f"{w}cantSplit")), (
        "with a repeated head, LibreOffice 7.4 loses rows where a page ends"
    )
    footers = [package.read(name).decode() for name in package.namelist() if "footer" in name]
    assert any("PAGE" in each for each in footers)
    title = next(each for each in said.iter(f"{w}pStyle") if each.get(f"{w}val") == "Heading1")
    assert title is not None and 'w:jc w:val="center"' in package.read("word/styles.xml").decode()
