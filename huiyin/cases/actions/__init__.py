"""Every act on a case, a file each; pages, API, imports and tests all go through these doors."""

from huiyin.cases.actions.accept import accept
from huiyin.cases.actions.accept_silently import accept_silently
from huiyin.cases.actions.accuse import accuse
from huiyin.cases.actions.add_party import Joined, add_party
from huiyin.cases.actions.adjudicate import designate, redispatch, reject_objection
from huiyin.cases.actions.advise_route import advise_route
from huiyin.cases.actions.agency import appoint_agent, end_agency
from huiyin.cases.actions.answer import answer
from huiyin.cases.actions.answer_at_once import answer_at_once, register_and_answer
from huiyin.cases.actions.answer_privately import answer_privately
from huiyin.cases.actions.appoint_spokespersons import appoint_spokespersons
from huiyin.cases.actions.approve import approve
from huiyin.cases.actions.archive import archive
from huiyin.cases.actions.ask_peer import ask_peer, entrust_view, take_peer_back
from huiyin.cases.actions.ask_petitioner import ask_petitioner, supplement_lapsed, supply
from huiyin.cases.actions.ask_review import ask_rereview, ask_review
from huiyin.cases.actions.ask_upward import answer_upward, ask_upward, take_question_back
from huiyin.cases.actions.attach import attach
from huiyin.cases.actions.call import call
from huiyin.cases.actions.change_level import escalate, take_down
from huiyin.cases.actions.close import close
from huiyin.cases.actions.comment import comment
from huiyin.cases.actions.confer_and_designate import confer_and_designate
from huiyin.cases.actions.contact import contact
from huiyin.cases.actions.contest import contest
from huiyin.cases.actions.contribute import contribute
from huiyin.cases.actions.coordinate import coordinate
from huiyin.cases.actions.counsel import counsel, record_counselling
from huiyin.cases.actions.decide_review import decide_rereview, decide_review
from huiyin.cases.actions.decline import decline
from huiyin.cases.actions.delegate import delegate
from huiyin.cases.actions.dispatch import dispatch
from huiyin.cases.actions.explain_and_close import explain_and_close
from huiyin.cases.actions.extend import ask_extension, grant_extension, refuse_extension
from huiyin.cases.actions.finalise import finalise
from huiyin.cases.actions.forward import chase, forward, record_outcome, record_receipt, take_back
from huiyin.cases.actions.give_opinion import OpinionIn, give_opinion
from huiyin.cases.actions.give_view import give_view, weigh_view
from huiyin.cases.actions.hand_over import hand_over, hand_over_and_end
from huiyin.cases.actions.hearing import end_hearing, hold_hearing
from huiyin.cases.actions.incident import declare_incident, end_incident, explain_to_all
from huiyin.cases.actions.instruct import (
    ask_again,
    instruct,
    progress_on,
    report_on,
    settle_instruction,
)
from huiyin.cases.actions.join import join
from huiyin.cases.actions.leave import leave
from huiyin.cases.actions.merge import merge, unmerge
from huiyin.cases.actions.note import note
from huiyin.cases.actions.object_to import object_to
from huiyin.cases.actions.open_original import Original, open_original
from huiyin.cases.actions.private_part import open_private, tell_privately
from huiyin.cases.actions.promise import change_promise, fulfil_promise
from huiyin.cases.actions.recall_order import recall_order
from huiyin.cases.actions.record_prior_step import record_prior_step
from huiyin.cases.actions.record_told import record_told
from huiyin.cases.actions.redact import redact
from huiyin.cases.actions.redo import redo
from huiyin.cases.actions.refer_elsewhere import refer_elsewhere, resume_from, settled_elsewhere
from huiyin.cases.actions.register import Intake, PartyIn, Registered, register
from huiyin.cases.actions.release_title import release_title, take_title_back
from huiyin.cases.actions.remind import remind
from huiyin.cases.actions.reopen import reopen
from huiyin.cases.actions.sign import sign
from huiyin.cases.actions.split import split
from huiyin.cases.actions.statement import (
    correct_statement,
    make_statement,
    owe_statement,
    take_statement_back,
)
from huiyin.cases.actions.suspend import (
    approve_suspension,
    end_suspension,
    propose_suspension,
    refuse_suspension,
    suspension_due,
)
from huiyin.cases.actions.take_over import take_over
from huiyin.cases.actions.take_review_back import take_review_back
from huiyin.cases.actions.tell_all import tell_all
from huiyin.cases.actions.terminate import confirm_termination, propose_termination, refuse_termination
from huiyin.cases.actions.whistle import judge_whistle, report_in, whistle
from huiyin.cases.actions.withdraw import withdraw

__all__ = [
    "Intake",
    "Joined",
    "OpinionIn",
    "Original",
    "PartyIn",
    "Registered",
    "accept",
    "accept_silently",
    "accuse",
    "add_party",
    "advise_route",
    "answer",
    "answer_at_once",
    "answer_privately",
    "answer_upward",
    "appoint_agent",
    "appoint_spokespersons",
    "approve",
    "approve_suspension",
    "archive",
    "ask_again",
    "ask_extension",
    "ask_peer",
    "ask_petitioner",
    "ask_rereview",
    "ask_review",
    "ask_upward",
    "attach",
    "call",
    "change_promise",
    "chase",
    "close",
    "comment",
    "confer_and_designate",
    "confirm_termination",
    "contact",
    "contest",
    "contribute",
    "coordinate",
    "correct_statement",
    "counsel",
    "decide_rereview",
    "decide_review",
    "declare_incident",
    "decline",
    "delegate",
    "designate",
    "dispatch",
    "end_agency",
    "end_hearing",
    "end_incident",
    "end_suspension",
    "entrust_view",
    "escalate",
    "explain_and_close",
    "explain_to_all",
    "finalise",
    "forward",
    "fulfil_promise",
    "give_opinion",
    "give_view",
    "grant_extension",
    "hand_over",
    "hand_over_and_end",
    "hold_hearing",
    "instruct",
    "join",
    "judge_whistle",
    "leave",
    "make_statement",
    "merge",
    "note",
    "object_to",
    "open_original",
    "open_private",
    "owe_statement",
    "progress_on",
    "propose_suspension",
    "propose_termination",
    "recall_order",
    "record_counselling",
    "record_outcome",
    "record_prior_step",
    "record_receipt",
    "record_told",
    "redact",
    "redispatch",
    "redo",
    "refer_elsewhere",
    "refuse_extension",
    "refuse_suspension",
    "refuse_termination",
    "register",
    "register_and_answer",
    "reject_objection",
    "release_title",
    "remind",
    "reopen",
    "report_in",
    "report_on",
    "resume_from",
    "settle_instruction",
    "settled_elsewhere",
    "sign",
    "split",
    "supplement_lapsed",
    "supply",
    "suspension_due",
    "take_back",
    "take_down",
    "take_over",
    "take_peer_back",
    "take_question_back",
    "take_review_back",
    "take_statement_back",
    "take_title_back",
    "tell_all",
    "tell_privately",
    "unmerge",
    "weigh_view",
    "whistle",
    "withdraw",
]
