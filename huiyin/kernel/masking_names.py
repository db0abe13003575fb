"""Finds personal names only where a Chinese text announces them: 我叫…, 姓名：…, 联系人…, 户主…, 本人….

Pure, and by rule: a surname from the list, one or two more characters, and something after them that ends a name.
"""

import re
from collections.abc import Iterator

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾萧肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁"
    "岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时"
    "阳阎穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞"
    "敖巩明佘池查麻苑迟邝朴洪季郁洛"
)
_COMPOUND = frozenset(
    re.findall(r"\S+", "欧阳 上官 司马 诸葛 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 东方 端木 南宫 闻人 宇文 长孙")
)
# Surnames that are everyday words too: after a bare 本人 or 联系人 they count only before a sure ending.
_WORDS_TOO = frozenset(
    "于曾方时向常成全应和连单明安文高管解路房边包宁关尚简车项党费冷席卫师商沙查麻江任许万毕何马严申施祝左农尤符温康钱金石白牛田古易"
    "段盛游华阳米景宫周谢陈钟程章武史黄兰苗余计凌池桑"
)
_NO_NAMES = frozenset(
    re.findall(
        r"\S+",
        "和联 和电 和身 和住 陈述 谢谢 周末 周一 周二 周三 周四 周五 周六 周日 周边 申请 申诉 毕业 马上 严重 何时 任何 任职 许多 万分 程序 高度 高兴 高中 "
        "方便 方面 时间 时常 经常 常年 常住 成为 全家 全部 应该 连续 明确 安全 文化 管理 解决 路过 路边 房屋 房子 关于 关注 简单 车辆 "
        "项目 党员 费用 师傅 商户 商铺 江苏 武汉 兰州 黄山 金额 钱包 石家 温州 农民 农村 符合 尤其 康复 华人 宁波 吉林 安徽 白天 向上 "
        "于是 于今 于昨 于上 于去 曾经 曾多 曾向 单位 边上 左右 左边 游客 段时 马路 包括 古城 易地 余款 施工 祝愿 祝福 司机 司法 卫生",
    )
)
_HAN = r"[\u4e00-\u9fff\u3400-\u4dbf]"
# Begins with plain words: the search then skips from one first letter to the next.
_ANNOUNCED = re.compile(
    r"(名叫|叫做|叫|姓名|名字|联系人|户主|业主|法人代表|法定代表人|法人|当事人|举报人|投诉人|申请人|来电人|反映人|经办人|负责人"
    r"|收件人|本人)(姓名|名字|名叫|叫做|叫)?(?:是|为|系|叫)?[ ]{0,3}(:)?[ ]{0,3}"
)
_NAMING = frozenset(["名叫", "叫做", "叫", "姓名", "名字"])
_DOTTED = re.compile(rf"{_HAN}{{1,8}}(?:·{_HAN}{{1,8}}){{1,3}}")
_ENDS = frozenset(" \t\r\n,，.。;；、:：!！?？()（）[]【】《》\"“”'‘’/|-~〔〕0123456789+")
_GOES_ON = frozenset("男女住家是系现今在电手身的因来想要年,及与和等身我今")
_SURE_END = re.compile(
    r"[ ,，、(（:：]{0,3}(?:男|女|\+?\d{3}|身份证|电话|手机|联系|系|现住|住|家住|年龄|汉族|今年)"
)


def announced_names(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it is certain) of every announced name; `text` is in half-width letters."""
    for match in _ANNOUNCED.finditer(text):
        told = bool(match[1] in _NAMING or match[2] or match[3])
        end, sure = _name_at(text, match.end(), told=told)
        if end and (told or _ended(text, end)):
            yield match.end(), end, sure and told


def _name_at(text: str, start: int, *, told: bool) -> tuple[int, bool]:
    """Where the name that begins at `start` ends (0: there is none), and whether it ends clearly."""
    dotted = _DOTTED.match(text, start)
    if dotted:
        return dotted.end(), True
    word = text[start : start + 5]
    compound = word[:2] in _COMPOUND
    if not compound and (word[:1] not in _SURNAMES or word[:2] in _NO_NAMES):
        return 0, False
    length = _length(word, 2 if compound else 1)
    if not length:
        return 0, False
    end = start + length
    if not told and word[0] in _WORDS_TOO and not _SURE_END.match(text, end):
        return 0, False
    if told and word[0] in _WORDS_TOO and not _ended(text, end):
        return 0, False
    return end, _ended(text, end)


def _length(word: str, surname: int) -> int:
    """How many characters belong to the name: the surname and one or two more."""
    given = word[surname : surname + 2]
    if not given or not _is_han(given[0]):
        return 0
    if len(given) == 1 or not _is_han(given[1]) or given[1] in _GOES_ON:
        return surname + 1
    return surname + 2


def _ended(text: str, end: int) -> bool:
    return end >= len(text) or text[end] in _ENDS or text[end] in _GOES_ON


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"
