"""Bulletins 简报: drafted from figures by a place's templates, edited, approved by another, issued once and for all."""
