"""What is kept of a case: the matter itself, its handling, its side roads and its petition papers."""

from huiyin.cases.models.exporting import Export
from huiyin.cases.models.handling import (
    Answer,
    Attachment,
    Contact,
    Extension,
    Note,
    Notice,
    Objection,
    Order,
    PrivateAnswer,
)
from huiyin.cases.models.matter import Case, Category, Exclusion, Party, Point, Reason, Round
from huiyin.cases.models.peers import PeerView
from huiyin.cases.models.petition import Opinion, PriorStep, Review
from huiyin.cases.models.released import ReleasedTitle
from huiyin.cases.models.sideways import (
    Instruction,
    Progress,
    Promise,
    Question,
    Referral,
    Reminder,
    Statement,
    Suspension,
    Termination,
    Whistle,
)

__all__ = [
    "Answer",
    "Attachment",
    "Case",
    "Category",
    "Contact",
    "Exclusion",
    "Export",
    "Extension",
    "Instruction",
    "Note",
    "Notice",
    "Objection",
    "Opinion",
    "Order",
    "Party",
    "PeerView",
    "Point",
    "PriorStep",
    "PrivateAnswer",
    "Progress",
    "Promise",
    "Question",
    "Reason",
    "Referral",
    "ReleasedTitle",
    "Reminder",
    "Review",
    "Round",
    "Statement",
    "Suspension",
    "Termination",
    "Whistle",
]
