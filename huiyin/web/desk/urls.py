"""Addresses of the desk."""

from django.urls import path

from huiyin.web.desk import (
    alike,
    callbacks,
    entry,
    joining,
    many,
    matter,
    measures,
    peers,
    rechecks,
    saved,
    second,
    views,
)
from huiyin.web.search import views as search

app_name = "desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("find/", search.find, name="find"),
    path("matter/<str:number>/", matter.matter, name="matter"),
    path("filters/keep/", saved.keep, name="keep_filter"),
    path("filters/<int:key>/drop/", saved.drop, name="drop_filter"),
    path("many/", many.many, name="many"),
    path("many/do/", many.perform, name="many_do"),
    path("many/undo/", many.undo, name="many_undo"),
    path("many/done/", many.done, name="many_done"),
    path("brought/", views.brought, name="brought"),
    path("rechecks/", rechecks.listing, name="rechecks"),
    path("call-backs/", callbacks.listing, name="call_backs"),
    path("call-backs/take/", callbacks.take, name="call_back_take"),
    path("call-backs/draws/", callbacks.draws, name="draws"),
    path("call-backs/<int:key>/", callbacks.one, name="call_back"),
    path("call-backs/<int:key>/dial/", callbacks.dial, name="call_back_dial"),
    path("call-backs/<int:key>/let-go/", callbacks.let_go, name="call_back_let_go"),
    path("views/", peers.listing, name="peers"),
    path("second-opinions/", second.listing, name="second_opinions"),
    path("measures/", measures.listing, name="measures"),
    path("measures/new/", measures.new, name="measure_new"),
    path("measures/<int:key>/", measures.one, name="measure"),
    path("measures/<int:key>/<slug:act>/", measures.act, name="measure_act"),
    path("entry/alike/", alike.alike, name="alike"),
    path("entry/", entry.entry, name="entry"),
    path("entry/join/<str:number>/", joining.join, name="join"),
    path("entry/<str:number>/", entry.receipt, name="receipt"),
]
