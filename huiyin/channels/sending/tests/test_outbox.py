"""The outbox: once inside, at most once outside, and honest about what nobody can know."""

import os
import signal
import smtplib
from datetime import timedelta
from multiprocessing import get_context

import pytest

from huiyin.channels.models import Sending
from huiyin.channels.sending import outbox, ways
from huiyin.channels.sending.folder import Folder
from huiyin.channels.sending.letters import Letter, NotTaken
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db


class Way:
    """A way out that does what a test says, and remembers what it took."""

    def __init__(self, *answers, knows_keys=False):
        self.answers, self.took, self.knows_keys = list(answers), [], knows_keys

    def deliver(self, letter: Letter) -> str:
        answer = self.answers.pop(0) if self.answers else "ok"
        if isinstance(answer, NotTaken):
            raise answer
        self.took.append(letter)
        if isinstance(answer, BaseException):
            raise answer
        return answer


@pytest.fixture
def out(monkeypatch):
    def use(*answers, **more):
        way = Way(*answers, **more)
        monkeypatch.setattr(outbox, "way", lambda channel: way)
        return way

    return use


def prepared(key="sign-in:1", minutes=10) -> Sending:
    until = clock.now() + timedelta(minutes=minutes)
    return outbox.prepare(ways.SMS, to="+8613800000001", text="验证码 123456", key=key, expires_at=until)


def now(row: Sending) -> Sending:
    return Sending.objects.get(pk=row.pk)


def later(**span):
    return clock.frozen(clock.now() + timedelta(**span))


def test_a_message_goes_out_once_and_what_it_said_is_forgotten(out):
    way, row = out("receipt-7"), prepared()
    assert outbox.send_prepared() == 1 and outbox.send_prepared() == 0
    assert [letter.key for letter in way.took] == ["sign-in:1"]
    row = now(row)
    assert (row.state, row.trace, row.to, row.text, row.tries) == ("sent", "receipt-7", None, None, 1)


def test_one_key_is_one_message(out):
    out()
    assert prepared().pk == prepared().pk and Sending.objects.count() == 1


def test_what_the_other_side_has_not_taken_goes_again_with_growing_pauses_and_not_for_ever(out):
    no = [NotTaken("busy", permanent=False)] * outbox.MOST_TRIES
    way, row = out(*no), prepared(minutes=600)
    for n in range(outbox.MOST_TRIES):
        assert now(row).state == "prepared"
        with later(minutes=5 * (n + 1)):
            outbox.send_prepared()
    row = now(row)
    assert (row.state, row.fault, row.text, way.took) == ("failed", "busy", None, [])


def test_a_pause_is_kept(out):
    out(NotTaken("busy", permanent=False))
    prepared()
    assert outbox.send_prepared() == 1 and outbox.send_prepared() == 0


def test_a_number_that_is_none_is_given_up_at_once(out):
    out(NotTaken("550", permanent=True))
    row = prepared()
    outbox.send_prepared()
    assert (now(row).state, now(row).fault) == ("failed", "550")


def test_a_line_that_broke_in_the_middle_leaves_it_uncertain_and_it_never_goes_again_by_itself(out):
    way, row = out(TimeoutError("no answer")), prepared()
    outbox.send_prepared()
    assert now(row).state == "uncertain"
    with later(minutes=5):
        outbox.send_prepared()
    assert len(way.took) == 1 and now(row).state == "uncertain"
    with later(minutes=11):
        outbox.send_prepared()
    assert (now(row).state, now(row).text, now(row).fault) == ("uncertain", None, "expired")


def test_a_way_that_knows_keys_is_asked_again_with_the_same_key(out):
    way, row = out(TimeoutError("no answer"), "ok", knows_keys=True), prepared()
    outbox.send_prepared()
    with later(minutes=2):
        outbox.send_prepared()
    assert [letter.key for letter in way.took] == ["sign-in:1"] * 2 and now(row).state == "sent"


def test_what_is_too_old_to_be_of_use_does_not_go(out):
    way, row = out(), prepared()
    with later(minutes=11):
        outbox.send_prepared()
    assert (way.took, now(row).state, now(row).text) == ([], "failed", None)


def test_two_workers_send_it_once(out):
    way, row = out(), prepared()
    same = now(row)
    assert outbox.send(row) and not outbox.send(same) and len(way.took) == 1


def test_without_a_way_out_it_fails_in_words(settings):
    settings.HUIYIN_SMS = "none"
    row = prepared()
    outbox.send_prepared()
    assert (now(row).state, now(row).fault) == ("failed", "no way out")


# -- killed in between -----------------------------------------------------------------------------------------
class Deadly(Way):
    """Takes the letter and is gone before anybody hears of it."""

    def deliver(self, letter: Letter) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return ""


def _send_and_die(key: str) -> None:
    from django.db import connection

    connection.close()
    outbox.way = lambda channel: Deadly()
    outbox.send(Sending.objects.get(key=key))


@pytest.mark.django_db(transaction=True)
def test_whoever_dies_while_it_leaves_leaves_it_uncertain(out, request):
    from django.db import connection

    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("a database in memory is not seen by another process")
    row = prepared()
    child = get_context("fork").Process(target=_send_and_die, args=(row.key,))
    connection.close()
    child.start()
    child.join(20)
    assert child.exitcode == -signal.SIGKILL
    assert (now(row).state, now(row).tries) == ("uncertain", 1)
    way = out()
    with later(minutes=5):
        outbox.send_prepared()
    assert way.took == [] and now(row).state == "uncertain"


# -- ways ------------------------------------------------------------------------------------------------------
def test_the_folder_keeps_one_file_a_key_for_its_owner_alone(tmp_path):
    folder = Folder(tmp_path / "outbox")
    letter = Letter(to="+8613800000001", text="验证码 123456", key="sign-in:1")
    assert folder.deliver(letter) == folder.deliver(letter) == "sign-in-1.txt"
    [file] = (tmp_path / "outbox").iterdir()
    assert "123456" in file.read_text() and file.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_has_taken_nothing(tmp_path):
    (tmp_path / "outbox").write_text("a file")
    with pytest.raises(NotTaken) as no:
        Folder(tmp_path / "outbox").deliver(Letter(to="x", text="y", key="k"))
    assert not no.value.permanent


class Server:
    """Django's mail connection, as far as it is used; says what a server would."""

    def __init__(self, opening=None, sending=None):
        self.opening, self.sending, self.sent = opening, sending, []

    def open(self):
        if self.opening:
            raise self.opening

    def send_messages(self, messages):
        if self.sending:
            raise self.sending
        self.sent += messages
        return len(messages)

    def close(self):
        pass


LETTER = Letter(to="ding@example.cn", text="验证码 123456", key="sign-in:9", subject="验证码")


def smtp(monkeypatch, **more):
    from huiyin.channels.mail import smtp as module

    server = Server(**more)
    monkeypatch.setattr(module, "get_connection", lambda timeout: server)
    return module.Smtp(), server


def test_an_e_mail_bears_its_key_as_its_name(monkeypatch):
    way, server = smtp(monkeypatch)
    name = way.deliver(LETTER)
    assert name.startswith("<sign-in.9@") and server.sent[0].message()["Message-ID"] == name


@pytest.mark.parametrize(
    ("fault", "permanent"),
    [
        ({"opening": ConnectionRefusedError()}, False),
        ({"opening": smtplib.SMTPAuthenticationError(535, b"no")}, False),
        ({"sending": smtplib.SMTPRecipientsRefused({"x": (550, b"unknown")})}, True),
        ({"sending": smtplib.SMTPRecipientsRefused({"x": (450, b"later")})}, False),
        ({"sending": smtplib.SMTPDataError(554, b"no")}, True),
    ],
)
def test_a_server_that_says_no_has_not_taken_it(monkeypatch, fault, permanent):
    way, _server = smtp(monkeypatch, **fault)
    with pytest.raises(NotTaken) as no:
        way.deliver(LETTER)
    assert no.value.permanent == permanent


def test_a_server_that_goes_silent_leaves_it_open(monkeypatch):
    way, _server = smtp(monkeypatch, sending=smtplib.SMTPServerDisconnected("gone"))
    with pytest.raises(smtplib.SMTPServerDisconnected):
        way.deliver(LETTER)
