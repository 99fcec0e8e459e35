from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.mechanisms.supervision.web import cards, orders, register, rules

app_name = "supervision"
urlpatterns: list[URLPattern] = [
    path("cards/", cards.cards, name="cards"),
    path("cards/new/", cards.card_new, name="card-new"),
    path("cards/<slug:number>/", cards.card, name="card"),
    path("cards/<slug:number>/moves/<slug:transition>/", cards.card_step, name="card-move"),
    path("cards/<slug:number>/letter/", cards.letter, name="card-letter"),
    path("cards/<slug:number>/files/<slug:which>/", cards.attachment, name="card-file"),
    path("orders/", orders.orders, name="orders"),
    path("orders/new/", orders.order_new, name="order-new"),
    path("orders/<slug:number>/", orders.order, name="order"),
    path("orders/<slug:number>/moves/<slug:transition>/", orders.order_step, name="order-move"),
    path("orders/<slug:number>/letters/<int:letter>/", orders.order_paper, name="order-letter"),
    path("orders/<slug:number>/file/", orders.order_file, name="order-file"),
    path("rules/", rules.rules, name="rules"),
    path("rules/propose/", rules.propose, name="rules-propose"),
    path("rules/<int:number>/", rules.version, name="rules-version"),
    path("rules/<int:number>/<slug:transition>/", rules.decide, name="rules-move"),
    path("register/", register.register, name="register"),
]
