"""What people do in a home on the day after an upgrade; run as a program in that home, it prints what they met.

It runs apart from the tests' own process, because that one has settled for a home and a database already.
"""

import json
import os
import sys
import uuid
from typing import Any

import django


def main(known: dict[str, str]) -> dict[str, Any]:
    """Read lists, cases and one's own page; then a matter is handed in and accepted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.test import Client

    from huiyin.cases.models import Attachment, Case, Category
    from huiyin.channels.web.mine import parties
    from huiyin.channels.web.signing_in import contact_of

    settings.ALLOWED_HOSTS = ["*"]
    clerk, citizen, auditor = Client(), Client(), Client()
    for browser, post in ((clerk, "centre-clerk"), (auditor, "centre-reviewer")):
        browser.post("/accounts/demo/", {"post": post})
    met: dict[str, Any] = {"cases": Case.objects.count(), "pages": {}}
    numbers = list(Case.objects.order_by("pk").values_list("number", flat=True))
    for address in ("/", "/public/", "/figures/", "/statements/", "/standards/", "/new/"):
        met["pages"][address] = citizen.get(address).status_code
    for address in ("/work/desk/", "/work/desk/?tab=all", "/work/desk/measures/"):
        met["pages"][address] = clerk.get(address).status_code
    met["case_pages"] = sorted({browser.get(f"/work/cases/{number}/").status_code
                                for browser in (clerk, auditor) for number in numbers})  # fmt: skip

    page = citizen.post("/follow/", {"number": known["number"], "code": known["code"]}, follow=True)
    met["own_page"] = page.status_code, "石桥路" in page.content.decode()
    file = Attachment.objects.get(case__number=known["number"])
    read = citizen.get(f"/follow/{known['number']}/files/{file.pk}/")
    met["file"] = b"".join(read).decode() if read.status_code == 200 else read.status_code  # type: ignore[arg-type]
    met["by_mailbox"] = parties(contact_of("mail", known["mailbox"])).count()
    met["found"] = known["number"] in clerk.get("/work/search/", {"q": "路灯"}).content.decode()

    told = {"text": "井盖松了，车一压就响。", "key": str(uuid.uuid4()), "nature": "appeal", "headcount": "1",
            "confidentiality": "sealed", "phone": "13800000003"}  # fmt: skip
    made = citizen.post("/new/", told)
    case = Case.objects.order_by("-pk")[0]
    met["handed_in"] = made.status_code, case.number in made["Location"]
    accepted = {"category": Category.objects.order_by("pk").values_list("pk", flat=True)[0], "urgency": "normal",
                "readable_title": case.title, "readable_text": case.text, "readable_place": case.place}  # fmt: skip
    met["accepted"] = clerk.post(f"/work/cases/{case.number}/accept/", accepted).status_code
    old = Case.objects.filter(state="registered", nature="appeal").exclude(pk=case.pk).order_by("pk")[0]
    accepted |= {"readable_title": old.title, "readable_text": old.text, "readable_place": old.place}
    met["old_accepted"] = clerk.post(f"/work/cases/{old.number}/accept/", accepted).status_code
    met["states"] = [Case.objects.get(pk=each.pk).state for each in (case, old)]
    return met


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1])), ensure_ascii=False))
