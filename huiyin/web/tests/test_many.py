"""Many matters at once: looked at beforehand, done one after the other, and taken back where that is lawful."""

from datetime import timedelta

import pytest
from django.test import Client

from huiyin.cases import actions
from huiyin.cases.models import Case, Note, Order
from huiyin.cases.rehearsing import rehearse
from huiyin.cases.tests import roads
from huiyin.kernel import batches, clock
from huiyin.web.desk import many

pytestmark = pytest.mark.django_db
MANY, DO, UNDO = "/work/desk/many/", "/work/desk/many/do/", "/work/desk/many/undo/"
DONE = "/work/desk/many/done/"


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


def numbers(*cases):
    return [case.number for case in cases]


def foresee(client, act, cases, **told):
    return client.post(MANY, {"act": act, "case": numbers(*cases), "list": "tab=accepted", **told})


def button(preview):
    """What the button of the preview sends."""
    told = {"once": preview.context["once"], "case": preview.context["good"]}
    for key, value in preview.context["sent"]:
        told.setdefault(key, []).append(value)
    return told


def go_on(client, preview):
    """Press the button of the preview."""
    return client.post(DO, button(preview), follow=True)


def pressed_again_at_work(monkeypatch, client, address, told):
    """While the first row is at work, the same browser sends the same again; its answers, as they come."""
    answers, real = [], many._done
    other = Client()
    other.cookies.update(client.cookies)

    def slow(*row):
        if not answers:
            answers.append(None)  # the second sending may come here too
            answers[0] = other.post(address, told, follow=True)
        return real(*row)

    monkeypatch.setattr(many, "_done", slow)
    return answers


class Killed(BaseException):
    """Nothing that follows in the process happens any more."""


def killed(monkeypatch, client, address, told, *, second, where):
    """Send it, and kill the process at the second matter: before it is done, in the middle, or when it is kept."""

    def dies(name, number, act):
        def half():
            act()
            raise Killed

        if number == second and where == "before":
            raise Killed
        go_on = real(name, number, half if number == second and where == "in the middle" else act)
        if number == second:
            raise Killed
        return go_on

    with monkeypatch.context() as patched:
        real = batches.do
        patched.setattr(batches, "do", dies)
        patched.setattr(batches, "stop", lambda *_told: None)
        with pytest.raises(Killed):
            client.post(address, told)


def a_minute_later():
    return clock.frozen(clock.now() + batches.LEASE + timedelta(seconds=1))


def said(answer):
    return {row["number"]: row["said"] for row in answer.context["rows"]}


def states(*cases):
    return [Case.objects.get(pk=case.pk).state for case in cases]


def test_a_rehearsal_says_what_would_be_refused_and_leaves_nothing(cast):
    good, ended = roads.accepted(cast), roads.closed(cast)
    before = roads.everything()
    assert rehearse(lambda: actions.dispatch(good, by=cast.dispatcher, lead=cast.chengguan)) is None
    assert "不能再派单" in str(
        rehearse(lambda: actions.dispatch(ended, by=cast.dispatcher, lead=cast.chengguan))
    )
    assert roads.everything() == before


def test_boxes_in_the_list_choose_what_is_done_together(cast, sign_in):
    case, other = roads.accepted(cast), roads.accepted(cast)
    client = sign_in(cast.dispatcher)
    assert f'value="{case.number}" form="many"' in client.get("/work/desk/").content.decode()
    answer = client.get(MANY, {"case": [case.number, case.number, "没有"], "list": "tab=accepted"})
    assert [row.number for row in answer.context["cases"]] == [case.number]
    assert [form.act for form in answer.context["forms"]] == ["dispatch", "accept", "merge", "note"]
    assert (
        answer.context["back"] == "/work/desk/?tab=accepted" and other.number not in answer.content.decode()
    )


def test_each_goes_to_the_unit_of_the_duty_list_and_all_come_back(cast, sign_in):
    first, second, gone = roads.accepted(cast), roads.accepted(cast), roads.registered(cast)
    client = sign_in(cast.dispatcher)
    preview = foresee(client, "dispatch", [first, second, gone])
    assert [bool(row["refusal"]) for row in preview.context["rows"]] == [False, False, True]
    assert [row["becomes"] for row in preview.context["rows"]] == ["派给城管局", "派给城管局", ""]
    assert not Order.objects.exists() and preview.context["good"] == numbers(first, second)
    done = go_on(client, preview)
    assert said(done) == {first.number: "", second.number: ""} and done.context["undoable"]
    assert {order.unit for order in Order.objects.all()} == {cast.chengguan}
    back = client.post(UNDO, follow=True)
    assert said(back) == {first.number: "", second.number: ""} and back.context["undone"]
    assert states(first, second) == ["accepted", "accepted"]


def test_what_became_impossible_meanwhile_is_said_for_its_row_and_the_others_are_done(cast, sign_in):
    first, second = roads.accepted(cast), roads.accepted(cast)
    client = sign_in(cast.dispatcher)
    preview = foresee(client, "dispatch", [first, second], lead=cast.weijian.pk)
    actions.dispatch(first, by=cast.dispatcher, lead=cast.chengguan)
    done = go_on(client, preview)
    assert "不能再派单" in said(done)[first.number] and said(done)[second.number] == ""


def test_sent_twice_it_is_done_once(cast, sign_in):
    case, client = roads.accepted(cast), sign_in(cast.clerk)
    preview = foresee(client, "note", [case], text="已电话核实", readers="office")
    go_on(client, preview)
    go_on(client, preview)
    assert Note.objects.filter(case=case).count() == 1


def test_sent_twice_at_once_it_is_done_once_and_both_read_the_same_report(cast, sign_in, monkeypatch):
    case, client = roads.accepted(cast), sign_in(cast.dispatcher)
    told = button(foresee(client, "dispatch", [case]))
    again = pressed_again_at_work(monkeypatch, client, DO, told)
    first = client.post(DO, told, follow=True)
    assert said(first) == {case.number: ""} and first.context["undoable"] and Order.objects.count() == 1
    meanwhile, where = again[0], again[0].redirect_chain[-1][0]
    assert "正在做" in meanwhile.content.decode()
    assert where == first.redirect_chain[-1][0] and said(client.get(where)) == said(first)


def test_taken_back_twice_at_once_it_is_taken_back_once(cast, sign_in, monkeypatch):
    case, client = roads.accepted(cast), sign_in(cast.dispatcher)
    done = go_on(client, foresee(client, "dispatch", [case]))
    told = {"once": done.context["once"]}
    again = pressed_again_at_work(monkeypatch, client, UNDO, told)
    back = client.post(UNDO, told, follow=True)
    assert said(back) == {case.number: ""} and back.context["undone"] and states(case) == ["accepted"]
    assert "正在做" in again[0].content.decode()
    assert said(client.post(UNDO, told, follow=True)) == {case.number: ""}


def test_previews_in_several_tabs_are_each_good(cast, sign_in):
    first, second = roads.accepted(cast), roads.accepted(cast)
    client = sign_in(cast.dispatcher)
    one, two = (foresee(client, "dispatch", [case]) for case in (first, second))
    later, earlier = go_on(client, two), go_on(client, one)
    assert said(later) == {second.number: ""} and said(earlier) == {first.number: ""}
    assert client.get(DONE, {"once": later.context["once"]}).context["rows"] == later.context["rows"]
    client.post(UNDO, {"once": later.context["once"]})
    assert states(first, second) == ["handling", "accepted"], "the one whose button was pressed"


@pytest.mark.parametrize("once", ["", "0" * 32, "没有", "x" * 300])
def test_a_preview_that_is_not_known_is_shown_anew_and_says_so(cast, sign_in, once):
    case, client = roads.accepted(cast), sign_in(cast.clerk)
    go_on(client, foresee(client, "note", [roads.accepted(cast)], text="另一件", readers="office"))
    preview = foresee(client, "note", [case], text="已电话核实", readers="office")
    anew = client.post(DO, {**button(preview), "once": once})
    assert anew.status_code == 422 and "什么都没有做" in anew.content.decode()
    assert not Note.objects.filter(case=case).exists() and anew.context["good"] == [case.number]
    assert said(go_on(client, anew)) == {case.number: ""}
    assert client.get(DONE, {"once": once}).status_code == (200 if once == "" else 302)


def test_only_a_few_previews_are_kept(cast, sign_in):
    case, client = roads.accepted(cast), sign_in(cast.clerk)
    previews = [
        foresee(client, "note", [case], text="核实", readers="office") for _n in range(many.MOST_OPEN + 1)
    ]
    assert client.post(DO, button(previews[0])).status_code == 422
    assert client.post(DO, button(previews[2])).status_code == 302
    assert Note.objects.filter(case=case).count() == 1


def test_a_fault_in_the_middle_keeps_what_was_done_and_says_what_was_not(cast, sign_in, monkeypatch):
    first, second, client = roads.accepted(cast), roads.accepted(cast), sign_in(cast.clerk)
    preview = foresee(client, "note", [first, second], text="核实", readers="office")
    real = many._done

    def breaks(by, number, act):
        if number == second.number:
            raise RuntimeError
        return real(by, number, act)

    monkeypatch.setattr(many, "_done", breaks)
    with pytest.raises(RuntimeError):
        client.post(DO, button(preview))
    monkeypatch.undo()
    answer = said(go_on(client, preview))
    assert answer[first.number] == "" and "出了故障" in answer[second.number]
    assert Note.objects.count() == 1


@pytest.mark.parametrize(("where", "notes"), [("before", 1), ("in the middle", 1), ("after", 2)])
def test_a_batch_whose_maker_is_gone_says_so_soon_and_its_rest_is_done_once(
    cast, sign_in, monkeypatch, where, notes
):
    first, second, third = (roads.accepted(cast) for _each in range(3))
    client = sign_in(cast.clerk)
    told = button(foresee(client, "note", [first, second, third], text="已电话核实", readers="office"))
    killed(monkeypatch, client, DO, told, second=second.number, where=where)
    at_work = client.post(DO, told, follow=True).content.decode()
    assert "正在做" in at_work and f"一共 3 件，已经做完 {notes} 件" in at_work
    with a_minute_later():
        broken = client.get(DONE)
        assert [number for number, why in said(broken).items() if not why] == numbers(first, second)[:notes]
        rest = numbers(first, second, third)[notes:]
        assert all("出了故障" in said(broken)[number] for number in rest) and broken.context["rest"] == rest
        assert f"有 {3 - notes} 件没有做" in broken.content.decode()
        assert all(row["title"] for row in broken.context["rows"]), "a number twice says less than its title"
        preview = client.post(MANY, {**dict(broken.context["sent"]), "case": rest})
        assert preview.context["good"] == rest and "tab=accepted" in preview.context["back"]
        client.post(DO, told)
        assert Note.objects.count() == notes, "what is sent again is not done again"
        assert set(said(go_on(client, preview)).values()) == {""}
    assert sorted(Note.objects.values_list("case", flat=True)) == sorted(
        case.pk for case in (first, second, third)
    )


def test_a_maker_who_was_only_slow_does_no_more_once_the_batch_is_said_to_be_broken(
    cast, sign_in, monkeypatch
):
    first, second = roads.accepted(cast), roads.accepted(cast)
    client, other, real = sign_in(cast.clerk), Client(), batches.do
    told = button(foresee(client, "note", [first, second], text="已电话核实", readers="office"))
    other.cookies.update(client.cookies)

    def slow(name, number, act):
        if number == second.number:
            with a_minute_later():
                assert other.get(DONE, {"once": told["once"]}).context["rest"] == [second.number]
        return real(name, number, act)

    monkeypatch.setattr(batches, "do", slow)
    report = client.post(DO, told, follow=True)
    assert said(report)[first.number] == "" and report.context["rest"] == [second.number]
    assert Note.objects.get().case == first


def test_what_is_told_of_a_batch_lies_sealed(cast, sign_in):
    case, client = roads.accepted(cast), sign_in(cast.clerk)
    told = button(foresee(client, "note", [case], text="已电话核实", readers="office"))
    client.post(DO, told)
    about = batches.find(told["once"]).about
    assert "已电话核实" not in str(about) and about["sent"].token_for(many.SENT)


def test_a_taking_back_whose_maker_is_gone_says_so_and_its_rest_is_taken_back(cast, sign_in, monkeypatch):
    first, second = roads.accepted(cast), roads.accepted(cast)
    client = sign_in(cast.dispatcher)
    told = {"once": go_on(client, foresee(client, "dispatch", [first, second])).context["once"]}
    killed(monkeypatch, client, UNDO, told, second=second.number, where="before")
    assert "正在做" in client.post(UNDO, told, follow=True).content.decode()
    with a_minute_later():
        broken = client.get(DONE, told)
        assert broken.context["rest"] == [second.number] and "撤回其余的" in broken.content.decode()
        assert said(client.post(UNDO, told, follow=True)) == said(broken), "an older button"
        back = client.post(UNDO, {"once": broken.context["once"]}, follow=True)
    assert said(back) == {second.number: ""} and not back.context["undoable"]
    assert states(first, second) == ["accepted", "accepted"]


def test_after_its_minutes_a_batch_is_not_taken_back(cast, sign_in):
    case, client = roads.accepted(cast), sign_in(cast.dispatcher)
    go_on(client, foresee(client, "dispatch", [case]))
    with clock.frozen(roads.MONDAY + timedelta(minutes=11)):
        back = client.post(UNDO, follow=True)
    assert "不能再撤回" in said(back)[case.number] and states(case) == ["handling"]


def test_matters_are_merged_into_one_and_taken_out_again(cast, sign_in):
    parent, first, second = (roads.registered(cast) for _n in range(3))
    client = sign_in(cast.clerk)
    preview = foresee(client, "merge", [first, second, parent], number=parent.number)
    assert [bool(row["refusal"]) for row in preview.context["rows"]] == [False, False, True]
    go_on(client, preview)
    assert states(first, second) == ["merged", "merged"]
    client.post(UNDO)
    assert states(first, second, parent) == ["registered"] * 3


def test_accepting_and_archiving_together(cast, sign_in):
    waiting, ended = roads.registered(cast), roads.closed(cast)
    client = sign_in(cast.clerk)
    done = go_on(client, foresee(client, "accept", [waiting], category=cast.night_noise.pk))
    assert not done.context["undoable"] and "这一步不能撤回" in done.content.decode()
    client = sign_in(cast.reviewer)
    go_on(client, foresee(client, "archive", [ended]))
    assert states(waiting, ended) == ["accepted", "archived"]


def test_what_is_missing_is_said_and_nothing_is_lost(cast, sign_in):
    case, client = roads.registered(cast), sign_in(cast.clerk)
    answer = foresee(client, "accept", [case], category="")
    assert answer.status_code == 422 and "请选择：类别" in answer.content.decode()
    assert [row.number for row in answer.context["cases"]] == [case.number]
    assert "在列表里勾选几件" in client.get(MANY).content.decode()


def test_nobody_reaches_what_is_hidden_from_them(cast, sign_in):
    report = roads.registered(cast, nature="report")
    for who, status in ((cast.handler, 403), (cast.supervisor, 403), (cast.caller, 200)):
        answer = sign_in(who).get(MANY, {"case": report.number})
        assert answer.status_code == status and report.title not in answer.content.decode()
    client = sign_in(cast.caller)
    own = roads.registered(cast)
    preview = foresee(client, "note", [own], text="记一笔", readers="office")
    told = {
        "once": preview.context["once"],
        "case": [report.number],
        "act": "note",
        "text": "记",
        "readers": "office",
    }
    assert "看不到它" in said(client.post(DO, told, follow=True))[report.number]
    assert not Note.objects.exists()


def test_a_report_of_a_batch_is_for_the_post_that_did_it(cast, sign_in):
    case, client = roads.accepted(cast), sign_in(cast.clerk)
    go_on(client, foresee(client, "note", [case], text="已核实", readers="office"))
    report = client.get(DONE)
    assert report.status_code == 200
    other, named = sign_in(cast.second_clerk), {"once": report.context["once"]}
    assert other.get(DONE)["Location"] == other.get(DONE, named)["Location"] == "/work/desk/"
    assert other.post(UNDO, named)["Location"] == "/work/desk/"
