"""Addresses of supervision."""

from django.urls import path

from huiyin.web.desk import rechecks
from huiyin.web.supervisor import book, contests, ledgers, pressed, sweeps, views

app_name = "supervisor"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("matters/", views.matters, name="matters"),
    path("sweeps/", sweeps.listing, name="sweeps"),
    path("sweeps/new/", sweeps.new, name="sweep_new"),
    path("sweeps/<int:key>/", sweeps.one, name="sweep"),
    path("sweeps/<int:key>/stop/", sweeps.stop, name="sweep_stop"),
    path("recurrence/", rechecks.figures, name="recurrence"),
    path("ledgers/", ledgers.waiting, name="ledgers"),
    path("ledgers/units/", ledgers.units, name="ledger_units"),
    path("ledgers/<str:unit>/", ledgers.of_unit, name="ledger"),
    path("ledgers/<str:unit>/differences/", ledgers.differences, name="differences"),
    path("book/", book.book, name="book"),
    path("book/file/", book.file, name="book_file"),
    path("representatives/", book.representatives, name="representatives"),
    path("representatives/words/", book.remarks, name="remarks"),
    path("contests/", contests.listing, name="contests"),
    path("pressed/", pressed.listing, name="pressed"),
    path("pressed/<int:key>/", pressed.one, name="pressed_one"),
]
