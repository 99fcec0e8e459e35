from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.surfaces.portal.web import account, provider, views

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/second/", views.second, name="second"),
    path("sign-in/again/", views.again, name="again"),
    path("sign-in/oidc/", provider.oidc_go, name="oidc-go"),
    path("sign-in/oidc/back/", provider.oidc_back, name="oidc-back"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/", views.language, name="language"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/factor/", account.factor, name="factor"),
    path("account/factor/codes/", account.codes, name="codes"),
    path("account/sessions/", account.sessions, name="sessions"),
]
