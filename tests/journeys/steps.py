"""Steps that several stories begin or go on with in the same way."""

from __future__ import annotations

import re

from tests.journeys.pages import Screen


def hand_in(
    citizen: Screen,
    words: str,
    *,
    nature: str = "求助",
    place: str = "石桥街道",
    name: str = "",
    phone: str = "",
) -> tuple[str, str]:
    """Fill in the citizen's form step by step and send it; the number and the code on the receipt."""
    citizen.open("/new/").write("发生了什么", words).tap("下一步").tick("这是一件什么事", nature).tap(
        "下一步"
    )
    citizen.pick("在哪个地方", place).tap("下一步")
    if phone:
        citizen.tick("您的身份让谁知道", "只有受理中心知道").write("您的姓名", name).write("您的电话", phone)
    citizen.press("提交").tells("已经收到")
    number, code = citizen.receipt()
    assert re.fullmatch(r"\d{4}-\d{4}-\d{4}", number)
    return number, code
