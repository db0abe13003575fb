"""Progress is drawn on a terminal, told in lines elsewhere, and kept quiet when programs read the output."""

import io

from huiyin.channels.bulk.progress import Bar, Lines, bar, silent


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_lines_come_every_two_seconds_with_count_rate_and_time_left() -> None:
    stream, clock = io.StringIO(), Clock()
    with Bar(1000, Lines(1000, "导入", stream), ticks=clock) as shown:
        for _second in range(5):
            clock.now += 1.0
            shown.advance(100)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 3
    assert lines[0] == "导入：200 / 1000，每秒 100 条，还要 0:08"
    assert lines[1] == "导入：400 / 1000，每秒 100 条，还要 0:06"
    assert "500 / 1000" in lines[2]


def test_what_is_no_terminal_gets_lines_and_no_colours() -> None:
    stream = io.StringIO()
    with bar(3, label="导入", stream=stream) as shown:
        shown.advance(3)
    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()


def test_a_terminal_gets_a_bar() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with bar(3, label="导入", stream=stream) as shown:
        shown.advance(3)
    assert "3/3" in stream.getvalue()


def test_silence_is_silent(capsys) -> None:  # type: ignore[no-untyped-def]
    with silent(3) as shown:
        shown.advance(3)
    assert shown.done == 3
    assert capsys.readouterr() == ("", "")
