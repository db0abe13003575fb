"""Addresses of the units."""

from django.urls import path

from huiyin.web.unit import figures, ledger, peers, promises, ratings, sweeps, views

app_name = "unit"
urlpatterns = [
    path("", views.orders, name="orders"),
    path("promises/", promises.due, name="promises"),
    path("sweeps/", sweeps.listing, name="sweeps"),
    path("sweeps/<int:key>/", sweeps.one, name="sheet"),
    path("sweeps/<int:key>/find/", sweeps.find, name="sheet_find"),
    path("ledger/", ledger.own, name="ledger"),
    path("ledger/differences/", ledger.own_differences, name="differences"),
    path("views/", peers.listing, name="peers"),
    path("views/<int:key>/", peers.one, name="peer"),
    path("views/<int:key>/entrust/", peers.entrust, name="entrust"),
    path("ratings/", ratings.ratings, name="ratings"),
    path("figures/", figures.figures, name="figures"),
]
