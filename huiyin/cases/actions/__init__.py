"""Every act on a case, a file each; pages, API, imports and tests all go through these doors."""

from huiyin.cases.actions.accept import accept
from huiyin.cases.actions.accept_silently import accept_silently
from huiyin.cases.actions.accuse import accuse
from huiyin.cases.actions.adjudicate import designate, redispatch, reject_objection
from huiyin.cases.actions.answer import answer
from huiyin.cases.actions.answer_at_once import answer_at_once, register_and_answer
from huiyin.cases.actions.approve import approve
from huiyin.cases.actions.archive import archive
from huiyin.cases.actions.attach import attach
from huiyin.cases.actions.close import close
from huiyin.cases.actions.contact import contact
from huiyin.cases.actions.contest import contest
from huiyin.cases.actions.decline import decline
from huiyin.cases.actions.dispatch import dispatch
from huiyin.cases.actions.explain_and_close import explain_and_close
from huiyin.cases.actions.extend import ask_extension, grant_extension, refuse_extension
from huiyin.cases.actions.merge import merge, unmerge
from huiyin.cases.actions.note import note
from huiyin.cases.actions.object_to import object_to
from huiyin.cases.actions.open_original import Original, open_original
from huiyin.cases.actions.record_told import record_told
from huiyin.cases.actions.redact import redact
from huiyin.cases.actions.redo import redo
from huiyin.cases.actions.register import Intake, PartyIn, Registered, register
from huiyin.cases.actions.reopen import reopen
from huiyin.cases.actions.sign import sign
from huiyin.cases.actions.tell_all import tell_all
from huiyin.cases.actions.withdraw import withdraw

__all__ = [
    "Intake",
    "Original",
    "PartyIn",
    "Registered",
    "accept",
    "accept_silently",
    "accuse",
    "answer",
    "answer_at_once",
    "approve",
    "archive",
    "ask_extension",
    "attach",
    "close",
    "contact",
    "contest",
    "decline",
    "designate",
    "dispatch",
    "explain_and_close",
    "grant_extension",
    "merge",
    "note",
    "object_to",
    "open_original",
    "record_told",
    "redact",
    "redispatch",
    "redo",
    "refuse_extension",
    "register",
    "register_and_answer",
    "reject_objection",
    "reopen",
    "sign",
    "tell_all",
    "unmerge",
    "withdraw",
]
