"""Addresses of a case and of the acts on it."""

from django.urls import path

from huiyin.web.acts import views as acts
from huiyin.web.cases import aids, apart, views

app_name = "cases"
urlpatterns = [
    path("<str:number>/", views.case, name="case"),
    path("<str:number>/aids/", aids.aids, name="aids"),
    path("<str:number>/original/", views.original, name="original"),
    path("<str:number>/call/", views.call, name="call"),
    path("<str:number>/private/", apart.private, name="private"),
    path("<str:number>/joined/", apart.joined, name="joined"),
    path("<str:number>/order/<int:key>/", views.order, name="order"),
    path("<str:number>/files/<int:key>/", views.file, name="file"),
    path("<str:number>/papers/<slug:kind>/", views.paper, name="paper"),
    path("<str:number>/papers/<slug:kind>/pdf/", views.paper_file, name="paper_file"),
    path("<str:number>/<slug:name>/", acts.act, name="act"),
    path("<str:number>/<slug:name>/<int:target>/", acts.act, name="act"),
]
