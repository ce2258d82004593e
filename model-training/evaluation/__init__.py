"""Measures by classical vision whether a clip shows what its description says.

Read measure.py first: what is estimated from a clip's pixels, in order. The estimators know the world's classes (its
colours, shapes, motions, cameras); what is fitted, tables of colours and linear discriminants, is fitted by fit.py on
clips that the renderer draws, never on a model's. score.py compares with the scene, report.py writes the page.
"""
