"""Composition: home pages, navigation, dashboards, sample city."""
