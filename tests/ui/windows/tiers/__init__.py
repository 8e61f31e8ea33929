"""Tests of the page of tiers."""
