from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.mechanisms.detection.web import back_tests, findings, rules

app_name = "detection"
urlpatterns: list[URLPattern] = [
    path("findings/", findings.finding_list, name="findings"),
    path("findings/<int:finding_id>/", findings.finding_page, name="finding"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/<int:version_id>/", rules.rule_page, name="rule"),
    path("rules/<int:version_id>/draft/", rules.rule_new_draft, name="rule-draft"),
    path("rules/<int:version_id>/edit/", rules.rule_edit, name="rule-edit"),
    path("rules/<int:version_id>/move/<slug:name>/", rules.rule_move, name="rule-move"),
    path("rules/<int:version_id>/back-test/", back_tests.back_test_start, name="back-test-start"),
    path("back-tests/<int:test_id>/", back_tests.back_test_page, name="back-test"),
    path("back-tests/<int:test_id>/cases/", back_tests.back_test_cases, name="back-test-cases"),
]
